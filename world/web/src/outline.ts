// An object as an outliner shows it: title, parents, and its slots.

import { Desk } from "./desk";
import { h, keyed, setText } from "./dom";
import { Slot } from "./image";
import { methodEditor } from "./method";
import { reference } from "./references";
import { SlotRow } from "./slotrow";

const firstSlots = 80; // more are shown on demand
const newRow = ""; // the key of the row where a new method is written

/** keyOf tells rows apart: a value that becomes a method gets another row. */
function keyOf(s: Slot): string { return s.kind === "method" ? s.name + "()" : s.name; }

export class Outline {
  readonly el: HTMLElement;
  readonly title = h("h3", { class: "title" });
  private readonly parents = h("p", { class: "parents" });
  private readonly comment = h("p", { class: "comment" });
  private readonly list = h("ul", { class: "slots" });
  private readonly more = h("button", { type: "button", class: "quiet more", onclick: () => this.showAll() });
  private readonly rows = new Map<string, HTMLElement>();
  private readonly views = new Map<string, SlotRow>();
  private all = false;
  private parentsShown = "";

  constructor(private readonly desk: Desk, readonly oid: string, private readonly editable = true) {
    const foot = h("p", { class: "foot" }, this.more);
    if (editable) foot.append(h("button", { type: "button", class: "quiet", text: "New method…", onclick: () => this.newMethod() }));
    this.el = h("div", { class: "outline", "data-target": oid }, h("header", {}, this.title, this.parents, this.comment), this.list, foot);
    this.update(new Set());
  }

  /** update shows the object as it is; slots that changed flash. */
  update(changed: ReadonlySet<string>): void {
    const obj = this.desk.image.objects.get(this.oid);
    setText(this.title, this.desk.image.title(this.oid));
    if (!obj) {
      this.desk.need(this.oid);
      setText(this.comment, "not read yet");
      return;
    }
    if (!obj.whole) this.desk.need(this.oid);
    const parents = obj.parents();
    const names = parents.map((p) => this.desk.image.title(p)).join(", ");
    if (names !== this.parentsShown) {
      this.parentsShown = names;
      this.parents.replaceChildren(...(parents.length === 0 ? ["no parents"] : [
        h("span", { class: "mark", text: "↑", title: "delegates to" }), h("span", { class: "unseen", text: "delegates to" }),
        ...parents.map((p) => reference(this.desk, p)),
      ]));
    }
    const comment = obj.slots.get("comment");
    const told = comment && typeof comment.value === "string" && comment.value.trim() ? comment.name : undefined;
    setText(this.comment, told ? String(comment!.value) : "");
    const slots = [...obj.slots.values()].filter((s) => s.kind !== "parent" && s.name !== told).sort(byKind);
    const shown = this.all ? slots : slots.slice(0, firstSlots);
    const byKey = new Map(shown.map((s) => [keyOf(s), s]));
    const keys = [...byKey.keys()];
    if (this.rows.has(newRow)) keys.push(newRow);
    keyed(this.list, keys, this.rows, (key) => {
      const row = new SlotRow(this.desk, this.oid, byKey.get(key)!, this.editable);
      this.views.set(key, row);
      return row.el;
    });
    for (const [key, row] of this.views) {
      const slot = byKey.get(key);
      if (slot) row.show(slot, changed.has(slot.name));
      else this.views.delete(key);
    }
    const rest = slots.length - shown.length;
    this.more.hidden = rest === 0;
    setText(this.more, `${rest} more`);
  }

  private showAll(): void {
    this.all = true;
    this.update(new Set());
  }

  private newMethod(): void {
    if (this.rows.has(newRow)) return;
    const li = h("li", { class: "new" });
    const close = (): void => {
      this.rows.delete(newRow);
      li.remove();
    };
    const editor = methodEditor(this.desk, this.oid, "a new method", 'def selector(self):\n    """What it does."""\n    return self\n', close);
    li.append(editor.el);
    this.rows.set(newRow, li);
    this.list.append(li);
    editor.focus();
  }
}

function byKind(a: Slot, b: Slot): number {
  const method = Number(a.kind === "method") - Number(b.kind === "method");
  return method !== 0 ? method : a.name < b.name ? -1 : 1;
}
