// MessagePack with the contract's extensions. Decoding is strict, as the
// image's own decoder is: what is cut short, too deep, of an unknown extension,
// or no UTF-8 throws a BadFrame, and nothing is allocated for announced items
// that the bytes cannot hold.

import { Blob64, Dict, Float, Instant, PlainSet, Ref, Value } from "./values";

export class BadFrame extends Error {}

const maxDepth = 64;
const refType = 1, bigType = 2, setType = 3, blobType = 4, pairsType = 5, timeType = -1;
const minInt = -(1n << 63n), maxInt = (1n << 63n) - 1n;
const minTime = -62135596800n, maxTime = 253402300799n; // years 1 to 9999

export function encode(v: Value): Uint8Array {
  const w = new Writer();
  w.value(v, 0);
  return w.bytes();
}

export function decode(bytes: Uint8Array): Value {
  const r = new Reader(bytes);
  const v = r.value(0);
  if (r.at !== bytes.length) r.fault("bytes follow the value");
  return v;
}

class Writer {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private n = 0;
  private readonly utf8 = new TextEncoder();

  bytes(): Uint8Array { return this.buffer.slice(0, this.n); }

  /** room makes room for more bytes and gives where they go. It may replace
   * buffer and view, so it comes before they are used. */
  private room(more: number): number {
    if (this.n + more > this.buffer.length) {
      const bigger = new Uint8Array(Math.max(2 * this.buffer.length, this.n + more));
      bigger.set(this.buffer);
      this.buffer = bigger;
      this.view = new DataView(bigger.buffer);
    }
    const at = this.n;
    this.n += more;
    return at;
  }

  private u8(x: number): void { const at = this.room(1); this.view.setUint8(at, x); }
  private u16(x: number): void { const at = this.room(2); this.view.setUint16(at, x); }
  private u32(x: number): void { const at = this.room(4); this.view.setUint32(at, x); }
  private u64(x: bigint): void { const at = this.room(8); this.view.setBigUint64(at, x); }
  private raw(b: Uint8Array): void { const at = this.room(b.length); this.buffer.set(b, at); }

  value(v: Value, depth: number): void {
    if (depth > maxDepth) throw new BadFrame(`the value has more than ${maxDepth} containers within containers`);
    if (v === null) this.u8(0xc0);
    else if (typeof v === "boolean") this.u8(v ? 0xc3 : 0xc2);
    else if (typeof v === "number") this.number(v);
    else if (typeof v === "bigint") this.big(v);
    else if (typeof v === "string") this.text(v);
    else if (v instanceof Float) this.float(v.value);
    else if (v instanceof Uint8Array) this.binary(v);
    else if (v instanceof Ref) this.ref(v);
    else if (Array.isArray(v)) this.items(v, depth + 1);
    else if (v instanceof Map) this.map(v, depth + 1);
    else if (v instanceof PlainSet) this.set(v, depth + 1);
    else if (v instanceof Blob64) this.blob(v);
    else this.instant(v);
  }

  private number(v: number): void {
    if (!Number.isSafeInteger(v) || Object.is(v, -0)) return this.float(v);
    if (v >= 0 && v < 0x80) this.u8(v);
    else if (v < 0 && v >= -32) this.u8(v & 0xff);
    else this.i64(BigInt(v));
  }

  private i64(v: bigint): void {
    this.u8(0xd3);
    const at = this.room(8);
    this.view.setBigInt64(at, v);
  }

  private big(v: bigint): void {
    if (v >= minInt && v <= maxInt) return this.i64(v);
    const digits = this.utf8.encode(v.toString());
    this.extension(bigType, digits);
  }

  private float(v: number): void {
    this.u8(0xcb);
    const at = this.room(8);
    this.view.setFloat64(at, v);
  }

  private text(s: string): void {
    const b = this.utf8.encode(s);
    if (b.length < 32) this.u8(0xa0 | b.length);
    else if (b.length < 0x100) { this.u8(0xd9); this.u8(b.length); }
    else if (b.length < 0x10000) { this.u8(0xda); this.u16(b.length); }
    else { this.u8(0xdb); this.u32(b.length); }
    this.raw(b);
  }

  private binary(b: Uint8Array): void {
    if (b.length < 0x100) { this.u8(0xc4); this.u8(b.length); }
    else if (b.length < 0x10000) { this.u8(0xc5); this.u16(b.length); }
    else { this.u8(0xc6); this.u32(b.length); }
    this.raw(b);
  }

  private items(v: Value[], depth: number): void {
    if (v.length < 16) this.u8(0x90 | v.length);
    else if (v.length < 0x10000) { this.u8(0xdc); this.u16(v.length); }
    else { this.u8(0xdd); this.u32(v.length); }
    for (const x of v) this.value(x, depth);
  }

  private map(v: Dict, depth: number): void {
    for (const k of v.keys()) if (!plainKey(k)) return this.pairs(v, depth);
    if (v.size < 16) this.u8(0x80 | v.size);
    else if (v.size < 0x10000) { this.u8(0xde); this.u16(v.size); }
    else { this.u8(0xdf); this.u32(v.size); }
    for (const [k, x] of v) {
      this.value(k, depth);
      this.value(x, depth);
    }
  }

  private set(v: PlainSet, depth: number): void {
    const inner = new Writer();
    inner.value(v.items, depth - 1);
    this.extension(setType, inner.bytes());
  }

  private pairs(v: Dict, depth: number): void {
    if (depth > maxDepth) throw new BadFrame(`the value has more than ${maxDepth} containers within containers`);
    const inner = new Writer();
    inner.u8(0xdd);
    inner.u32(v.size);
    for (const [k, x] of v) {
      inner.u8(0x92);
      inner.value(k, depth);
      inner.value(x, depth);
    }
    this.extension(pairsType, inner.bytes());
  }

  private ref(v: Ref): void {
    this.u8(0xd7);
    this.u8(refType);
    this.u64(BigInt(v.oid));
  }

  private blob(v: Blob64): void {
    const body = new Uint8Array(40);
    body.set(v.sha256);
    new DataView(body.buffer).setBigUint64(32, v.size);
    this.extension(blobType, body);
  }

  private instant(v: Instant): void {
    const body = new Uint8Array(12);
    const view = new DataView(body.buffer);
    view.setUint32(0, v.nanoseconds);
    view.setBigInt64(4, v.seconds);
    this.extension(timeType, body);
  }

  private extension(type: number, body: Uint8Array): void {
    if (body.length < 0x100) { this.u8(0xc7); this.u8(body.length); }
    else if (body.length < 0x10000) { this.u8(0xc8); this.u16(body.length); }
    else { this.u8(0xc9); this.u32(body.length); }
    this.u8(type & 0xff);
    this.raw(body);
  }
}

/** plainKey tells whether the maps of all decoders can hold a key. */
function plainKey(k: Value): boolean {
  return k === null || typeof k !== "object" || k instanceof Float || k instanceof Uint8Array || k instanceof Ref;
}

class Reader {
  at = 0;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(private readonly b: Uint8Array) {
    this.view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  }

  fault(what: string): never {
    throw new BadFrame(`${what}, at byte ${this.at} of the frame`);
  }

  private take(n: number): number {
    if (n > this.b.length - this.at) this.fault("the frame ends within a value");
    const at = this.at;
    this.at += n;
    return at;
  }

  private bytes(n: number): Uint8Array {
    const at = this.take(n);
    return this.b.subarray(at, at + n);
  }

  private size(wide: number): number {
    const at = this.take(wide);
    return wide === 1 ? this.view.getUint8(at) : wide === 2 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  value(depth: number): Value {
    const lead = this.view.getUint8(this.take(1));
    if (lead < 0x80) return lead;
    if (lead < 0x90) return this.map(lead & 0x0f, depth + 1);
    if (lead < 0xa0) return this.items(lead & 0x0f, depth + 1);
    if (lead < 0xc0) return this.text(lead & 0x1f);
    if (lead >= 0xe0) return lead - 0x100;
    switch (lead) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.bytes(this.size(1 << (lead - 0xc4))).slice();
      case 0xc7: case 0xc8: case 0xc9: return this.extension(this.size(1 << (lead - 0xc7)), depth);
      case 0xca: return new Float(this.view.getFloat32(this.take(4)));
      case 0xcb: return new Float(this.view.getFloat64(this.take(8)));
      case 0xcc: case 0xcd: case 0xce: return this.size(1 << (lead - 0xcc));
      case 0xcf: return exact(this.view.getBigUint64(this.take(8)));
      case 0xd0: return this.view.getInt8(this.take(1));
      case 0xd1: return this.view.getInt16(this.take(2));
      case 0xd2: return this.view.getInt32(this.take(4));
      case 0xd3: return exact(this.view.getBigInt64(this.take(8)));
      case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return this.extension(1 << (lead - 0xd4), depth);
      case 0xd9: case 0xda: case 0xdb: return this.text(this.size(1 << (lead - 0xd9)));
      case 0xdc: case 0xdd: return this.items(this.size(2 << (lead - 0xdc)), depth + 1);
      case 0xde: case 0xdf: return this.map(this.size(2 << (lead - 0xde)), depth + 1);
    }
    return this.fault(`0x${lead.toString(16)} begins no MessagePack value`);
  }

  private room(n: number, depth: number): void {
    if (depth > maxDepth) this.fault(`more than ${maxDepth} containers within containers`);
    if (n > this.b.length - this.at) this.fault("a container announces more than the frame holds");
  }

  private items(n: number, depth: number): Value[] {
    this.room(n, depth);
    const items: Value[] = [];
    for (let i = 0; i < n; i++) items.push(this.value(depth));
    return items;
  }

  private map(n: number, depth: number): Dict {
    this.room(2 * n, depth);
    const m: Dict = new Map();
    for (let i = 0; i < n; i++) {
      const k = this.value(depth);
      m.set(k, this.value(depth));
    }
    return m;
  }

  /** pairs reads what an extension holds of a map. */
  private pairs(depth: number): Dict {
    const n = this.arrayHeader();
    this.room(2 * n, depth);
    const m: Dict = new Map();
    for (let i = 0; i < n; i++) {
      if (this.arrayHeader() !== 2) this.fault("a map of pairs holds something else");
      const k = this.value(depth);
      m.set(k, this.value(depth));
    }
    return m;
  }

  private arrayHeader(): number {
    const lead = this.view.getUint8(this.take(1));
    if ((lead & 0xf0) === 0x90) return lead & 0x0f;
    if (lead === 0xdc || lead === 0xdd) return this.size(2 << (lead - 0xdc));
    return this.fault("a map of pairs holds no array");
  }

  private text(n: number): string {
    const b = this.bytes(n);
    try {
      return this.utf8.decode(b);
    } catch {
      return this.fault("text is not UTF-8");
    }
  }

  private extension(n: number, depth: number): Value {
    const type = this.view.getInt8(this.take(1));
    const end = this.at + n;
    if (end > this.b.length) this.fault("an extension value is cut short");
    const view = new DataView(this.b.buffer, this.b.byteOffset + this.at, n);
    switch (type) {
      case refType:
        if (n === 8) return this.past(end, new Ref(view.getBigUint64(0).toString()));
        break;
      case bigType: {
        const digits = Array.from(this.b.subarray(this.at, Math.min(end, this.at + 100_001)), (c) => String.fromCharCode(c)).join("");
        if (/^-?[0-9]{1,100000}$/.test(digits)) return this.past(end, exact(BigInt(digits)));
        break;
      }
      case setType: {
        const lead = n > 0 ? this.b[this.at]! : 0;
        if ((lead & 0xf0) !== 0x90 && lead !== 0xdc && lead !== 0xdd) break;
        const items = new Reader(this.b.subarray(this.at, end));
        const v = items.value(depth);
        if (items.at !== n) this.fault("a set's array does not fill its extension");
        return this.past(end, new PlainSet(v as Value[]));
      }
      case pairsType: {
        const inner = new Reader(this.b.subarray(this.at, end));
        const v = inner.pairs(depth + 1);
        if (inner.at !== n) this.fault("a map's pairs do not fill their extension");
        return this.past(end, v);
      }
      case blobType:
        if (n === 40 && view.getBigUint64(32) <= maxInt) {
          return this.past(end, new Blob64(this.b.slice(this.at, this.at + 32), view.getBigUint64(32)));
        }
        break;
      case timeType: {
        const t = instant(view);
        if (t) return this.past(end, t);
        break;
      }
    }
    return this.fault(`extension type ${type} with ${n} bytes is none of the contract's`);
  }

  private past<T>(end: number, v: T): T {
    this.at = end;
    return v;
  }
}

/** exact gives an integer as a number while a number can hold it. */
function exact(n: bigint): number | bigint {
  return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
}

function instant(view: DataView): Instant | undefined {
  let seconds: bigint, nanoseconds: number;
  switch (view.byteLength) {
    case 4: seconds = BigInt(view.getUint32(0)); nanoseconds = 0; break;
    case 8: {
      const both = view.getBigUint64(0);
      seconds = both & ((1n << 34n) - 1n);
      nanoseconds = Number(both >> 34n);
      break;
    }
    case 12: nanoseconds = view.getUint32(0); seconds = view.getBigInt64(4); break;
    default: return undefined;
  }
  if (nanoseconds > 999_999_999 || seconds < minTime || seconds > maxTime) return undefined;
  return new Instant(seconds, nanoseconds);
}
