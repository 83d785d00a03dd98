// The plane on which the world lies: what of it is in view, how near, and the
// gestures that move what lies on it. A gesture is shown at once and sent when
// it ends, as one message; if the image refuses it the morph springs back.
//
// Elements exist for morphs near the view only, so that a world of ten thousand
// costs what its visible part costs.

import { Desk } from "./desk";
import { announce, byId, setText } from "./dom";
import { Lines } from "./lines";
import { Reply } from "./link";
import { Gesture, MorphView, moveOf, overlap, Place, placeOf, resizeOf, round, submorphsOf, viewOf } from "./morph";
import { Ref } from "./values";

const margin = 300; // pixels around the view in which morphs are kept drawn
const leastZoom = 0.1, mostZoom = 3;
const slack = 4; // pixels that a press may move and still be a click
const keyPause = 350; // milliseconds after the last arrow key until the move is sent

export class Plane {
  private world = "";
  private readonly plane = byId("plane");
  private readonly layer = byId("morphs");
  private x = 0;
  private y = 0;
  private zoom = 1;
  private width = 0; // of the view, kept since asking for it costs a layout
  private height = 0;
  private order: string[] = [];
  private readonly places = new Map<string, Place>();
  /** dependents are the morphs whose places were read from an object, by oid. */
  private readonly dependents = new Map<string, Set<string>>();
  /** used are the objects that the list of morphs was read from. */
  private used = new Set<string>();
  private readonly shown = new Map<string, MorphView>();
  private fitted = false;
  private readonly lines: Lines;

  constructor(private readonly desk: Desk) {
    this.lines = new Lines(desk);
    byId("lines").append(this.lines.el);
    desk.onSelect(() => this.lines.draw(this.shown.values()));
    desk.image.listen((oids, slots) => this.changed(oids, slots));
    this.plane.addEventListener("pointerdown", (e) => this.press(e));
    this.plane.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    this.plane.addEventListener("keydown", (e) => this.key(e));
    this.plane.addEventListener("click", (e) => this.click(e));
    byId("zoom-in").addEventListener("click", () => this.zoomBy(1.25));
    byId("zoom-out").addEventListener("click", () => this.zoomBy(0.8));
    byId("zoom-reset").addEventListener("click", () => this.fit(leastZoom));
    const measure = (): void => {
      ({ width: this.width, height: this.height } = this.plane.getBoundingClientRect());
      this.look();
    };
    new ResizeObserver(measure).observe(this.plane);
    measure();
  }

  /** show makes the plane show a world, "" for none. */
  show(world: string): void {
    if (world === this.world) return;
    this.world = world;
    this.fitted = false;
    for (const v of this.shown.values()) v.el.remove();
    this.shown.clear();
    this.places.clear();
    this.dependents.clear();
    this.read();
  }

  get centre(): [number, number] {
    return [round(this.x + this.width / this.zoom / 2), round(this.y + this.height / this.zoom / 2)];
  }

  /** changed costs what changed, not what there is. */
  private changed(oids: ReadonlySet<string>, slots: ReadonlyMap<string, ReadonlySet<string>>): void {
    if (!this.world) return;
    let moved = false;
    for (const oid of oids) {
      if (!mayMove(slots.get(oid))) continue;
      for (const morph of this.dependents.get(oid) ?? []) {
        if (this.places.delete(morph)) moved = true;
      }
      this.dependents.delete(oid);
    }
    if (moved || overlap(this.used, oids)) this.read();
    for (const v of this.shown.values()) v.update(oids, slots);
    this.lines.draw(this.shown.values());
  }

  /** read takes the list of morphs, and the places that are not known, from the image. */
  private read(): void {
    this.used = new Set([this.world]);
    this.order = this.world ? [...new Set(submorphsOf(this.desk, this.world, this.used))] : [];
    for (const oid of this.order) {
      if (this.places.has(oid)) continue;
      const used = new Set<string>([oid]);
      this.places.set(oid, placeOf(this.desk, oid, used));
      for (const u of used) {
        const known = this.dependents.get(u);
        if (known) known.add(oid);
        else this.dependents.set(u, new Set([oid]));
      }
    }
    const color = this.desk.image.lookup(this.world, "color", this.used)?.value;
    if (typeof color === "string" && CSS.supports("color", color)) this.plane.style.setProperty("--own", color);
    else this.plane.style.removeProperty("--own");
    if (!this.fitted && this.order.length > 0) {
      this.fitted = true;
      this.fit(0.75);
    }
    this.look();
  }

  /** look draws what is in view. */
  private look(): void {
    const { width, height } = this;
    const left = this.x - margin / this.zoom, right = this.x + (width + margin) / this.zoom;
    const top = this.y - margin / this.zoom, bottom = this.y + (height + margin) / this.zoom;
    const focused = document.activeElement?.closest("#morphs > .morph");
    const want: string[] = [];
    for (const oid of this.order) {
      const view = this.shown.get(oid);
      const p = view?.held ? view.where : this.places.get(oid)!;
      const busy = view !== undefined && view.el === focused;
      if (busy || (p.x < right && p.x + p.width > left && p.y < bottom && p.y + p.height > top)) want.push(oid);
    }
    const keep = new Set(want);
    for (const [oid, v] of this.shown) {
      if (keep.has(oid)) continue;
      v.el.remove();
      this.shown.delete(oid);
    }
    let at = this.layer.firstChild;
    for (const oid of want) {
      let v = this.shown.get(oid);
      if (!v) this.shown.set(oid, (v = new MorphView(this.desk, oid)));
      if (v.el === at) at = at.nextSibling;
      else this.layer.insertBefore(v.el, at);
    }
    this.lines.draw(this.shown.values());
    byId("lines").style.transform = this.layer.style.transform = `scale(${this.zoom}) translate(${-this.x}px, ${-this.y}px)`;
    this.layer.dataset["detail"] = this.zoom < 0.15 ? "box" : this.zoom < 0.4 ? "name" : "full";
    setText(byId("zoom-reset"), `${Math.round(this.zoom * 100)}%`);
  }

  /** fit shows everything, no smaller than least and no larger than life. */
  private fit(least: number): void {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (const oid of this.order) {
      const p = this.places.get(oid)!;
      left = Math.min(left, p.x);
      top = Math.min(top, p.y);
      right = Math.max(right, p.x + p.width);
      bottom = Math.max(bottom, p.y + p.height);
    }
    if (left > right) [left, top, right, bottom] = [0, 0, 1, 1];
    const { width, height } = this;
    const border = 24;
    this.zoom = Math.max(least, Math.min(1, (width - 2 * border) / (right - left), (height - 2 * border) / (bottom - top)));
    this.x = left - border / this.zoom;
    this.y = top - border / this.zoom;
    this.look();
  }

  private zoomBy(factor: number, at?: { x: number; y: number }): void {
    const r = this.plane.getBoundingClientRect();
    const px = at ? at.x - r.left : r.width / 2, py = at ? at.y - r.top : r.height / 2;
    const zoom = Math.min(mostZoom, Math.max(leastZoom, this.zoom * factor));
    this.x += px / this.zoom - px / zoom;
    this.y += py / this.zoom - py / zoom;
    this.zoom = zoom;
    this.look();
  }

  private wheel(e: WheelEvent): void {
    if (e.ctrlKey || e.metaKey) {
      e.preventDefault();
      this.zoomBy(Math.exp(-e.deltaY / 300), { x: e.clientX, y: e.clientY });
      return;
    }
    const list = (e.target as Element).closest(".slots, pre.source");
    if (list && list.scrollHeight > list.clientHeight + 1 && !e.shiftKey) return; // it scrolls itself
    e.preventDefault();
    this.x += (e.shiftKey ? e.deltaY : e.deltaX) / this.zoom;
    this.y += (e.shiftKey ? 0 : e.deltaY) / this.zoom;
    this.desk.later("look", () => this.look());
  }

  private press(e: PointerEvent): void {
    if (e.button !== 0 || !(e.target instanceof Element)) return;
    if (e.target.closest("input, textarea, .editor, pre.source")) return;
    const view = viewOf(e.target);
    if (view && e.target.closest(".grip")) this.drag(e, view, "size");
    else if (view) this.drag(e, view, "position");
    else this.pan(e);
  }

  /** follow tells of a pointer's way until it is let go or taken away. */
  private follow(e: PointerEvent, move: (dx: number, dy: number) => void, end: (dropped: boolean) => void): void {
    let begun = false;
    const moved = (m: PointerEvent): void => {
      if (m.pointerId !== e.pointerId) return;
      const dx = m.clientX - e.clientX, dy = m.clientY - e.clientY;
      if (!begun) {
        if (Math.hypot(dx, dy) < slack) return;
        begun = true;
        this.plane.setPointerCapture(e.pointerId);
        this.plane.classList.add("dragging");
      }
      move(dx / this.zoom, dy / this.zoom);
    };
    const stop = (dropped: boolean): void => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escape, true);
      this.plane.classList.remove("dragging");
      if (begun) {
        this.swallowClick();
        end(dropped);
      }
    };
    const up = (u: PointerEvent): void => {
      if (u.pointerId === e.pointerId) {
        moved(u);
        stop(true);
      }
    };
    const cancel = (c: PointerEvent): void => {
      if (c.pointerId === e.pointerId) stop(false);
    };
    const escape = (k: KeyboardEvent): void => {
      if (k.key === "Escape") stop(false);
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escape, true);
  }

  /** swallowClick keeps the end of a drag from being a click as well. */
  private swallowClick(): void {
    const swallow = (c: Event): void => {
      c.stopPropagation();
      c.preventDefault();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
  }

  private pan(e: PointerEvent): void {
    const { x, y } = this;
    this.follow(e, (dx, dy) => {
      this.x = x - dx;
      this.y = y - dy;
      this.desk.later("look", () => this.look());
    }, () => {});
  }

  private drag(e: PointerEvent, view: MorphView, what: "position" | "size"): void {
    const from = { ...view.place, ...view.held };
    const message = (): Gesture => {
      const p = { ...from, ...view.held };
      return what === "size" ? resizeOf(this.desk, view.oid, p.width, p.height) : moveOf(this.desk, view.oid, p.x, p.y);
    };
    this.follow(e, (dx, dy) => {
      view.held = what === "size"
        ? { width: Math.max(8, round(from.width + dx)), height: Math.max(8, round(from.height + dy)) }
        : { x: round(from.x + dx), y: round(from.y + dy) };
      view.el.classList.add("held");
      this.desk.later(`settle ${view.oid}`, () => {
        view.settle();
        this.lines.draw(this.shown.values());
      });
      this.desk.gesture(message().what);
    }, (dropped) => {
      view.el.classList.remove("held");
      if (dropped) void this.commit(view, message());
      else {
        view.held = undefined;
        view.settle();
        this.desk.gesture("");
      }
    });
  }

  /** commit sends a gesture; the morph stays where it was put until the image
   * says where it is. */
  private async commit(view: MorphView, g: Gesture): Promise<void> {
    const held = view.held;
    view.settle();
    this.desk.gesture(g.what);
    const r: Reply = await this.desk.command(g.what, g.command, g.fields);
    if (view.held !== held) return; // it was taken up again meanwhile
    if (r.error) {
      view.refuse(r.error.message);
      this.desk.gesture(`${g.what}: ${r.error.message}`);
      return;
    }
    await this.reached(r.tid);
    if (view.held !== held) return;
    view.held = undefined;
    view.settle();
    this.desk.gesture("");
  }

  /** reached waits until the page has heard of a transaction. */
  private reached(tid: number): Promise<void> {
    if (this.desk.image.tid >= tid) return new Promise((done) => requestAnimationFrame(() => done()));
    return new Promise((done) => {
      const finish = (): void => {
        clearTimeout(wait);
        deafen();
        done();
      };
      const wait = setTimeout(finish, 2000); // a message that changed nothing is not told
      const deafen = this.desk.image.listen(() => {
        if (this.desk.image.tid >= tid) finish();
      });
    });
  }

  private click(e: MouseEvent): void {
    if (!(e.target instanceof Element) || e.target.closest("button, input, textarea")) return;
    const view = viewOf(e.target);
    if (view) this.desk.select(e.shiftKey ? view.oid : view.targetOrSelf);
  }

  private readonly nudges = new Map<string, number>(); // timers by oid

  private key(e: KeyboardEvent): void {
    const target = e.target as Element;
    if (target.closest("input, textarea, pre.source") || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = e.shiftKey ? 10 : 1;
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key] ?? [0, 0];
    const view = target.classList.contains("morph") ? viewOf(target) : undefined;
    if (dx !== 0 || dy !== 0) {
      if (view) this.nudge(view, dx, dy);
      else if (target === this.plane) {
        this.x += dx * 40;
        this.y += dy * 40;
        this.look();
      } else return;
    } else if (e.key === "Enter" && view) this.desk.select(e.shiftKey ? view.oid : view.targetOrSelf);
    else if (e.key === "Delete" && view) void this.remove(view);
    else if (e.key === "+" || e.key === "=") this.zoomBy(1.25);
    else if (e.key === "-") this.zoomBy(0.8);
    else if (e.key === "0") this.fit(leastZoom);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  private nudge(view: MorphView, dx: number, dy: number): void {
    const p = { ...view.place, ...view.held };
    view.held = { x: round(p.x + dx), y: round(p.y + dy) };
    view.settle();
    const g = moveOf(this.desk, view.oid, view.held.x!, view.held.y!);
    this.desk.gesture(g.what);
    announce(`${view.held.x}, ${view.held.y}`);
    clearTimeout(this.nudges.get(view.oid));
    this.nudges.set(view.oid, setTimeout(() => {
      this.nudges.delete(view.oid);
      void this.commit(view, g);
    }, keyPause) as unknown as number);
  }

  private async remove(view: MorphView): Promise<void> {
    const owner = viewOf(view.el.parentElement)?.oid ?? this.world;
    if (!this.desk.understands(owner, "remove_")) return;
    const what = `@${owner}.remove_(@${view.oid})`;
    const r = await this.desk.command(what, "send", { target: new Ref(owner), selector: "remove_", args: [new Ref(view.oid)] });
    if (r.error) view.refuse(r.error.message);
    else this.plane.focus();
  }
}

/** mayMove tells whether slots that changed can change a place: these two, the
 * parents, and everySlot. */
function mayMove(slots: ReadonlySet<string> | undefined): boolean {
  if (!slots) return true;
  for (const s of slots) if (s === "position" || s === "size" || s.endsWith("*")) return true;
  return false;
}
