// The messages that wait for an answer, each with its question and an editor to
// answer it in, and those that failed, with where and why.

import { announce, byId, h, keyed, setText } from "./dom";
import { Desk } from "./desk";
import { Editor } from "./editor";
import { highlight } from "./highlight";
import { readTraceback, TraceLine } from "./link";
import { Dict, field, Instant, list, num, oidOf, Ref, repr, text, Value } from "./values";

interface Message {
  oid: string;
  state: string;
  receiver: string;
  selector: string;
  arguments: Value[];
  author: string;
  since: Date | undefined;
  why: string;
  question: string;
  missing: { receiver: string; selector: string; parameters: string[] } | undefined;
  attempts: { mind: string; source: string; reason: string }[];
  traceback: TraceLine[];
  code: string;
}

const pause = 250; // milliseconds from a change to reading the list anew
const patrol = 500; // and without one, while somebody looks: a message that begins to wait changes no object
const idlePatrol = 5000; // while nobody does

export class Pending {
  private readonly questions = new Map<string, HTMLElement>();
  private readonly failures = new Map<string, HTMLElement>();
  private messages = new Map<string, Message>();
  private readonly cards = new Map<string, Question>();
  private timer = 0;
  private due = Infinity; // when the timer fires
  private busy = false;
  waiting = 0;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly desk: Desk) {}

  onChange(f: () => void): void { this.listeners.push(f); }

  /** read has the list read within wait. Steady changes do not put it off. */
  read(wait = pause): void {
    const due = performance.now() + wait;
    if (due >= this.due) return;
    this.due = due;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.due = Infinity;
      void this.readNow();
    }, wait) as unknown as number;
  }

  private async readNow(): Promise<void> {
    if (this.busy) return this.read();
    this.busy = true;
    const r = await this.desk.link.request("pending");
    this.busy = false;
    if (r.status === "OK") this.show(list(field(r.result, "messages")).map(readMessage));
    this.read(document.hidden ? idlePatrol : patrol);
  }

  private show(all: Message[]): void {
    this.messages = new Map(all.map((m) => [m.oid, m]));
    const failed = all.filter((m) => m.state === "failed");
    const asked = all.filter((m) => m.state !== "failed" && m.question !== "");
    const silent = all.filter((m) => m.state === "waiting" && m.question === "");
    const before = this.waiting;
    this.waiting = asked.length;

    section("questions", asked.length + silent.length);
    // A message that asks for another method than before gets a new card.
    const open = new Map([...asked, ...silent].map((m) => [`${m.oid} ${m.missing ? wanted(m.missing) : ""}`, m]));
    keyed(body("questions"), [...open.keys()], this.questions, (key) => {
      const q = new Question(this.desk, open.get(key)!, () => this.read(0));
      this.cards.set(key, q);
      return q.el;
    });
    for (const [key, q] of this.cards) {
      const m = open.get(key);
      if (m) q.show(m);
      else this.cards.delete(key);
    }
    section("failed", failed.length);
    keyed(body("failed"), failed.map((m) => m.oid + " " + m.why), this.failures, (key) =>
      this.failure(this.messages.get(key.split(" ")[0]!)!));
    if (asked.length > before) announce(`A question waits: ${asked.map((m) => m.missing?.selector ?? m.selector).at(-1)}`);
    for (const f of this.listeners) f();
  }

  private failure(m: Message): HTMLElement {
    const fault = h("p", { class: "fault", role: "alert" });
    const act = async (verb: string): Promise<void> => {
      fault.textContent = "";
      const r = await this.desk.command(`${verb} @${m.oid}`, verb, { message: new Ref(m.oid) });
      if (r.error) fault.textContent = r.error.message;
      this.read(0);
    };
    return h("article", { class: "card failure", "data-message": m.oid },
      h("h3", {}, h("code", { text: told(m) })),
      origin(m),
      h("p", { class: "why", text: faultText(m.code, m.why) }),
      traceback(m.traceback),
      fault,
      h("p", { class: "buttons" },
        h("button", { type: "button", text: "Retry", onclick: () => void act("retry") }),
        h("button", { type: "button", class: "quiet", text: "Dismiss", onclick: () => void act("dismiss") })));
  }
}

/** Question is one message that waits, with its editor. */
class Question {
  readonly el: HTMLElement;
  private readonly editor: Editor;
  private readonly attempts = h("div", { class: "attempts" });
  private readonly why = h("p", { class: "why" });
  private readonly prompt = h("pre", { class: "question", tabindex: "0" });
  private readonly answering: HTMLElement;
  private readonly answerButton: HTMLButtonElement;
  private shown = -1;

  constructor(private readonly desk: Desk, private readonly m: Message, private readonly changed: () => void) {
    this.editor = new Editor({
      label: `Your answer: ${m.missing ? "the method " + m.missing.selector : "text"}`, value: skeleton(m), accept: () => void this.answer(), rows: 7,
    });
    this.answerButton = h("button", {
      type: "button", class: "primary answer", text: "Answer", title: "ctrl-S", onclick: () => void this.answer(),
    });
    this.answering = h("div", { class: "answering" }, h("details", {}, h("summary", { text: "The question in full" }), this.prompt), this.attempts, this.editor.el);
    const title = h("h3", {}, h("code", { text: m.missing ? wanted(m.missing) : told(m) }));
    this.el = h("article", { class: "card question", "data-message": m.oid }, title, origin(m), this.why, this.answering,
      h("p", { class: "buttons" }, this.answerButton,
        h("button", { type: "button", class: "quiet", text: "Dismiss", onclick: () => void this.dismiss() })));
    this.show(m);
  }

  show(m: Message): void {
    setText(this.why, m.why);
    this.why.hidden = m.why === "";
    setText(this.prompt, m.question);
    this.answering.hidden = m.question === "";
    this.answerButton.hidden = m.question === "";
    if (m.attempts.length === this.shown) return;
    this.shown = m.attempts.length;
    this.attempts.replaceChildren(...m.attempts.map((a) => {
      const pre = h("pre", { class: "source" });
      pre.append(highlight(a.source));
      return h("details", {}, h("summary", { text: `${a.mind || "an earlier answer"} fell short: ${a.reason}` }), pre);
    }));
  }

  private async answer(): Promise<void> {
    this.answerButton.disabled = true;
    const r = await this.desk.command(`answer @${this.m.oid} ${this.m.missing?.selector ?? this.m.selector}`, "answer",
      { message: new Ref(this.m.oid), source: this.editor.value });
    this.answerButton.disabled = false;
    if (r.error) this.editor.mark(r.error.message, r.error.line, r.error.col);
    this.changed();
  }

  private async dismiss(): Promise<void> {
    const r = await this.desk.command(`dismiss @${this.m.oid}`, "dismiss", { message: new Ref(this.m.oid) });
    if (r.error) this.editor.mark(r.error.message);
    this.changed();
  }
}

/** known writes a receiver by its name where it has one. */
function known(receiver: string): string { return receiver.replace(/^@\d+ (?=\w)/, ""); }

/** wanted writes the method that a question asks for. */
function wanted(m: { receiver: string; selector: string; parameters: string[] }): string {
  return `${known(m.receiver)}.${m.selector}(${m.parameters.join(", ")})`;
}

/** told writes a message as it was sent. */
function told(m: Message): string {
  return `${known(m.receiver)}.${m.selector}(${m.arguments.map((a) => repr(a, 60)).join(", ")})`;
}

function origin(m: Message): HTMLElement {
  const since = m.since ? " since " + m.since.toLocaleTimeString() : "";
  const name = m.missing ? " " + told(m) : "";
  return h("p", { class: "origin", text: `@${m.oid}${name}${m.author ? ", sent by " + m.author : ""}, ${m.state}${since}` });
}

/** faultText writes a fault with its code once: what was told before may have it already. */
function faultText(code: string, message: string): string {
  if (!code) return message;
  const prefix = code + ": ";
  while (message.startsWith(prefix)) message = message.slice(prefix.length);
  return prefix + message;
}

/** skeleton begins an answer: the method that is asked for, which need not be
 * the one of the message that waits for it. */
function skeleton(m: Message): string {
  if (!m.missing) return "";
  return `def ${m.missing.selector}(${["self", ...m.missing.parameters].join(", ")}):\n    `;
}

/** traceback shows where a message failed, innermost last, as the language writes it. */
export function traceback(lines: TraceLine[]): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return h("ol", { class: "traceback", "aria-label": "Traceback, innermost last" }, ...lines.map((l) =>
    h("li", {},
      h("span", { class: "where", text: `${l.receiver}.${l.selector}, line ${l.line}` }),
      l.source ? h("pre", { text: l.source.trimEnd() + (l.caret.trim() ? "\n" + l.caret.trimEnd() : "") }) : undefined,
      l.locals.length > 0 ? h("details", {}, h("summary", { text: "locals" }),
        h("pre", { text: l.locals.map(([k, v]) => `${k} = ${v}`).join("\n") })) : undefined)));
}

function section(id: string, n: number): void {
  const el = byId(id);
  el.hidden = n === 0;
  setText(el.querySelector(".count")!, n === 0 ? "" : String(n));
}

function body(id: string): HTMLElement { return byId(id).querySelector(".body")!; }

function readMissing(v: Value | undefined): Message["missing"] {
  if (!(v instanceof Map)) return undefined;
  return { receiver: text(v.get("receiver")), selector: text(v.get("selector")), parameters: list(v.get("parameters")).map(text) };
}

function readMessage(v: Value): Message {
  const m = v as Dict;
  const at = field(m, "since");
  const since = at instanceof Instant && at.seconds > 0n ? at.date() : undefined;
  return {
    oid: oidOf(field(m, "message")) || String(num(field(m, "message")) ?? ""),
    state: text(field(m, "state")),
    receiver: text(field(m, "receiver")),
    selector: text(field(m, "selector")),
    arguments: list(field(m, "arguments")),
    author: text(field(m, "author")),
    since,
    why: text(field(m, "why")),
    question: text(field(m, "question")),
    missing: readMissing(field(m, "missing")),
    attempts: list(field(m, "attempts")).map((a) => ({
      mind: text(field(a, "mind")), source: text(field(a, "source")), reason: text(field(a, "reason")),
    })),
    traceback: readTraceback(field(m, "traceback")),
    code: text(field(m, "code")),
  };
}

