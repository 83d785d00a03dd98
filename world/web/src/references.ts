// Values as people read them, with a link for every reference.

import { Desk } from "./desk";
import { h } from "./dom";
import { PlainSet, Ref, repr, Value } from "./values";

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
  if (typeof v === "string" && v.includes("\n")) { // prose reads better as it is
    out.append(h("span", { class: "prose", text: `'''${v}'''` }));
    return out;
  }
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
