// Where the code of a method comes from.

import { Dict, text } from "./values";

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
