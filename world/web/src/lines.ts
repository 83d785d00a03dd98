// Delegation lines: from the selected object, where it lies in the world, to the
// parents that lie there too. They are drawn for the selected object only.

import { Desk } from "./desk";
import { MorphView, Place } from "./morph";

const svg = "http://www.w3.org/2000/svg";
const slope = 0.4; // how far a line leaves straight, as a share of its length

export class Lines {
  readonly el = document.createElementNS(svg, "svg");
  private drawn = "";

  constructor(private readonly desk: Desk) {
    this.el.setAttribute("class", "lines");
    this.el.setAttribute("aria-hidden", "true");
  }

  /** draw draws the lines among the morphs that have elements. */
  draw(views: Iterable<MorphView>): void {
    const selected = this.desk.selected;
    const parents = new Set(this.desk.image.objects.get(selected)?.parents() ?? []);
    const from: Place[] = [], to: Place[] = [];
    for (const v of views) {
      const shows = v.proto;
      if (shows === "") continue;
      v.el.classList.toggle("selected", shows === selected);
      if (shows === selected) from.push(v.where);
      if (parents.has(shows)) to.push(v.where);
    }
    const paths = from.flatMap((a) => to.map((b) => path(a, b)));
    const key = paths.join("|");
    if (key === this.drawn) return;
    this.drawn = key;
    this.el.replaceChildren(...paths.map((d) => {
      const p = document.createElementNS(svg, "path");
      p.setAttribute("d", d);
      return p;
    }));
  }
}

/** path leaves the edge of one place for the facing edge of another, and ends in an arrow. */
function path(a: Place, b: Place): string {
  const ax = a.x + a.width / 2, ay = a.y + a.height / 2, bx = b.x + b.width / 2, by = b.y + b.height / 2;
  const sideways = Math.abs(bx - ax) * (a.height + b.height) > Math.abs(by - ay) * (a.width + b.width);
  const gap = Math.abs(bx - ax) - (a.width + b.width) / 2;
  if (sideways && gap > Math.min(a.width, b.width) && Math.abs(by - ay) < a.height) return arch(ax, a.y, bx, b.y);
  const sign = Math.sign(sideways ? bx - ax : by - ay) || 1;
  const from = sideways ? [ax + sign * a.width / 2, ay] : [ax, ay + sign * a.height / 2];
  const to = sideways ? [bx - sign * b.width / 2, by] : [bx, by - sign * b.height / 2];
  const reach = slope * Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!);
  const [dx, dy] = sideways ? [sign * reach, 0] : [0, sign * reach];
  const s = sign * 7;
  const head = sideways
    ? `M ${to[0]! - s} ${to[1]! - 4} L ${to[0]} ${to[1]} L ${to[0]! - s} ${to[1]! + 4}`
    : `M ${to[0]! - 4} ${to[1]! - s} L ${to[0]} ${to[1]} L ${to[0]! + 4} ${to[1]! - s}`;
  return `M ${from[0]} ${from[1]} C ${from[0]! + dx} ${from[1]! + dy} ${to[0]! - dx} ${to[1]! - dy} ${to[0]} ${to[1]} ${head}`;
}

/** arch goes over what may lie between two places of a row. */
function arch(ax: number, ay: number, bx: number, by: number): string {
  const top = Math.min(ay, by) - Math.min(90, 24 + Math.abs(bx - ax) * 0.05);
  return `M ${ax} ${ay} C ${ax} ${top} ${bx} ${top} ${bx} ${by} M ${bx - 4} ${by - 7} L ${bx} ${by} L ${bx + 4} ${by - 7}`;
}
