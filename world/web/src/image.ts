// The page's copy of the objects it shows: what the image last said of them.
// It is never changed by the page itself; what a person does becomes a request,
// and the change comes back as an update.

import { dict, Dict, field, list, num, oidOf, Ref, text, Value } from "./values";

export type Kind = "value" | "method" | "object" | "parent";

export interface Slot {
  name: string;
  kind: Kind;
  type: string;
  value: Value;
  repr: string;
  source: string;
  facts: Dict;
}

export class Obj {
  readonly slots = new Map<string, Slot>();
  /** whole is false while only some slots are known, from an update. */
  whole = false;
  /** told has the transaction of the newest update of a slot: a page of an older
   * snapshot, which may come later, does not undo it. */
  readonly told = new Map<string, number>();
  constructor(readonly oid: string) {}

  parents(): string[] {
    const oids: string[] = [];
    for (const slot of this.slots.values()) {
      if (slot.kind !== "parent") continue;
      for (const v of Array.isArray(slot.value) ? slot.value : [slot.value]) {
        if (v instanceof Ref) oids.push(v.oid);
      }
    }
    return oids;
  }
}

/** everySlot stands for all slots of an object in what listeners are told. */
export const everySlot = "*";

export type Changed = (oids: ReadonlySet<string>, slots: ReadonlyMap<string, ReadonlySet<string>>) => void;

export class Image {
  readonly objects = new Map<string, Obj>();
  readonly roots = new Map<string, string>();
  tid = 0;
  private readonly listeners = new Set<Changed>();
  private changedSlots = new Map<string, Set<string>>();
  private scheduled = false;

  /** listen calls f with what changed, at most once a picture, until the result is called. */
  listen(f: Changed): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  rootName(oid: string): string {
    for (const [name, o] of this.roots) if (o === oid) return name;
    return "";
  }

  setRoots(v: Value | undefined): void {
    if (!(v instanceof Map)) return;
    this.roots.clear();
    for (const [k, o] of v) this.roots.set(text(k), oidOf(o));
    this.touch("", "");
  }

  clear(): void {
    for (const oid of this.objects.keys()) this.touch(oid, "");
    this.objects.clear();
  }

  /** load takes a page of a full state. */
  load(state: Value): void {
    const tid = num(field(state, "tid")) ?? 0;
    this.tid = Math.max(this.tid, tid);
    const objects = field(state, "objects");
    if (!(objects instanceof Map)) return;
    for (const [k, o] of objects) {
      const slots = field(o, "slots");
      if (slots instanceof Map) this.put(text(k), [...slots].map(([n, s]) => readSlot(text(n), s)), tid);
    }
  }

  /** loadInspection takes one object as inspect gives it, at a snapshot. */
  loadInspection(v: Value, tid: number): void {
    const oid = oidOf(field(v, "oid"));
    if (oid) this.put(oid, list(field(v, "slots")).map((s) => readSlot(text(field(s, "name")), s)), tid);
  }

  private put(oid: string, slots: Slot[], tid: number): void {
    let obj = this.objects.get(oid);
    if (!obj) this.objects.set(oid, (obj = new Obj(oid)));
    const newer = (name: string): boolean => (obj.told.get(name) ?? 0) > tid;
    for (const name of [...obj.slots.keys()]) if (!newer(name)) obj.slots.delete(name);
    for (const s of slots) if (!newer(s.name)) obj.slots.set(s.name, s);
    obj.whole = true;
    this.touch(oid, "");
  }

  /** update takes an uvm_state_update. */
  update(frame: Value): void {
    const tid = num(field(frame, "tid")) ?? 0;
    this.tid = Math.max(this.tid, tid);
    const state = field(frame, "state");
    if (!(state instanceof Map)) return;
    for (const [k, slots] of state) {
      const oid = text(k);
      if (!(slots instanceof Map)) continue;
      let obj = this.objects.get(oid);
      if (!obj) this.objects.set(oid, (obj = new Obj(oid)));
      for (const [n, s] of slots) {
        const name = text(n);
        obj.told.set(name, tid);
        if (text(field(s, "op")) === "remove") obj.slots.delete(name);
        else obj.slots.set(name, readSlot(name, s));
        this.touch(oid, name);
      }
    }
    this.touch("", "");
  }

  /** lookup finds a slot by delegation: own slots, then parents, depth first,
   * each object once. used collects the objects that the answer depends on. */
  lookup(oid: string, name: string, used?: Set<string>): Slot | undefined {
    const seen = used ?? new Set<string>();
    const visit = (o: string, path: Set<string>): Slot | undefined => {
      if (path.has(o)) return undefined;
      path.add(o);
      seen.add(o);
      const obj = this.objects.get(o);
      if (!obj) return undefined;
      const own = obj.slots.get(name);
      if (own) return own;
      for (const p of obj.parents()) {
        const found = visit(p, path);
        if (found) return found;
      }
      return undefined;
    };
    return visit(oid, new Set());
  }

  /** names lists the slots that an object has or inherits, nearest first. */
  names(oid: string): Map<string, Slot> {
    const all = new Map<string, Slot>();
    const visit = (o: string, path: Set<string>): void => {
      if (path.has(o)) return;
      path.add(o);
      const obj = this.objects.get(o);
      if (!obj) return;
      for (const s of obj.slots.values()) if (!all.has(s.name)) all.set(s.name, s);
      for (const p of obj.parents()) visit(p, path);
    };
    visit(oid, new Set());
    return all;
  }

  /** title names an object for people: "@42 account". */
  title(oid: string): string {
    const name = this.name(oid);
    return name ? `@${oid} ${name}` : `@${oid}`;
  }

  name(oid: string): string {
    const root = this.rootName(oid);
    if (root) return root;
    const own = this.objects.get(oid)?.slots.get("name");
    if (own && typeof own.value === "string") return own.value;
    // a clone is named after the prototype it delegates to
    for (const p of this.objects.get(oid)?.parents() ?? []) {
      const proto = this.rootName(p);
      if (proto) return "a " + proto;
    }
    return "";
  }

  /** touch notes a change; listeners hear of all of a frame's at once. */
  private touch(oid: string, slot: string): void {
    let slots = this.changedSlots.get(oid);
    if (!slots) this.changedSlots.set(oid, (slots = new Set()));
    slots.add(slot || everySlot);
    if (this.scheduled) return;
    this.scheduled = true;
    requestFrame(() => {
      this.scheduled = false;
      const changed = this.changedSlots;
      this.changedSlots = new Map();
      const oids = new Set(changed.keys());
      for (const f of this.listeners) {
        try {
          f(oids, changed);
        } catch (e) { // of one object; the others are shown all the same
          console.error("a change could not be shown:", e);
        }
      }
    });
  }
}

/** requestFrame runs f before the next picture, or soon when the page is hidden
 * and pictures are not made. */
export function requestFrame(f: () => void): void {
  if (document.hidden) setTimeout(f, 50);
  else requestAnimationFrame(f);
}

function readSlot(name: string, s: Value): Slot {
  const facts = field(s, "facts");
  return {
    name,
    kind: (text(field(s, "kind")) || "value") as Kind,
    type: text(field(s, "type")),
    value: field(s, "value") ?? null,
    repr: text(field(s, "repr")),
    source: text(field(s, "source")),
    facts: facts instanceof Map ? facts : dict({}),
  };
}
