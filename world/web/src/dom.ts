// Making elements. Text goes in as text: nothing here, or anywhere in the page,
// makes markup of a string.

export type Child = Node | string | undefined | false;

type Attributes = Record<string, string | number | boolean | undefined | ((e: never) => void)>;

/** h makes an element: attributes by name, listeners as on…, "text" for its text. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, v] of Object.entries(attributes)) {
    if (v === undefined || v === false) continue;
    if (typeof v === "function") el.addEventListener(name.replace(/^on/, ""), v as EventListener);
    else if (name === "text") el.textContent = String(v);
    else el.setAttribute(name, v === true ? "" : String(v));
  }
  for (const c of children) if (c) el.append(c);
  return el;
}

/** setText changes the text of an element only when it is another. */
export function setText(el: Node, s: string): boolean {
  if (el.textContent === s) return false;
  el.textContent = s;
  return true;
}

/** byId finds an element of index.html. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const el = document.getElementById(id);
  if (!el) throw new Error(`index.html has no #${id}`);
  return el as T;
}

/** flash marks an element whose value changed, for as long as the style says.
 * Two animations that look the same take turns, since one that is set again does
 * not begin anew, and making it do so costs a layout each time. */
export function flash(el: HTMLElement): void {
  el.dataset["flash"] = el.dataset["flash"] === "even" ? "odd" : "even";
}

/** keyed makes the children of parent be those that make gives for keys, in
 * order, keeping the elements of keys that stay. */
export function keyed(
  parent: HTMLElement, keys: Iterable<string>, have: Map<string, HTMLElement>, make: (key: string) => HTMLElement,
): void {
  const want = new Set<string>();
  let at: ChildNode | null = parent.firstChild;
  for (const key of keys) {
    if (want.has(key)) continue;
    want.add(key);
    let el = have.get(key);
    if (!el) have.set(key, (el = make(key)));
    if (el === at) at = at.nextSibling;
    else parent.insertBefore(el, at);
  }
  for (const [key, el] of have) {
    if (want.has(key)) continue;
    el.remove();
    have.delete(key);
  }
}

/** announce tells screen readers what just happened. */
export function announce(s: string): void {
  byId("announce").textContent = s;
}
