// The connection to the image: one WebSocket, requests and replies by id,
// events, and a session that outlives the connection. After a break the link
// says hello with the session and the last number it saw, gets what it missed
// or is told to read anew, and asks again what was not answered: the ids are
// idempotency keys, so nothing runs twice.

import { decode, encode } from "./msgpack";
import { dict, Dict, field, list, num, oidOf, text, Value } from "./values";

export interface TraceLine {
  receiver: string;
  selector: string;
  line: number;
  source: string;
  caret: string;
  locals: [string, string][];
}

export interface Fault {
  code: string;
  message: string;
  target: string;
  selector: string;
  slot: string;
  traceback: TraceLine[];
  failed: string; // oid of the failed message that was kept, "" when none
  line: number; // of syntax errors and refused audits; 0 when unknown
  col: number;
}

export interface Reply {
  status: "OK" | "WAITING" | "ERROR";
  details: string;
  tid: number;
  result: Value;
  repr: string;
  printed: string;
  message: string; // oid of the message that waits or failed
  error?: Fault;
}

export type LinkState = "connecting" | "connected" | "broken" | "forbidden";

export interface LinkListener {
  state(s: LinkState, why: string): void;
  /** fresh begins a session that knows nothing: read and watch anew. */
  fresh(hello: Value): void;
  event(name: string, frame: Value): void;
}

interface Open {
  frame: Dict;
  done: (r: Reply) => void;
}

const firstWait = 250, longestWait = 8000; // milliseconds between attempts

export class Link {
  private socket: WebSocket | undefined;
  private session = "";
  private lastSeq = 0;
  private attempts = 0;
  private count = 0;
  private greeted = false;
  private readonly open = new Map<string, Open>();
  private timer = 0;
  /** names the requests of this page: ids of two pages never meet. */
  private readonly page = randomName();

  constructor(private readonly url: string, private readonly listener: LinkListener) {}

  get client(): string { return "page-" + this.page; }

  connect(): void {
    clearTimeout(this.timer);
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    this.greeted = false;
    this.listener.state("connecting", "");
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => this.hello(socket);
    socket.onmessage = (m) => this.received(socket, m.data as ArrayBuffer);
    socket.onclose = (e) => {
      if (socket === this.socket) void this.broken(e.reason);
    };
  }

  /** request sends a command. The reply comes as soon as the image gives one, over reconnects. */
  request(command: string, fields: Record<string, Value | undefined> = {}): Promise<Reply> {
    const id = `${this.page}-${++this.count}`;
    const frame = dict({ v: 1, id, command, ...fields });
    return new Promise((done) => {
      this.open.set(id, { frame, done });
      if (this.greeted) this.transmit(frame);
    });
  }

  /** lastID is the id of the newest request, which events name. */
  get lastID(): string { return `${this.page}-${this.count}`; }

  private transmit(frame: Dict): void {
    this.socket?.send(encode(frame) as Uint8Array<ArrayBuffer>);
  }

  private hello(socket: WebSocket): void {
    const frame = dict({
      v: 1, id: `${this.page}-hello-${++this.count}`, command: "hello", client: this.client,
      session: this.session || undefined,
      last_seq: this.session ? this.lastSeq : undefined,
    });
    this.open.set(text(frame.get("id")), {
      frame,
      done: (r) => this.welcome(socket, r),
    });
    this.transmit(frame);
  }

  private welcome(socket: WebSocket, r: Reply): void {
    if (r.error) {
      this.session = "";
      this.listener.state("broken", r.error.message);
      socket.close();
      return;
    }
    const session = text(field(r.result, "session"));
    const resumed = field(r.result, "resumed") === true && field(r.result, "resync") !== true;
    this.session = session;
    this.greeted = true;
    this.attempts = 0;
    this.listener.state("connected", "");
    if (!resumed) this.listener.fresh(r.result);
    for (const o of this.open.values()) this.transmit(o.frame);
  }

  private received(socket: WebSocket, data: ArrayBuffer): void {
    if (socket !== this.socket) return;
    let frame: Value;
    try {
      frame = decode(new Uint8Array(data));
    } catch (e) {
      socket.close(4000, "bad frame"); // the session resumes from the last good one
      console.error("a frame of the image could not be read:", e);
      return;
    }
    const seq = num(field(frame, "seq"));
    if (seq !== undefined) this.lastSeq = seq;
    const event = field(frame, "event");
    if (typeof event === "string") {
      this.listener.event(event, frame);
      return;
    }
    const id = text(field(frame, "id"));
    const o = this.open.get(id);
    if (!o) return; // a second reply to a request that was asked again
    this.open.delete(id);
    o.done(readReply(frame));
  }

  private async broken(reason: string): Promise<void> {
    this.socket = undefined;
    this.greeted = false;
    for (const [id, o] of this.open) if (o.frame.get("command") === "hello") this.open.delete(id);
    const wait = Math.min(longestWait, firstWait * 2 ** this.attempts++);
    // A socket that was refused tells a page nothing; plain HTTP does.
    let why = reason || "the connection broke";
    try {
      const probe = await fetch(this.url.replace(/^ws/, "http"), { cache: "no-store" });
      if (probe.status === 401 || probe.status === 403) {
        this.listener.state("forbidden", await probe.text());
        return;
      }
    } catch {
      why = "the image does not answer";
    }
    this.listener.state("broken", `${why}; trying again in ${(wait / 1000).toFixed(wait < 1000 ? 1 : 0)} s`);
    this.timer = setTimeout(() => this.connect(), wait + Math.random() * 100) as unknown as number;
  }
}

function readReply(frame: Value): Reply {
  const error = field(frame, "error");
  return {
    status: text(field(frame, "status")) as Reply["status"],
    details: text(field(frame, "details")),
    tid: num(field(frame, "tid")) ?? 0,
    result: field(frame, "result") ?? null,
    repr: text(field(frame, "repr")),
    printed: text(field(frame, "printed")),
    message: oidOf(field(frame, "message")),
    error: error instanceof Map ? readFault(error) : undefined,
  };
}

function readFault(error: Dict): Fault {
  return {
    code: text(error.get("code")),
    message: text(error.get("message")),
    target: text(error.get("target")),
    selector: text(error.get("selector")),
    slot: text(error.get("slot")),
    traceback: readTraceback(error.get("traceback")),
    failed: oidOf(error.get("failed")),
    line: num(error.get("line")) ?? 0,
    col: num(error.get("col")) ?? 0,
  };
}

export function readTraceback(v: Value | undefined): TraceLine[] {
  return list(v).map((l) => {
    const locals = field(l, "locals");
    return {
      receiver: text(field(l, "receiver")),
      selector: text(field(l, "selector")),
      line: num(field(l, "line")) ?? 0,
      source: text(field(l, "source")),
      caret: text(field(l, "caret")),
      locals: locals instanceof Map ? [...locals].map(([k, x]) => [text(k), text(x)] as [string, string]) : [],
    };
  });
}

function randomName(): string {
  const b = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}
