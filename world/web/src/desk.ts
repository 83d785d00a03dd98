// What the parts of the page share: the image, the link, what is selected, and
// the ways in which a person's act becomes a message.

import { announce, byId } from "./dom";
import { Image, requestFrame } from "./image";
import { Link, Reply } from "./link";
import { Float, Ref, repr, Value } from "./values";

/** Sent is a message that was sent from this page. */
export interface Sent {
  id: number;
  request: string; // the request's id
  what: string; // as a person writes it
  at: Date;
  reply?: Reply;
  waiting?: { message: string; why: string };
  tokens: string; // what a mind said so far
}

const patience = 3600; // seconds that a reply may wait for a mind

export class Desk {
  readonly image = new Image();
  link!: Link;
  selected = "";
  readonly sent: Sent[] = [];
  private readonly selectionListeners: ((oid: string) => void)[] = [];
  private readonly sentListeners: ((s: Sent) => void)[] = [];

  onSelect(f: (oid: string) => void): void { this.selectionListeners.push(f); }
  onSent(f: (s: Sent) => void): void { this.sentListeners.push(f); }

  select(oid: string): void {
    this.selected = oid;
    this.need(oid);
    for (const f of this.selectionListeners) f(oid);
  }

  /** need asks for an object that the page does not know in full. */
  need(oid: string): void {
    if (!oid || this.image.objects.get(oid)?.whole || this.asked.has(oid)) return;
    this.asked.add(oid);
    void this.refresh(oid);
  }
  private readonly asked = new Set<string>();

  forget(): void { this.asked.clear(); }

  /** refresh reads one object anew: updates do not tell where methods come from. */
  async refresh(oid: string): Promise<void> {
    const r = await this.link.request("inspect", { target: new Ref(oid) });
    if (r.status === "OK") this.image.loadInspection(r.result, r.tid);
  }

  /** send sends a message and shows it in the transcript. */
  async send(target: Value, selector: string, args: Value[], kwargs?: Map<Value, Value>): Promise<Reply> {
    const s = this.begin(`${typeof target === "string" ? target : this.write(target)}.${call(selector, args, kwargs, (v) => this.write(v))}`);
    const pending = this.link.request("send", {
      target, selector, args: args.length > 0 ? args : undefined,
      kwargs: kwargs && kwargs.size > 0 ? kwargs : undefined,
      wait: patience, stream: true, repr: true,
    });
    return this.finish(s, pending);
  }

  /** command sends another command that changes the image, told as what. */
  async command(what: string, command: string, fields: Record<string, Value | undefined>): Promise<Reply> {
    const s = this.begin(what);
    return this.finish(s, this.link.request(command, fields));
  }

  private begin(what: string): Sent {
    const s: Sent = { id: this.sent.length + 1, request: "", what, at: new Date(), tokens: "" };
    this.sent.push(s);
    if (this.sent.length > 200) this.sent.shift();
    return s;
  }

  private async finish(s: Sent, pending: Promise<Reply>): Promise<Reply> {
    s.request = this.link.lastID;
    this.tell(s);
    s.reply = await pending;
    this.tell(s);
    announce(s.reply.error ? `${s.what} failed: ${s.reply.error.message}` : `${s.what} gave ${s.reply.repr || repr(s.reply.result)}`);
    return s.reply;
  }

  /** heard takes the events about sent messages. */
  heard(request: string, change: (s: Sent) => void): void {
    const s = this.sent.find((x) => x.request === request);
    if (!s) return;
    change(s);
    this.tell(s);
  }

  private tell(s: Sent): void {
    for (const f of this.sentListeners) f(s);
  }

  /** write writes a value as the language does, with names for roots. */
  write(v: Value): string {
    if (v instanceof Ref) return this.image.rootName(v.oid) || "@" + v.oid;
    return repr(v);
  }

  /** understands tells whether an object has a method for a message. */
  understands(oid: string, selector: string): boolean {
    return this.image.lookup(oid, selector)?.kind === "method";
  }

  /** gesture shows the message that a gesture stands for, "" for none. */
  gesture(s: string): void { byId("gesture").textContent = s; }

  /** later runs f once before the next picture, however often it is asked to. */
  later(key: string, f: () => void): void {
    if (this.queued.has(key)) return;
    this.queued.add(key);
    requestFrame(() => {
      this.queued.delete(key);
      f();
    });
  }
  private readonly queued = new Set<string>();
}

/** call writes a message: "move_to_(1, 2)". */
export function call(selector: string, args: Value[], kwargs: Map<Value, Value> | undefined, write: (v: Value) => string): string {
  const parts = args.map(write);
  for (const [k, v] of kwargs ?? []) parts.push(`${String(k)}=${write(v)}`);
  return `${selector}(${parts.join(", ")})`;
}

/** pair reads a position or a size. */
export function pair(v: Value | undefined): [number, number] | undefined {
  if (!Array.isArray(v) || v.length !== 2) return undefined;
  const n = v.map((x) => (typeof x === "number" ? x : x instanceof Float ? x.value : NaN));
  return n.every(Number.isFinite) ? [n[0]!, n[1]!] : undefined;
}
