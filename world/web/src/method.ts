// The editor of a method, in the place where the method is.

import { Desk } from "./desk";
import { announce, h } from "./dom";
import { Editor } from "./editor";
import { Ref } from "./values";

/** methodEditor edits a method in place. */
export function methodEditor(desk: Desk, oid: string, label: string, source: string, close: () => void): { el: HTMLElement; focus(): void } {
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
