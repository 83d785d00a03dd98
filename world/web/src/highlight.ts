// Colours for the text of methods.

import { h } from "./dom";

const keywords = new Set(("and as assert break case continue def del elif else except finally for from if import in is " +
  "lambda match nonlocal not or pass raise return try while with yield True False None").split(" "));

const token = /(#[^\n]*)|([rRbBfF]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|([A-Za-z_]\w*)|(\d[\w.]*)|(\s+|[^\s\w])/g;

/** highlight gives the text as nodes, so that it reads the same. */
export function highlight(source: string): DocumentFragment {
  const out = document.createDocumentFragment();
  let plain = "";
  let last = "";
  const put = (kind: string, s: string): void => {
    if (plain) out.append(plain);
    plain = "";
    out.append(h("span", { class: kind, text: s }));
  };
  for (const [all, comment, str, word, number] of source.matchAll(token)) {
    if (comment) put("t-comment", all);
    else if (str) put("t-text", all);
    else if (number) put("t-number", all);
    else if (word && keywords.has(word)) put("t-keyword", all);
    else if (word && last === "def") put("t-name", all);
    else if (word === "self") put("t-self", all);
    else plain += all;
    if (all.trim()) last = all;
  }
  if (plain) out.append(plain);
  return out;
}
