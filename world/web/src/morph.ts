// One morph as an element. A morph is an object of the image; what is read here
// is the protocol that genesis gives it: position, size, color, text, shape
// (box, text, proto or world), submorphs, target and aspect. A slot that is
// missing or makes no sense is drawn as its default, never refused: the image
// may hold anything, and the page shows it.

import { Desk, pair } from "./desk";
import { flash, h, setText } from "./dom";
import { Outline } from "./outline";
import { list, Ref, repr, text, Value } from "./values";

export interface Place { x: number; y: number; width: number; height: number }

export const defaultSize: [number, number] = [160, 80];
const deepest = 12; // submorphs of submorphs that are drawn
const mostInside = 400; // submorphs of one morph that are drawn

/** placeOf reads where a morph is. used collects what the answer depends on. */
export function placeOf(desk: Desk, oid: string, used?: Set<string>): Place {
  const get = (name: string): Value | undefined => desk.image.lookup(oid, name, used)?.value;
  const [x, y] = pair(get("position")) ?? [0, 0];
  const [width, height] = pair(get("size")) ?? defaultSize;
  return { x, y, width: clamp(width), height: clamp(height) };
}

function clamp(n: number): number { return Math.min(Math.max(n, 8), 100_000); }

/** submorphsOf reads the oids of what lies on a morph, hindmost first. */
export function submorphsOf(desk: Desk, oid: string, used?: Set<string>): string[] {
  const oids: string[] = [];
  for (const v of list(desk.image.lookup(oid, "submorphs", used)?.value)) if (v instanceof Ref) oids.push(v.oid);
  return oids;
}

/** isMorph tells whether an object can be drawn as a morph. */
export function isMorph(desk: Desk, oid: string): boolean {
  return desk.image.lookup(oid, "submorphs") !== undefined;
}

/** moveOf gives the message that moves a morph, as a command of the contract. */
export function moveOf(desk: Desk, oid: string, x: number, y: number): Gesture {
  return gestureOf(desk, oid, "move_to_", "position", x, y);
}

export function resizeOf(desk: Desk, oid: string, width: number, height: number): Gesture {
  return gestureOf(desk, oid, "resize_to_", "size", width, height);
}

export interface Gesture { what: string; command: string; fields: Record<string, Value | undefined> }

function gestureOf(desk: Desk, oid: string, selector: string, slot: string, a: number, b: number): Gesture {
  const target = new Ref(oid);
  if (desk.understands(oid, selector)) {
    return { what: `@${oid}.${selector}(${a}, ${b})`, command: "send", fields: { target, selector, args: [a, b] } };
  }
  // A send that is not understood would go to a mind; a slot needs none.
  return { what: `@${oid}.${slot} = [${a}, ${b}]`, command: "set_slot", fields: { target, slot, value: [a, b] } };
}

/** MorphView draws a morph and what lies on it. */
export class MorphView {
  readonly el: HTMLElement;
  place: Place = { x: 0, y: 0, width: 0, height: 0 };
  /** held is where a gesture has it, until the image says where it is. */
  held: Partial<Place> | undefined;
  private used = new Set<string>();
  private readonly label = h("span", { class: "label" });
  private outline: Outline | undefined;
  private readonly inside = h("div", { class: "inside" });
  private readonly children = new Map<string, MorphView>();
  private shape = "";
  private written = "";
  private settled = "";
  private color = "none";

  constructor(private readonly desk: Desk, readonly oid: string, private readonly depth = 0) {
    this.el = h("div", {
      class: "morph", tabindex: "0", role: "group", "aria-roledescription": "morph", "data-oid": oid,
    }, this.label, this.inside, h("span", { class: "grip", "aria-hidden": "true" }));
    views.set(this.el, this);
    this.draw(new Map());
  }

  /** update draws anew what changed of it. */
  update(oids: ReadonlySet<string>, slots: ReadonlyMap<string, ReadonlySet<string>>): void {
    if (overlap(this.used, oids)) this.draw(slots);
    else if (this.outline && oids.has(this.outline.oid)) this.outline.update(slots.get(this.outline.oid) ?? new Set());
    for (const child of this.children.values()) child.update(oids, slots);
  }

  private draw(slots: ReadonlyMap<string, ReadonlySet<string>>): void {
    const used = new Set<string>([this.oid, ""]);
    const get = (name: string): Value | undefined => this.desk.image.lookup(this.oid, name, used)?.value;
    if (!this.desk.image.objects.has(this.oid)) this.desk.need(this.oid);
    this.place = placeOf(this.desk, this.oid, used);
    this.settle();

    const target = get("target");
    const targetOID = target instanceof Ref ? target.oid : "";
    let shape = text(get("shape")) || "box";
    if (!["box", "text", "proto", "world"].includes(shape)) shape = "box";
    if (shape === "proto" && !targetOID) shape = "box";
    if (shape !== this.shape) {
      this.shape = shape;
      this.el.dataset["shape"] = shape;
    }
    this.paint(text(get("color")));

    if (shape === "proto") {
      if (this.outline?.oid !== targetOID) {
        this.outline?.el.remove();
        this.outline = new Outline(this.desk, targetOID, false);
        this.el.insertBefore(this.outline.el, this.inside);
      } else {
        this.outline.update(slots.get(targetOID) ?? new Set());
      }
    } else if (this.outline) {
      this.outline.el.remove();
      this.outline = undefined;
    }

    const words = shape === "proto" ? "" : this.words(text(get("text")), targetOID, text(get("aspect")), used);
    if (setText(this.label, words) && this.written !== "" && words !== "") flash(this.el);
    this.written = words;
    this.label.hidden = words === "";
    this.el.setAttribute("aria-label", this.name(words, targetOID));

    const inside = this.depth < deepest ? submorphsOf(this.desk, this.oid, used).slice(0, mostInside) : [];
    this.arrange(inside);
    this.used = used;
  }

  /** words are what stands on the morph: its text, and the value of an aspect. */
  private words(own: string, target: string, aspect: string, used: Set<string>): string {
    if (!target || !aspect) return own || (target ? this.desk.image.title(target) : "");
    const slot = this.desk.image.lookup(target, aspect, used);
    used.add(target);
    const value = slot === undefined ? "…" : typeof slot.value === "string" ? slot.value : repr(slot.value);
    return own ? `${own}: ${value}` : value;
  }

  private name(words: string, target: string): string {
    if (this.shape === "proto") return `${this.desk.image.title(target)}, shown by ${this.desk.image.title(this.oid)}`;
    return words || this.desk.image.title(this.oid);
  }

  private paint(color: string): void {
    if (color === this.color) return;
    this.color = color;
    if (color && color !== "transparent" && CSS.supports("color", color)) this.el.style.setProperty("--own", color);
    else this.el.style.removeProperty("--own");
    this.el.classList.toggle("clear", color === "transparent");
  }

  private arrange(oids: string[]): void {
    const want = new Set(oids);
    for (const [oid, child] of this.children) {
      if (want.has(oid)) continue;
      child.el.remove();
      this.children.delete(oid);
    }
    let at = this.inside.firstChild;
    for (const oid of want) {
      let child = this.children.get(oid);
      if (!child) this.children.set(oid, (child = new MorphView(this.desk, oid, this.depth + 1)));
      if (child.el === at) at = at.nextSibling;
      else this.inside.insertBefore(child.el, at);
    }
    this.inside.hidden = want.size === 0;
  }

  /** settle puts the element where the morph is, or where it is held. */
  settle(): void {
    const { x, y, width, height } = this.where;
    const key = `${x} ${y} ${width} ${height}`;
    if (key === this.settled) return;
    this.settled = key;
    this.el.style.transform = `translate(${x}px, ${y}px)`;
    this.el.style.width = `${width}px`;
    this.el.style.height = `${height}px`;
  }

  /** refuse shows why a gesture came to nothing, and springs back. */
  refuse(why: string): void {
    this.el.classList.add("spring");
    this.held = undefined;
    this.settle();
    this.el.querySelector(":scope > .refusal")?.remove();
    const bubble = h("p", { class: "refusal", role: "alert", text: why });
    this.el.append(bubble);
    setTimeout(() => this.el.classList.remove("spring"), 400);
    setTimeout(() => bubble.remove(), 8000);
  }

  /** where is the place it is drawn at. */
  get where(): Place { return { ...this.place, ...this.held }; }

  /** proto is the object that it shows as an outline, "" when it does not. */
  get proto(): string { return this.outline?.oid ?? ""; }

  get targetOrSelf(): string {
    const target = this.desk.image.lookup(this.oid, "target")?.value;
    return target instanceof Ref ? target.oid : this.oid;
  }
}

const views = new WeakMap<Element, MorphView>();

/** viewOf finds the view of the morph that an element is part of. */
export function viewOf(el: Element | null): MorphView | undefined {
  const morph = el?.closest(".morph");
  return morph ? views.get(morph) : undefined;
}

export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const x of few) if (many.has(x)) return true;
  return false;
}

/** round gives whole pixels. */
export function round(n: number): number { return Math.round(n) + 0; }

