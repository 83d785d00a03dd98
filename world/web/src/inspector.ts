// The selected object, beside the world.

import { byId, h } from "./dom";
import { Desk } from "./desk";
import { Outline } from "./outline";
import { Plane } from "./plane";
import { Ref } from "./values";

export class Inspector {
  private outline: Outline | undefined;
  private place: HTMLButtonElement | undefined;
  private readonly body: HTMLElement = byId("object").querySelector(".body")!;

  constructor(private readonly desk: Desk, private readonly plane: Plane) {
    desk.onSelect((oid) => this.show(oid));
    desk.image.listen((oids, slots) => {
      if (oids.has("")) this.offer();
      if (this.outline && (oids.has(this.outline.oid) || oids.has(""))) {
        this.outline.update(slots.get(this.outline.oid) ?? new Set());
      }
    });
  }

  private show(oid: string): void {
    if (this.outline?.oid === oid) return;
    this.outline = new Outline(this.desk, oid);
    this.place = h("button", { type: "button", class: "quiet lay", text: "Lay it in the world", onclick: () => void this.lay(oid) });
    this.offer();
    this.outline.el.querySelector(".foot")!.append(this.place);
    this.body.replaceChildren(this.outline.el);
  }

  /** offer lets an object be laid in the world while there is one. */
  private offer(): void {
    if (this.place) this.place.hidden = !this.desk.image.roots.has("world") || !this.desk.image.roots.has("proto_morph");
  }

  /** lay puts a proto-morph of an object in the middle of the view, as one transaction. */
  private async lay(oid: string): Promise<void> {
    const [x, y] = this.plane.centre;
    const code = `world.add_(proto_morph.show_(self).move_to_(${x - 120}, ${y - 90}))`;
    await this.desk.command(code.replace("self", "@" + oid), "eval", { target: new Ref(oid), code });
  }
}
