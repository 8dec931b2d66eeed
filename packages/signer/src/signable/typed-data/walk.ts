import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { encodeAtom } from "./atom.ts";
import type { FieldType } from "./field-type.ts";
import { mismatch, refuse } from "./refusal.ts";
import { definitionOf, type Member, type StructTypes } from "./types.ts";

/** What is signed, as texts: everything that a hash covers, in its order. Plain data. */
export type TypedNode =
  | { readonly kind: "value"; readonly type: string; readonly text: string }
  | { readonly kind: "list"; readonly type: string; readonly items: readonly TypedNode[] }
  | TypedStruct;

/** A struct; `definition` is its type as it is hashed. */
export interface TypedStruct {
  readonly kind: "struct";
  readonly type: string;
  readonly definition: string;
  readonly members: readonly { readonly name: string; readonly node: TypedNode }[];
}

/** An address whose capitals are no checksum of it (EIP-55): where it stands, and as it was written. */
export interface Misspelled {
  readonly path: string;
  readonly written: string;
}

/** A part that was walked: what is shown of it, and the word that its parent hashes. */
interface Walked<N extends TypedNode = TypedNode> {
  readonly node: N;
  readonly word: Uint8Array;
}

/**
 * The one walk over typed data: it parses a value, and makes of it what is shown and what is hashed
 * (EIP-712 encodeData, hashStruct), so that neither can have what the other lacks. One walk serves
 * one message, domain included: it holds the bounds.
 */
export class Walk {
  readonly misspelled: Misspelled[] = [];
  private readonly types: StructTypes;
  private readonly definitions = new Map<string, { text: string; hash: Uint8Array }>();
  private values = 0;
  private pathChars = 0;
  private bytes = 0;

  constructor(types: StructTypes) {
    this.types = types;
  }

  /** @throws Failure `data.refused`, `params.invalid` */
  struct(
    name: string,
    untrusted: JsonValue | undefined,
    { path, depth = 0 }: { readonly path: string; readonly depth?: number },
  ): Walked<TypedStruct> {
    this.enter(path, depth);
    if (!isObject(untrusted)) return mismatch(untrusted, name, path);
    const members = this.types.get(name) ?? [];
    refuseExtra(members, untrusted, path);
    const { text, hash } = this.definition(name, path);
    const walked = members.map((member) => {
      const inner = { path: `${path}.${member.name}`, depth: depth + 1 };
      return { name: member.name, ...this.value(member.type, untrusted.get(member.name), inner) };
    });
    const word = keccak_256(joined([hash, ...walked.map((member) => member.word)]));
    const shown = walked.map((member) => ({ name: member.name, node: member.node }));
    return { node: { kind: "struct", type: name, definition: text, members: shown }, word };
  }

  private value(
    type: FieldType,
    untrusted: JsonValue | undefined,
    place: { readonly path: string; readonly depth: number },
  ): Walked {
    switch (type.kind) {
      case "struct":
        return this.struct(type.text, untrusted, place);
      case "array":
        return this.array(type, untrusted, place);
      case "atom": {
        const { path } = place;
        this.enter(path, 0);
        this.refuseLong(untrusted, path);
        const atom = encodeAtom(type.atom, untrusted, { type: type.text, path });
        this.count(atom.bytes, path);
        if (atom.misspelled) this.misspelled.push({ path, written: String(untrusted) });
        return { node: { kind: "value", type: type.text, text: atom.text }, word: atom.word };
      }
    }
  }

  private array(
    { text, length, of }: Extract<FieldType, { kind: "array" }>,
    untrusted: JsonValue | undefined,
    { path, depth }: { readonly path: string; readonly depth: number },
  ): Walked {
    this.enter(path, depth);
    if (!isArray(untrusted)) return mismatch(untrusted, text, path);
    if (length !== undefined && untrusted.length !== length) {
      refuse(`expected ${length} elements for type '${text}', got ${untrusted.length}`, path);
    }
    const items = untrusted.map((item, at) => {
      if (item === null)
        throw new Failure("params.invalid", `invalid argument 1: null at "${path}[${at}]"`);
      return this.value(of, item, { path: `${path}[${at}]`, depth: depth + 1 });
    });
    const word = keccak_256(joined(items.map((item) => item.word)));
    return { node: { kind: "list", type: text, items: items.map(({ node }) => node) }, word };
  }

  private enter(path: string, depth: number): void {
    this.values++;
    this.pathChars += path.length;
    if (this.pathChars > limits.typedPathCharsMax) {
      refuse(
        `expected at most ${limits.typedPathCharsMax} characters of names in front of values`,
        path,
      );
    }
    if (this.values > limits.typedValuesMax) {
      refuse(`expected at most ${limits.typedValuesMax} values`, path);
    }
    if (depth > limits.typedDepthMax) {
      refuse(`expected at most ${limits.typedDepthMax} levels`, path);
    }
  }

  /** A text that fits into no hash that we make isn't even decoded. */
  private refuseLong(untrusted: JsonValue | undefined, path: string): void {
    const charsMax = "0x".length + 2 * limits.textBytesMax;
    if (typeof untrusted === "string" && untrusted.length > charsMax) tooLong(path);
  }

  private count(bytes: number, path: string): void {
    this.bytes += bytes;
    if (this.bytes > limits.textBytesMax) tooLong(path);
  }

  private definition(name: string, path: string): { text: string; hash: Uint8Array } {
    const known = this.definitions.get(name);
    if (known !== undefined) return known;
    const text = definitionOf(name, this.types);
    this.count(text.length, path);
    const made = { text, hash: keccak_256(new TextEncoder().encode(text)) };
    this.definitions.set(name, made);
    return made;
  }
}

function tooLong(path: string): never {
  return refuse(`expected at most ${limits.textBytesMax} bytes of types, texts and data`, path);
}

/** Clef's sentence has the numbers; the path names the first one. */
function refuseExtra(
  members: readonly Member[],
  untrusted: ReadonlyMap<string, JsonValue>,
  path: string,
): void {
  const names = new Set(members.map(({ name }) => name));
  const extra = [...untrusted.keys()].find((name) => !names.has(name));
  const missing = members.some(({ name }) => !untrusted.has(name));
  if (extra === undefined || (missing && untrusted.size <= members.length)) return;
  const counts = `(${members.length} < ${untrusted.size})`;
  refuse(`there is extra data provided in the message ${counts}`, `${path}.${extra}`);
}

function joined(words: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(32 * words.length);
  for (const [at, word] of words.entries()) bytes.set(word, 32 * at);
  return bytes;
}
