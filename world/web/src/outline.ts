// An object as an outliner shows it: title, parents, slots with a mark for their
// kind, methods that open into their source, and where generated code comes from.

import { announce, flash, h, keyed, setText } from "./dom";
import { Desk } from "./desk";
import { Editor } from "./editor";
import { highlight } from "./highlight";
import { Slot } from "./image";
import { parseValue } from "./literal";
import { Dict, PlainSet, Ref, repr, text, Value } from "./values";

const marks: Record<string, [mark: string, name: string]> = {
  value: ["=", "value"],
  object: ["→", "object"],
  parent: ["↑", "parent"],
  method: ["ƒ", "method"],
};
const firstSlots = 80; // more are shown on demand

export class Outline {
  readonly el: HTMLElement;
  readonly title = h("h3", { class: "title" });
  private readonly parents = h("p", { class: "parents" });
  private readonly list = h("ul", { class: "slots" });
  private readonly more = h("button", { type: "button", class: "quiet more", onclick: () => this.showAll() });
  private readonly rows = new Map<string, HTMLElement>();
  private readonly views = new Map<string, Row>();
  private all = false;
  private parentsShown = "";

  constructor(private readonly desk: Desk, readonly oid: string, private readonly editable = true) {
    const foot = h("p", { class: "foot" }, this.more);
    if (editable) foot.append(h("button", { type: "button", class: "quiet", text: "New method…", onclick: () => this.newMethod() }));
    this.el = h("div", { class: "outline", "data-target": oid }, h("header", {}, this.title, this.parents), this.list, foot);
    this.update(new Set());
  }

  /** update shows the object as it is; slots that changed flash. */
  update(changed: ReadonlySet<string>): void {
    const obj = this.desk.image.objects.get(this.oid);
    setText(this.title, this.desk.image.title(this.oid));
    if (!obj) {
      this.desk.need(this.oid);
      setText(this.parents, "not read yet");
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
    const slots = [...obj.slots.values()].filter((s) => s.kind !== "parent").sort(byKind);
    const shown = this.all ? slots : slots.slice(0, firstSlots);
    const keys = shown.map((s) => s.name);
    if (this.rows.has("")) keys.push("");
    keyed(this.list, keys, this.rows, (name) => {
      const row = new Row(this.desk, this.oid, obj.slots.get(name)!, this.editable);
      this.views.set(name, row);
      return row.el;
    });
    for (const [name, row] of this.views) {
      const slot = obj.slots.get(name);
      if (slot && this.rows.has(name)) row.show(slot, changed.has(name));
      else this.views.delete(name);
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
    if (this.rows.has("")) return;
    const li = h("li", { class: "new" });
    const close = (): void => {
      this.rows.delete("");
      li.remove();
    };
    const editor = methodEditor(this.desk, this.oid, "a new method", 'def selector(self):\n    """What it does."""\n    return self\n', close);
    li.append(editor.el);
    this.rows.set("", li);
    this.list.append(li);
    editor.focus();
  }
}

function byKind(a: Slot, b: Slot): number {
  const method = Number(a.kind === "method") - Number(b.kind === "method");
  return method !== 0 ? method : a.name < b.name ? -1 : 1;
}

/** Row is one slot. */
class Row {
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
    if (this.editable && this.slot.kind === "value") {
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

/** methodEditor edits a method in place. */
function methodEditor(desk: Desk, oid: string, label: string, source: string, close: () => void): { el: HTMLElement; focus(): void } {
  const accept = async (): Promise<void> => {
    const name = /^\s*def\s+([A-Za-z_]\w*)/m.exec(editor.value)?.[1];
    if (!name) {
      editor.mark("a method begins with def selector(self, …):", 1, 1);
      return;
    }
    const r = await desk.command(`method @${oid} ${name}`, "create_method",
      { target: new Ref(oid), method_name: name, method_code: editor.value });
    if (r.error) {
      editor.mark(r.error.message, r.error.line, r.error.col);
      return;
    }
    announce(`${name} is kept`);
    await desk.refresh(oid);
    close();
  };
  const editor = new Editor({ label: `Source of ${label}`, value: source, accept: () => void accept(), rows: 4 });
  const el = h("div", { class: "method" }, editor.el, h("p", { class: "buttons" },
    h("button", { type: "button", class: "primary", text: "Accept", title: "ctrl-S", onclick: () => void accept() }),
    h("button", { type: "button", text: "Cancel", onclick: close })));
  return { el, focus: () => editor.focus() };
}

/** badge gives a mark for code that was written to answer a message, and a
 * sentence about where it comes from. Code that somebody vouched for has no mark. */
export function badge(facts: Dict): [mark: string, why: string] {
  const fact = (name: string): string => text(facts.get(name));
  const mind = fact("model") || fact("mind");
  const author = fact("author");
  const by = fact("mind") === "human" || mind === "human" ? author || "a person" : mind || author;
  if (!by) return ["", ""];
  const parts = [`written by ${by}`];
  const when = new Date(fact("written"));
  if (!Number.isNaN(when.getTime())) parts[0] += ` on ${when.toLocaleString()}`;
  if (fact("attempts")) parts.push(`attempt ${fact("attempts")}`);
  if (fact("audit")) parts.push(`audit ${fact("audit")}`);
  if (fact("trial")) parts.push(`tried: ${fact("trial")}`);
  if (fact("message")) parts.push(`for message ${fact("message")}`);
  const mark = !mind || fact("vouched") ? "" : by === mind ? "generated" : "answered";
  return [mark, parts.join("; ")];
}

/** reference is a link to an object. */
export function reference(desk: Desk, oid: string): HTMLElement {
  return h("button", {
    type: "button", class: "ref", "data-oid": oid, text: desk.image.title(oid),
    onclick: (e: Event) => {
      e.stopPropagation();
      desk.select(oid);
    },
  });
}

const mostItems = 40;

/** valueNodes writes a value, with links for references. */
export function valueNodes(desk: Desk, v: Value): DocumentFragment {
  const out = document.createDocumentFragment();
  let left = mostItems;
  const put = (x: Value, depth: number): void => {
    if (x instanceof Ref) { out.append(reference(desk, x.oid)); return; }
    if (depth < 4 && Array.isArray(x)) return items("[", x, "]", depth);
    if (depth < 4 && x instanceof PlainSet && x.items.length > 0) return items("{", x.items, "}", depth);
    if (depth < 4 && x instanceof Map && [...x.values()].some((y) => y instanceof Ref)) {
      out.append("{");
      let n = 0;
      for (const [k, y] of x) {
        if (n++ > 0) out.append(", ");
        if (left-- <= 0) { out.append("…"); break; }
        out.append(repr(k) + ": ");
        put(y, depth + 1);
      }
      out.append("}");
      return;
    }
    out.append(repr(x));
  };
  const items = (open: string, xs: Value[], close: string, depth: number): void => {
    out.append(open);
    for (const [n, x] of xs.entries()) {
      if (n > 0) out.append(", ");
      if (left-- <= 0) { out.append(`… ${xs.length - n} more`); break; }
      put(x, depth + 1);
    }
    out.append(close);
  };
  put(v, 0);
  return out;
}
