// The place to send a message from, and the list of what was sent.

import { byId, h, setText } from "./dom";
import { Desk, Sent } from "./desk";
import { parseArguments } from "./literal";
import { traceback } from "./pending";
import { reference, valueNodes } from "./references";
import { Ref, Value } from "./values";

export class Sending {
  private readonly form = byId<HTMLFormElement>("send-form");
  private readonly target = byId<HTMLInputElement>("send-target");
  private readonly selector = byId<HTMLInputElement>("send-selector");
  private readonly args = byId<HTMLInputElement>("send-args");
  private readonly fault = byId("send-fault");
  private readonly result = byId("result");
  private readonly entries = new Map<number, HTMLElement>();
  private latest: Sent | undefined;

  constructor(private readonly desk: Desk) {
    this.form.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.send();
    });
    this.target.addEventListener("input", () => this.offerSelectors());
    this.selector.addEventListener("focus", () => this.offerSelectors());
    desk.image.listen((oids) => {
      if (oids.has("")) this.offerTargets();
    });
    desk.onSent((s) => this.show(s));
    desk.onSelect((oid) => {
      this.target.value = desk.image.rootName(oid) || "@" + oid;
      this.offerSelectors();
    });
  }

  private async send(): Promise<void> {
    this.fault.textContent = "";
    const named = this.target.value.trim();
    const selector = this.selector.value.trim();
    let parsed;
    try {
      parsed = parseArguments(this.args.value, (n) => this.desk.image.roots.get(n));
    } catch (e) {
      this.fault.textContent = `Arguments: ${(e as Error).message}`;
      this.args.focus();
      return;
    }
    const oid = /^@(\d+)$/.exec(named)?.[1];
    const target: Value = oid ? new Ref(oid) : named;
    const sending = this.desk.send(target, selector, parsed.args, parsed.kwargs);
    this.latest = this.desk.sent[this.desk.sent.length - 1];
    this.show(this.latest!);
    await sending;
  }

  /** show tells how far a message has come, here and in the list. */
  private show(s: Sent): void {
    if (s === this.latest) this.result.replaceChildren(...this.outcome(s));
    const list = byId("transcript").querySelector(".body")!;
    let li = this.entries.get(s.id);
    if (!li) {
      this.entries.set(s.id, (li = h("li", {})));
      list.prepend(li);
      for (const [id, el] of this.entries) {
        if (this.entries.size <= 50) break;
        el.remove();
        this.entries.delete(id);
      }
    }
    const state = s.reply ? s.reply.status.toLowerCase() : s.waiting ? "waiting" : "running";
    li.dataset["state"] = state;
    const r = s.reply;
    const short = !r ? (s.waiting ? "waits for an answer" : "…") : r.error ? `${r.error.code}: ${r.error.message}`
      : r.status === "WAITING" ? "waits for an answer" : r.repr || "done";
    li.replaceChildren(h("code", { text: s.what }), h("span", { class: "outcome", text: short, title: `${short}\n${s.at.toLocaleTimeString()}${r ? `, transaction ${r.tid}` : ""}` }));
  }

  private outcome(s: Sent): Node[] {
    const r = s.reply;
    const out: Node[] = [h("p", { class: "sent" }, h("code", { text: s.what }))];
    if (!r) {
      out.push(h("p", { class: "state", text: s.waiting ? `Not understood yet; message @${s.waiting.message} waits: ${s.waiting.why}` : "Running…" }));
      if (s.tokens) out.push(h("pre", { class: "tokens", text: s.tokens }));
      return out;
    }
    if (r.printed) out.push(h("pre", { class: "printed", text: r.printed.trimEnd() }));
    if (r.status === "WAITING") {
      out.push(h("p", { class: "state", text: `Message @${r.message} waits. ${r.details}` }));
    } else if (r.error) {
      out.push(h("p", { class: "fault" }, h("strong", { text: r.error.code }), ` ${r.error.message}`));
      const t = traceback(r.error.traceback);
      if (t) out.push(t);
      if (r.error.failed) out.push(h("p", { class: "state" }, "Kept as ", reference(this.desk, r.error.failed), ": see failed messages."));
    } else {
      const value = h("pre", { class: "value" });
      value.append(valueNodes(this.desk, r.result));
      out.push(value, h("p", { class: "state", text: `transaction ${r.tid}` }));
    }
    return out;
  }

  private offerTargets(): void {
    const list = byId("send-targets");
    const names = [...this.desk.image.roots.keys()].sort();
    const key = names.join(" ");
    if (list.dataset["key"] === key) return;
    list.dataset["key"] = key;
    list.replaceChildren(...names.map((n) => h("option", { value: n })));
  }

  private offerSelectors(): void {
    const list = byId("send-selectors");
    const named = this.target.value.trim();
    const oid = /^@(\d+)$/.exec(named)?.[1] ?? this.desk.image.roots.get(named);
    if (list.dataset["of"] === (oid ?? "") + " " + this.desk.image.tid) return;
    list.dataset["of"] = (oid ?? "") + " " + this.desk.image.tid;
    const methods = oid ? [...this.desk.image.names(oid).values()].filter((s) => s.kind === "method") : [];
    list.replaceChildren(...methods.map((s) => h("option", { value: s.name })));
    setText(byId("send-fault"), "");
  }
}
