// The values of the image as the page holds them. JavaScript has one kind of
// number and the image has two, so a float is a Float; an integer is a number
// while it is exact and a bigint beyond.

/** A reference to an object. Oids have 64 bits, so they are decimal text. */
export class Ref {
  constructor(readonly oid: string) {}
}

export class Float {
  constructor(readonly value: number) {}
}

export class PlainSet {
  constructor(readonly items: Value[]) {}
}

export class Blob64 {
  constructor(readonly sha256: Uint8Array, readonly size: bigint) {}
}

/** An instant: seconds since 1970, possibly negative, and nanoseconds. */
export class Instant {
  constructor(readonly seconds: bigint, readonly nanoseconds: number) {}

  date(): Date {
    return new Date(Number(this.seconds) * 1000 + Math.floor(this.nanoseconds / 1e6));
  }
}

export type Value =
  | null | boolean | number | bigint | string
  | Float | Uint8Array | Value[] | Dict | PlainSet | Ref | Blob64 | Instant;

/** A dict. Keys that are equal text or numbers are equal keys. */
export type Dict = Map<Value, Value>;

/** dict makes a Dict of a record, leaving out what is undefined. */
export function dict(fields: Record<string, Value | undefined>): Dict {
  const m: Dict = new Map();
  for (const [k, v] of Object.entries(fields)) if (v !== undefined) m.set(k, v);
  return m;
}

/** num gives a number of any kind, or undefined. */
export function num(v: Value | undefined): number | undefined {
  if (typeof v === "number") return v;
  if (v instanceof Float) return v.value;
  if (typeof v === "bigint") return Number(v);
  return undefined;
}

export function text(v: Value | undefined): string {
  return typeof v === "string" ? v : "";
}

export function list(v: Value | undefined): Value[] {
  return Array.isArray(v) ? v : [];
}

/** field reads an entry of a dict by its text key. */
export function field(v: Value | undefined, key: string): Value | undefined {
  return v instanceof Map ? v.get(key) : undefined;
}

/** oid reads an oid field, which is a number on the wire, as decimal text. */
export function oidOf(v: Value | undefined): string {
  if (v instanceof Ref) return v.oid;
  if (typeof v === "number" || typeof v === "bigint") return v == 0 ? "" : String(v);
  return "";
}

/** unshown gives the text that stands for a value which has no plain form, or
 * was too large or too deep to be told; undefined for other values. */
export function unshown(v: Value): string | undefined {
  if (!(v instanceof Map) || v.size !== 1) return undefined;
  const [[key, told]] = [...v] as [[Value, Value]];
  if (key !== "$repr" && key !== "$truncated") return undefined;
  return typeof told === "string" ? told : told === true ? "…" : repr(told);
}

const shortest = 400;

/** repr writes a value as the language does. */
export function repr(v: Value, room = shortest): string {
  const s = write(v, 0);
  return s.length > room ? s.slice(0, room - 1) + "…" : s;
}

function write(v: Value, depth: number): string {
  if (v === null) return "None";
  if (v === true) return "True";
  if (v === false) return "False";
  if (typeof v === "number" || typeof v === "bigint") return String(v);
  if (typeof v === "string") return quote(v);
  if (v instanceof Float) return floatText(v.value);
  if (v instanceof Ref) return "@" + v.oid;
  if (v instanceof Uint8Array) return "b" + quote(String.fromCharCode(...v.slice(0, shortest)));
  if (v instanceof Blob64) return `<blob of ${v.size} bytes>`;
  if (v instanceof Instant) return v.date().toISOString();
  const told = unshown(v);
  if (told !== undefined) return told;
  if (depth > 6) return "…";
  if (Array.isArray(v)) return "[" + some(v, depth) + "]";
  if (v instanceof PlainSet) return v.items.length === 0 ? "set()" : "{" + some(v.items, depth) + "}";
  const parts: string[] = [];
  for (const [k, x] of v) {
    if (parts.length === 40) { parts.push("…"); break; }
    parts.push(write(k, depth + 1) + ": " + write(x, depth + 1));
  }
  return "{" + parts.join(", ") + "}";
}

function some(items: Value[], depth: number): string {
  const parts = items.slice(0, 40).map((x) => write(x, depth + 1));
  if (items.length > 40) parts.push("…");
  return parts.join(", ");
}

function floatText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const s = String(x);
  if (Object.is(x, -0)) return "-0.0";
  return /[.e]/.test(s) ? s : s + ".0";
}

function quote(s: string): string {
  const q = s.includes("'") && !s.includes('"') ? '"' : "'";
  let out = q;
  for (const c of s) {
    if (c === "\\" || c === q) out += "\\" + c;
    else if (c === "\n") out += "\\n";
    else if (c === "\t") out += "\\t";
    else if (c === "\r") out += "\\r";
    else if (c < " ") out += "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
    else out += c;
  }
  return out + q;
}
