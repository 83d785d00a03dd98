// A code editor: a text area over its own coloured copy, with line numbers and
// the place of an error marked. Tab indents, until Escape lets it leave.

import { h } from "./dom";
import { highlight } from "./highlight";

export interface EditorOptions {
  label: string; // for screen readers
  value: string;
  accept: () => void; // ctrl-S, ctrl-Enter
  rows?: number;
}

let count = 0;

export class Editor {
  readonly el: HTMLElement;
  private readonly area: HTMLTextAreaElement;
  private readonly colours: HTMLElement;
  private readonly gutter: HTMLElement;
  private readonly fault: HTMLElement;
  private errorLine = 0;
  private tabLeaves = false;

  constructor(private readonly o: EditorOptions) {
    const id = `editor-${++count}`;
    this.area = h("textarea", {
      id, class: "code", spellcheck: "false", autocomplete: "off", autocapitalize: "off", wrap: "off",
      "aria-label": o.label, "aria-describedby": `${id}-fault`,
      oninput: () => this.changed(),
      onkeydown: (e: KeyboardEvent) => this.key(e),
      onblur: () => { this.tabLeaves = false; },
    });
    this.colours = h("pre", { class: "colours", "aria-hidden": "true" });
    this.gutter = h("div", { class: "gutter", "aria-hidden": "true" });
    this.fault = h("p", { class: "fault", id: `${id}-fault`, role: "alert" });
    this.el = h("div", { class: "editor" },
      h("div", { class: "page" }, this.gutter, h("div", { class: "sheet" }, this.colours, this.area)),
      this.fault);
    this.colours.style.minHeight = `calc(${o.rows ?? 8} * var(--line) + 12px)`;
    this.area.value = o.value;
    this.changed();
  }

  get value(): string { return this.area.value; }
  set value(s: string) {
    this.area.value = s;
    this.changed();
  }

  focus(): void { this.area.focus(); }

  /** mark shows an error, at a line and column counted from 1, or without a place. */
  mark(message: string, line = 0, col = 0): void {
    this.errorLine = line;
    this.fault.textContent = line > 0 ? `line ${line}${col > 0 ? `, column ${col}` : ""}: ${message}` : message;
    this.area.setAttribute("aria-invalid", String(message !== ""));
    this.draw();
    if (line > 0) this.select(line, col);
  }

  private select(line: number, col: number): void {
    const lines = this.value.split("\n");
    let at = 0;
    for (let i = 0; i < line - 1 && i < lines.length; i++) at += lines[i]!.length + 1;
    at += Math.min(Math.max(col - 1, 0), (lines[line - 1] ?? "").length);
    this.area.focus();
    this.area.setSelectionRange(at, at);
  }

  private changed(): void {
    if (this.errorLine > 0 || this.fault.textContent) {
      this.errorLine = 0;
      this.fault.textContent = "";
      this.area.removeAttribute("aria-invalid");
    }
    this.draw();
  }

  private draw(): void {
    const n = this.value.split("\n").length;
    this.gutter.replaceChildren(...Array.from({ length: n }, (_, i) =>
      h("span", { class: i + 1 === this.errorLine ? "error" : undefined, text: i + 1 })));
    this.colours.replaceChildren(highlight(this.value + "\n"));
  }

  private key(e: KeyboardEvent): void {
    const modified = e.ctrlKey || e.metaKey;
    if (modified && (e.key === "s" || e.key === "Enter")) {
      e.preventDefault();
      this.o.accept();
    } else if (e.key === "Escape") {
      this.tabLeaves = true;
      e.stopPropagation();
    } else if (e.key === "Tab" && !modified && !this.tabLeaves) {
      e.preventDefault();
      this.indent(e.shiftKey);
    } else if (e.key === "Enter" && !modified && !e.isComposing) {
      const before = this.value.slice(0, this.area.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      let pad = /^\s*/.exec(line)![0];
      if (line.trimEnd().endsWith(":")) pad += "    ";
      if (pad) {
        e.preventDefault();
        this.insert("\n" + pad);
      }
    }
  }

  /** insert replaces the selection, so that the browser's undo knows of it. */
  private insert(s: string): void {
    if (!document.execCommand("insertText", false, s)) {
      this.area.setRangeText(s, this.area.selectionStart, this.area.selectionEnd, "end");
      this.changed();
    }
  }

  private indent(back: boolean): void {
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    if (!back && from === to) return this.insert("    ");
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    const moved = lines.map((l) => (back ? l.replace(/^ {1,4}/, "") : "    " + l)).join("\n");
    this.area.setSelectionRange(start, to);
    this.insert(moved);
    this.area.setSelectionRange(from === to ? Math.max(start, from - 4) : start, start + moved.length);
  }
}
