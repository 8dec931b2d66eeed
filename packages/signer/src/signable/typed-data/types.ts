import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import {
  elementOf,
  type FieldType,
  isMemberName,
  isStructName,
  parseFieldType,
} from "./field-type.ts";

/** A member of a struct. */
export interface Member {
  readonly name: string;
  readonly type: FieldType;
}

/** The structs of one message by name. Every struct that a member has is there. */
export type StructTypes = ReadonlyMap<string, readonly Member[]>;

/**
 * Parses `types` (EIP-712). All of them, also those that the message doesn't use.
 * @throws Failure `data.refused`, in Clef's words where it has them
 */
export function parseTypes(untrusted: JsonValue | undefined): StructTypes {
  if (!isObject(untrusted)) return refuseTypes("types are undefined");
  if (untrusted.size > limits.typedTypesMax) {
    return refuseTypes(`expected at most ${limits.typedTypesMax} types, got ${untrusted.size}`);
  }
  const types = new Map<string, readonly Member[]>();
  let left = limits.typedMembersMax;
  for (const [name, members] of untrusted) {
    if (!isStructName(name)) refuseTypes(`"${short(name)}" can't be the name of a type`);
    if (!isArray(members)) return refuseTypes(`type "${name}" is no list of members`);
    left -= members.length;
    if (left < 0) refuseTypes(`expected at most ${limits.typedMembersMax} members of all types`);
    types.set(name, parseMembers(name, members));
  }
  checkReferences(types);
  return types;
}

/** The type as it is hashed: itself, then those that it uses, by name (EIP-712 encodeType). */
export function definitionOf(name: string, types: StructTypes): string {
  const used = new Set<string>();
  const collect = (one: string) => {
    if (used.has(one)) return;
    used.add(one);
    for (const { type } of types.get(one) ?? []) {
      const element = elementOf(type);
      if (element.kind === "struct") collect(element.text);
    }
  };
  collect(name);
  used.delete(name);
  return [name, ...[...used].sort()].map((one) => `${one}(${membersText(one, types)})`).join("");
}

function membersText(name: string, types: StructTypes): string {
  return (types.get(name) ?? []).map((member) => `${member.type.text} ${member.name}`).join(",");
}

function parseMembers(struct: string, untrusted: readonly JsonValue[]): readonly Member[] {
  const names = new Set<string>();
  return untrusted.map((member) => {
    const [name, text] = isObject(member) ? [member.get("name"), member.get("type")] : [];
    if (typeof name !== "string" || typeof text !== "string") {
      return refuseTypes(`type "${struct}" has a member without name and type`);
    }
    if (!isMemberName(name)) refuseTypes(`"${short(name)}" can't be the name of a member`);
    // Both would have one value, and a reader would see two.
    if (names.has(name)) refuseTypes(`type "${struct}" has two members "${name}"`);
    names.add(name);
    // It has no end unless an array lies between.
    if (text === struct) refuseTypes(`type "${struct}" cannot reference itself`);
    const type = parseFieldType(text);
    return { name, type: type ?? refuseTypes(`unknown reference type "${short(text)}"`) };
  });
}

function checkReferences(types: StructTypes): void {
  for (const { type } of [...types.values()].flat()) {
    const element = elementOf(type);
    if (element.kind === "atom" || types.has(element.text)) continue;
    refuseTypes(`reference type "${short(element.text)}" is undefined`);
  }
}

function short(text: string): string {
  return text.slice(0, limits.typedNameCharsMax);
}

function refuseTypes(message: string): never {
  throw new Failure("data.refused", message);
}
