// Arguments as people type them: JSON or Python literals, @42 for an object,
// @name for a root, name=value for keywords, and plain text for what is none of
// these, as on the command line.

import { Float, PlainSet, Ref, Value } from "./values";

export interface Arguments {
  args: Value[];
  kwargs: Map<Value, Value>;
}

/** roots finds the oid of a root's name. */
export type RootFinder = (name: string) => string | undefined;

/** parseArguments reads "1, 'two', three=@4". It throws an Error that says where it failed. */
export function parseArguments(source: string, roots: RootFinder): Arguments {
  const out: Arguments = { args: [], kwargs: new Map() };
  const p = new Parser(source, roots);
  p.space();
  while (!p.done()) {
    const name = p.keyword();
    const v = p.argument();
    if (name !== undefined) out.kwargs.set(name, v);
    else if (out.kwargs.size > 0) throw new Error("a plain argument cannot follow a named one");
    else out.args.push(v);
    p.space();
    if (p.done()) break;
    p.expect(",");
    p.space();
  }
  return out;
}

/** parseValue reads one value. */
export function parseValue(source: string, roots: RootFinder): Value {
  const p = new Parser(source.trim(), roots);
  const v = p.literal();
  p.space();
  if (!p.done()) throw new Error(`character ${p.at + 1}: the value ends before "${source.trim().slice(p.at)}"`);
  return v;
}

class Parser {
  at = 0;
  constructor(private readonly s: string, private readonly roots: RootFinder) {}

  done(): boolean { return this.at >= this.s.length; }

  space(): void {
    while (!this.done() && /\s/.test(this.s[this.at]!)) this.at++;
  }

  fail(what: string): never { throw new Error(`character ${this.at + 1}: ${what}`); }

  expect(c: string): void {
    if (this.s[this.at] !== c) this.fail(`"${c}" is missing`);
    this.at++;
  }

  private match(re: RegExp): string | undefined {
    re.lastIndex = this.at;
    const m = re.exec(this.s);
    if (!m) return undefined;
    this.at += m[0].length;
    return m[0];
  }

  keyword(): string | undefined {
    const m = this.match(/[A-Za-z_][A-Za-z0-9_]*\s*=(?!=)\s*/y);
    return m?.replace(/\s*=\s*$/, "");
  }

  /** argument is a literal, or else text up to the next comma. */
  argument(): Value {
    const start = this.at;
    try {
      const v = this.literal();
      this.space();
      if (this.done() || this.s[this.at] === ",") return v;
    } catch (e) {
      if (/[[({'"@]/.test(this.s[start] ?? "")) throw e;
    }
    this.at = start;
    return this.match(/[^,]*/y)!.trim();
  }

  literal(): Value {
    this.space();
    const c = this.s[this.at];
    if (c === undefined) return this.fail("a value is missing");
    if (c === "'" || c === '"') return this.text(c);
    if (c === "[") return this.items("]");
    if (c === "(") return this.items(")");
    if (c === "{") return this.braces();
    if (c === "@") return this.reference();
    const number = this.match(/[-+]?(\d[\d_]*)?\.?\d[\d_]*\.?([eE][-+]?\d+)?/y);
    if (number !== undefined) return this.number(number.replaceAll("_", ""));
    const word = this.match(/[A-Za-z]+/y);
    switch (word) {
      case "None": case "null": return null;
      case "True": case "true": return true;
      case "False": case "false": return false;
      case "set": if (this.match(/\(\)/y)) return new PlainSet([]);
    }
    return this.fail(`"${word ?? c}" begins no value; text wants quotes`);
  }

  private number(s: string): Value {
    if (/[.eE]/.test(s)) return new Float(Number(s));
    const n = BigInt(s.startsWith("+") ? s.slice(1) : s);
    return Number.isSafeInteger(Number(n)) ? Number(n) : n;
  }

  private reference(): Value {
    const m = this.match(/@@?(\d+|[A-Za-z_][A-Za-z0-9_]*)/y);
    if (!m) return this.fail("after @ comes an oid or the name of a root");
    const name = m.replace(/^@+/, "");
    if (/^\d+$/.test(name)) return new Ref(BigInt(name).toString());
    const oid = this.roots(name);
    return oid === undefined ? this.fail(`there is no root "${name}"`) : new Ref(oid);
  }

  private text(q: string): string {
    this.at++;
    let out = "";
    for (;;) {
      const c = this.s[this.at];
      if (c === undefined) return this.fail("the text does not end");
      this.at++;
      if (c === q) return out;
      if (c !== "\\") { out += c; continue; }
      const e = this.s[this.at++];
      const wide = e === "x" ? 2 : e === "u" ? 4 : e === "U" ? 8 : 0;
      if (wide > 0) {
        const digits = this.s.slice(this.at, this.at + wide);
        if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < wide) this.fail("hexadecimal digits are missing");
        const code = parseInt(digits, 16);
        if (code > 0x10ffff) this.fail("there is no such character");
        out += String.fromCodePoint(code);
        this.at += wide;
        continue;
      }
      const plain: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0", "/": "/", "\\": "\\", "'": "'", '"': '"' };
      out += plain[e ?? ""] ?? "\\" + (e ?? "");
    }
  }

  private items(end: string): Value[] {
    this.at++;
    const items: Value[] = [];
    for (;;) {
      this.space();
      if (this.s[this.at] === end) { this.at++; return items; }
      items.push(this.literal());
      this.space();
      if (this.s[this.at] !== end) this.expect(",");
    }
  }

  private braces(): Value {
    this.at++;
    const m = new Map<Value, Value>();
    const items: Value[] = [];
    for (;;) {
      this.space();
      if (this.s[this.at] === "}") {
        this.at++;
        return items.length > 0 ? new PlainSet(items) : m;
      }
      const k = this.literal();
      this.space();
      if (this.s[this.at] === ":") {
        if (items.length > 0) this.fail("a set has no keys");
        this.at++;
        m.set(k, this.literal());
      } else {
        if (m.size > 0) this.fail('":" is missing');
        items.push(k);
      }
      this.space();
      if (this.s[this.at] !== "}") this.expect(",");
    }
  }
}
