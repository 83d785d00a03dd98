// The page of the Entropic UI: a window on a living image. Everything it shows
// is read from objects, everything it does is a message.

import { Desk } from "./desk";
import { byId, h, setText } from "./dom";
import { Inspector } from "./inspector";
import { Link, LinkState, Reply } from "./link";
import { isMorph } from "./morph";
import { reference } from "./references";
import { Pending } from "./pending";
import { Plane } from "./plane";
import { Sending } from "./sending";
import { field, oidOf, Ref, text, Value } from "./values";

const mostObjects = 20_000; // read at first; others are read when they are looked at
const page = 1000;

const desk = new Desk();
const pending = new Pending(desk);
const plane = new Plane(desk);
new Sending(desk);
new Inspector(desk, plane);
let linkState: LinkState = "connecting";
let linkWhy = "";
let complete = true; // whether all objects of the image have been read
let rootsTimer = 0;
let readings = 0;

desk.link = new Link(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/bridge`, {
  state(s, why) {
    linkState = s;
    linkWhy = why;
    showState();
  },
  fresh(hello) {
    desk.image.setRoots(field(hello, "roots"));
    void readAll();
  },
  event(name, frame) {
    switch (name) {
      case "uvm_state_update":
        desk.image.update(frame);
        learnProvenance(frame);
        pending.read();
        readRootsSoon();
        break;
      case "message_waiting":
        desk.heard(text(field(frame, "request")), (s) => {
          s.waiting = { message: oidOf(field(frame, "message")), why: text(field(frame, "why")) };
        });
        pending.read(0);
        break;
      case "mind_token":
        desk.heard(text(field(frame, "request")), (s) => { s.tokens += text(field(frame, "text")); });
        break;
    }
  },
});

/** readAll watches everything and reads it, a page at a time; of a large image
 * what can be seen comes first. */
async function readAll(): Promise<void> {
  const reading = ++readings;
  const current = (): boolean => reading === readings; // no other session has begun
  let r: Reply;
  for (let limit = page; ; limit = Math.ceil(limit / 10)) {
    r = await desk.link.request("watch", { all: true, limit });
    if (!current()) return;
    if (r.error?.code !== "too_large" || limit === 1) break;
  }
  desk.image.clear();
  desk.forget();
  if (r.error) linkWhy = r.error.message; // objects are read one by one, as they are looked at
  else desk.image.load(r.result);
  const next = field(r.result, "next") ?? null;
  complete = next === null && !r.error;
  if (!complete) {
    for (const root of ["genesis_obj", "world"]) {
      if (desk.image.roots.has(root)) await readPages({ target: root, depth: 2 }, null, current);
    }
    if (next !== null) complete = await readPages({}, next, current);
  }
  if (!current()) return;
  pending.read(0);
  if (!desk.selected) {
    const genesis = desk.image.roots.get("genesis_obj");
    if (genesis) desk.select(genesis);
  }
}

/** readPages reads objects page by page, up to a bound; it tells whether that was all. */
async function readPages(query: Record<string, Value>, after: Value, current: () => boolean): Promise<boolean> {
  let limit = page;
  for (let n = 0; n < mostObjects; n += limit) {
    const r: Reply = await desk.link.request("get_full_state", { ...query, after: after ?? undefined, limit });
    if (!current()) return false;
    if (r.error?.code === "too_large" && limit > 1) {
      limit = Math.ceil(limit / 10);
      continue;
    }
    if (r.status !== "OK") return false;
    desk.image.load(r.result);
    after = field(r.result, "next") ?? null;
    if (after === null) return true;
  }
  return false;
}

/** learnProvenance reads objects anew whose methods changed: updates tell the
 * source of a method but not who wrote it. */
function learnProvenance(frame: Value): void {
  const state = field(frame, "state");
  if (!(state instanceof Map)) return;
  for (const [oid, slots] of state) {
    if (!(slots instanceof Map)) continue;
    for (const s of slots.values()) {
      if (text(field(s, "kind")) !== "method") continue;
      void desk.refresh(text(oid));
      break;
    }
  }
}

/** readRootsSoon reads the roots after changes: they may have been bound. */
function readRootsSoon(): void {
  clearTimeout(rootsTimer);
  rootsTimer = setTimeout(() => {
    void desk.link.request("roots").then((r) => {
      if (r.status === "OK" && differs(field(r.result, "roots"))) desk.image.setRoots(field(r.result, "roots"));
    });
  }, 200) as unknown as number;
}

function differs(roots: Value | undefined): boolean {
  if (!(roots instanceof Map) || roots.size !== desk.image.roots.size) return true;
  for (const [k, v] of roots) if (desk.image.roots.get(text(k)) !== oidOf(v)) return true;
  return false;
}

desk.image.listen(() => showState());
pending.onChange(() => {
  showState();
  readRootsSoon(); // binding a root changes no object, so nothing else tells of it
});

/** worldOf finds what to show: the root "world", or what genesis_obj keeps in ui. */
function worldOf(genesis: string | undefined): string {
  const root = desk.image.roots.get("world");
  if (root && isMorph(desk, root)) return root;
  const ui = genesis ? desk.image.objects.get(genesis)?.slots.get("ui")?.value : undefined;
  return ui instanceof Ref && isMorph(desk, ui.oid) ? ui.oid : "";
}

function showState(): void {
  const genesis = desk.image.roots.get("genesis_obj");
  const world = worldOf(genesis);
  plane.show(world);
  const parts: string[] = [];
  if (genesis) {
    const state = desk.image.lookup(genesis, "state")?.value;
    const displays = desk.understands(genesis, "display_yourself");
    const known = desk.image.objects.has(genesis);
    parts.push(`genesis_obj @${genesis}: ${typeof state === "string" ? state : known ? "here" : "not read yet"}` +
      (known && !displays ? ", cannot display itself yet" : ""));
  } else parts.push("genesis_obj: unknown");
  if (pending.waiting > 0) parts.push(pending.waiting === 1 ? "1 question waits" : `${pending.waiting} questions wait`);
  if (desk.image.tid > 0) parts.push(`transaction ${desk.image.tid}`);
  if (!complete) parts.push("large image, read as it is looked at");
  parts.push(linkState === "connected" ? "connected" : linkState === "connecting" ? "connecting" : linkState === "forbidden" ? "not allowed" : "not connected");
  const status = byId("status");
  setText(status, parts.join(" · "));
  status.title = linkWhy;
  status.dataset["link"] = linkState;
  showNotice(genesis, world);
}

/** showNotice says what is to be said when there is no world to look at, or no image. */
function showNotice(genesis: string | undefined, world: string): void {
  const notice = byId("notice");
  const say = (key: string, ...content: (Node | string)[]): void => {
    if (notice.dataset["key"] !== key) {
      notice.dataset["key"] = key;
      notice.replaceChildren(...content);
    }
    notice.hidden = false;
  };
  if (linkState === "forbidden") {
    say("forbidden " + linkWhy, h("h2", { text: "This page may not connect" }), h("p", { text: linkWhy }),
      h("p", {}, "If you came from a link of another site: ", h("a", { href: "/", text: "open the page here" }), "."));
  } else if (linkState === "broken") {
    say("broken " + linkWhy, h("h2", { text: "Not connected" }), h("p", { text: linkWhy }),
      h("p", { text: "What you see is what the image last said. Nothing that was acknowledged is lost; messages that had no reply yet are sent again with the same key, and run once." }));
  } else if (linkState === "connected" && genesis && desk.image.objects.has(genesis) && !world) {
    const displays = desk.understands(genesis, "display_yourself");
    say(`empty ${displays} ${pending.waiting > 0} ${desk.image.roots.size}`,
      h("h2", { text: displays ? "There is no world yet" : "genesis_obj cannot display itself yet" }),
      h("p", {
        text: displays
          ? "It has the method display_yourself now. Send it that message, and what it answers is shown here."
          : pending.waiting > 0
            ? "It was asked to display_yourself, did not understand, and asks for the method. Write it in the editor under Questions, or attach a mind on the command line:"
            : "It has no method display_yourself. Send it that message: what it does not understand becomes a question, to a mind or to you.",
      }),
      ...(displays || pending.waiting === 0 ? [h("p", {}, h("button", {
        type: "button", class: "primary", id: "ask", text: displays ? "Display yourself" : "Ask it to display itself",
        onclick: () => void desk.send("genesis_obj", "display_yourself", []),
      }))] : []),
      ...(displays || pending.waiting === 0 ? [] : [h("pre", { text: "bat mind use ollama:MODEL\nbat mind use URL#MODEL" })]),
      h("p", { class: "roots" }, "Awake: ", ...[...desk.image.roots.values()].flatMap((oid, i) => [i > 0 ? " " : "", reference(desk, oid)])));
  } else {
    notice.hidden = true;
    notice.dataset["key"] = "";
  }
}

window.addEventListener("online", () => desk.link.connect());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) desk.link.connect();
});
showState();
desk.link.connect();
