/**
 * JSON as a signer needs it. `JSON.parse` keeps the last of two equal keys, turns 2^53+1 into
 * 2^53 and recurses as deep as it is told; each of these signs something else than was asked.
 */

/** A number exactly as it was written, e.g. `1.5` or `9007199254740993`. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object's members in their order. A Map has no prototype that a key could reach. */
export type JsonObject = ReadonlyMap<string, JsonValue>;
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;

/** Why a text was refused. `syntax` is what every JSON parser refuses; the others are our limits. */
export type JsonFault = "syntax" | "depth" | "duplicate" | "utf8" | "size";

/** Thrown by {@link parseJson}; `message` has no text of the sender's but the quoted key. */
export class JsonError extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Narrows a value to an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Narrows a value to an array. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Most characters of a twin key that are quoted. */
const quotedMax = 64;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\n\r]*/y;
const [quote, backslash] = [0x22, 0x5c];
const plainText = /[^"\\\u0000-\u001f]*/y;

/** Recursive descent over one text; every method leaves `at` behind what it took. */
class Parser {
  private readonly text: string;
  private readonly limits: JsonLimits;
  private at = 0;
  private values = 0;

  constructor(text: string, limits: JsonLimits) {
    this.text = text;
    this.limits = limits;
  }

  whole(): JsonValue {
    const value = this.value(0);
    this.match(space);
    if (this.at !== this.text.length) this.fail();
    return value;
  }

  private value(depth: number): JsonValue {
    if (++this.values > this.limits.valuesMax) {
      throw new JsonError("size", `expected at most ${this.limits.valuesMax} values`);
    }
    this.match(space);
    switch (this.text[this.at]) {
      case "{":
        return this.object(this.deeper(depth));
      case "[":
        return this.array(this.deeper(depth));
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return new JsonNumber(this.match(number) || this.fail());
    }
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.at++;
    for (let next = this.peek(); next !== "}"; next = this.separator("}")) {
      if (this.peek() !== '"') this.fail();
      const key = this.string();
      if (members.has(key)) {
        throw new JsonError(
          "duplicate",
          `key ${JSON.stringify(key.slice(0, quotedMax))} appears twice`,
        );
      }
      if (this.peek() !== ":") this.fail();
      this.at++;
      members.set(key, this.value(depth));
    }
    this.at++;
    return members;
  }

  private array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.at++;
    for (let next = this.peek(); next !== "]"; next = this.separator("]")) {
      items.push(this.value(depth));
    }
    this.at++;
    return items;
  }

  /** Takes a comma, which must be followed by another member, or stops before the closing mark. */
  private separator(close: "}" | "]"): string | undefined {
    const mark = this.peek();
    if (mark === close) return mark;
    if (mark !== ",") this.fail();
    this.at++;
    const next = this.peek();
    if (next === close) this.fail();
    return next;
  }

  private string(): string {
    const start = this.at++;
    const value = this.match(plainText);
    if (this.text[this.at] === "\\") return this.escaped(start);
    if (this.text[this.at] !== '"') this.fail();
    this.at++;
    return value;
  }

  /** One with escapes: `JSON.parse` reads a text alike, and a million escapes ten times as fast. */
  private escaped(start: number): string {
    let end = this.at;
    while (end < this.text.length && this.text.charCodeAt(end) !== quote) {
      end += this.text.charCodeAt(end) === backslash ? 2 : 1;
    }
    try {
      const value: string = JSON.parse(this.text.slice(start, end + 1));
      this.at = end + 1;
      return value;
    } catch {
      return this.fail();
    }
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail();
    this.at += word.length;
    return value;
  }

  private peek(): string | undefined {
    this.match(space);
    return this.text[this.at];
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private deeper(depth: number): number {
    if (depth >= this.limits.depthMax) {
      throw new JsonError("depth", `expected at most ${this.limits.depthMax} levels of nesting`);
    }
    return depth + 1;
  }

  private fail(): never {
    throw new JsonError("syntax", `not valid JSON at character ${this.at}`);
  }
}

/** Bounds of one text: levels of nesting, and values in all, since an empty one costs memory too. */
export interface JsonLimits {
  readonly depthMax: number;
  readonly valuesMax: number;
}

/**
 * Parses one JSON text (RFC 8259), keeping numbers as written.
 * @throws JsonError when it is no JSON, beyond the limits, or names a key twice.
 */
export function parseJson(text: string, limits: JsonLimits): JsonValue {
  return new Parser(text, limits).whole();
}

/**
 * Decodes UTF-8 strictly and parses the text; see {@link parseJson}.
 * @throws JsonError also when the bytes are not UTF-8.
 */
export function parseJsonBytes(bytes: Uint8Array, limits: JsonLimits): JsonValue {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonError("utf8", "not valid UTF-8");
  }
  return parseJson(text, limits);
}

const goEscapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Writes compact JSON as Go's encoder does: `<`, `>`, `&` and the two line separators escaped,
 * keys in their own order. Clients and windows compare these bytes.
 */
export function encodeJson(value: unknown): string {
  return escapeGo(JSON.stringify(value));
}

function escapeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (mark) => goEscapes[mark] ?? mark);
}

/** Writes a parsed value back as compact JSON, numbers exactly as they came. */
export function encodeJsonValue(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (isArray(value)) return `[${value.map(encodeJsonValue).join(",")}]`;
  if (isObject(value)) {
    const members = [...value].map(([key, item]) => `${encodeJson(key)}:${encodeJsonValue(item)}`);
    return `{${members.join(",")}}`;
  }
  return encodeJson(value);
}
