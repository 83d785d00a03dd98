// One slot of an outline: its kind, its name, and its value or its source.

import { Desk } from "./desk";
import { flash, h } from "./dom";
import { highlight } from "./highlight";
import { Slot } from "./image";
import { parseValue } from "./literal";
import { methodEditor } from "./method";
import { badge } from "./provenance";
import { valueNodes } from "./references";
import { Ref, repr, unshown, Value } from "./values";

const marks: Record<string, [mark: string, name: string]> = {
  value: ["=", "value"],
  object: ["→", "object"],
  parent: ["↑", "parent"],
  method: ["ƒ", "method"],
};
/** SlotRow shows a slot as it changes, and lets it be changed. */
export class SlotRow {
  readonly el: HTMLLIElement;
  private readonly mark: HTMLElement;
  private readonly value: HTMLElement;
  private kind = "";
  private shown = "";
  private source: HTMLElement | undefined;
  private slot: Slot;

  constructor(private readonly desk: Desk, private readonly oid: string, slot: Slot, private readonly editable: boolean) {
    this.slot = slot;
    this.mark = h("span", { class: "mark" });
    this.value = h("span", { class: "value" });
    const name = slot.kind === "method"
      ? h("button", { type: "button", class: "name", "aria-expanded": "false", text: slot.name, onclick: () => this.toggle() })
      : h("span", { class: "name", text: slot.name });
    this.el = h("li", { "data-slot": slot.name }, this.mark, name, this.value);
    this.show(slot, false);
  }

  show(slot: Slot, changed: boolean): void {
    this.slot = slot;
    if (slot.kind !== this.kind) {
      this.kind = slot.kind;
      const [mark, kind] = marks[slot.kind] ?? ["=", slot.kind];
      this.mark.textContent = mark;
      this.mark.title = kind;
      this.el.dataset["kind"] = slot.kind;
    }
    const shown = slot.kind === "method" ? slot.source + "\n" + badge(slot.facts).join("\n") : repr(slot.value, 2000);
    if (shown === this.shown) return;
    const first = this.shown === "";
    this.shown = shown;
    if (slot.kind === "method") this.showMethod();
    else this.showValue();
    if (!first || changed) flash(this.el);
  }

  private showMethod(): void {
    const signature = /^\s*def\s+\w+\s*\(\s*(?:self\s*,?\s*)?([^)]*)\)/m.exec(this.slot.source)?.[1] ?? "";
    this.value.replaceChildren(h("span", { class: "signature", text: `(${signature.replace(/\s+/g, " ").trim()})` }));
    const [mark, why] = badge(this.slot.facts);
    if (mark) this.value.append(h("span", { class: "badge", text: mark, title: why }));
    if (this.source && !this.source.querySelector("textarea")) {
      this.close();
      this.toggle();
    }
  }

  private showValue(): void {
    if (this.value.querySelector("input")) return; // somebody is typing
    this.value.replaceChildren(valueNodes(this.desk, this.slot.value));
    if (this.editable && this.slot.kind === "value" && unshown(this.slot.value) === undefined) {
      this.value.append(h("button", {
        type: "button", class: "edit quiet", "aria-label": `Change ${this.slot.name}`, title: "Change", text: "✎",
        onclick: () => this.editValue(),
      }));
    }
  }

  private toggle(): void {
    if (this.source) return this.close();
    const pre = h("pre", { class: "source", tabindex: "0", "aria-label": `Source of ${this.slot.name}` });
    pre.append(highlight(this.slot.source));
    this.source = h("div", { class: "method" }, pre);
    const [mark, why] = badge(this.slot.facts);
    if (mark) this.source.prepend(h("p", { class: "provenance", text: why }));
    if (this.editable) {
      this.source.append(h("button", { type: "button", class: "quiet", text: "Edit", onclick: () => this.edit() }));
    }
    this.el.append(this.source);
    this.expanded(true);
  }

  private close(): void {
    this.source?.remove();
    this.source = undefined;
    this.expanded(false);
  }

  private expanded(is: boolean): void {
    this.el.querySelector(".name")?.setAttribute("aria-expanded", String(is));
  }

  private edit(): void {
    const editor = methodEditor(this.desk, this.oid, this.slot.name, this.slot.source, () => {
      this.close();
      this.toggle();
    });
    this.source!.replaceChildren(editor.el);
    editor.focus();
  }

  private editValue(): void {
    const fault = h("span", { class: "fault", role: "alert" });
    const input = h("input", {
      "aria-label": `New value of ${this.slot.name}`, spellcheck: "false",
      onkeydown: (e: KeyboardEvent) => {
        e.stopPropagation();
        if (e.key === "Enter") void accept();
        if (e.key === "Escape") cancel();
      },
    });
    const cancel = (): void => {
      input.remove();
      fault.remove();
      this.showValue();
    };
    const accept = async (): Promise<void> => {
      let v: Value;
      try {
        v = parseValue(input.value, (n) => this.desk.image.roots.get(n));
      } catch (e) {
        fault.textContent = (e as Error).message;
        return;
      }
      const r = await this.desk.command(`@${this.oid}.${this.slot.name} = ${repr(v)}`, "set_slot",
        { target: new Ref(this.oid), slot: this.slot.name, value: v });
      if (r.error) fault.textContent = r.error.message;
      else cancel();
    };
    input.value = repr(this.slot.value, 100_000);
    this.value.replaceChildren(input, fault);
    input.focus();
    input.select();
  }
}
