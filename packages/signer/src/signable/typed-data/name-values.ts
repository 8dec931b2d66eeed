import type { NameValueTypeWire } from "@cleft/protocol/window.ts";
import { integerText } from "../message-form.ts";
import type { TypedNode, TypedStruct } from "./walk.ts";

/** Typed data as windows of Clef's API are shown it: the domain, then the message. */
export function typedMessages({
  domain,
  message,
}: {
  readonly domain: TypedStruct;
  readonly message: TypedStruct;
}): readonly NameValueTypeWire[] {
  return [
    { name: domain.type, value: membersOf(domain), type: "domain" },
    { name: message.type, value: membersOf(message), type: "primary type" },
  ];
}

/** Clef writes the members of a struct without any as null. */
function membersOf({ members }: TypedStruct): readonly NameValueTypeWire[] | null {
  if (members.length === 0) return null;
  return members.map(({ name, node }) => wireOf(name, node));
}

function wireOf(name: string, node: TypedNode): NameValueTypeWire {
  switch (node.kind) {
    case "value":
      return { name, value: formatted(node), type: node.type };
    case "struct":
      return { name, value: membersOf(node), type: node.type };
    case "list":
      return { name, value: listValue(node), type: node.type };
  }
}

/** Lists of bytes are one text, as in Clef; of all others each element is there under its number. */
function listValue({
  type,
  items,
}: Extract<TypedNode, { kind: "list" }>): string | readonly NameValueTypeWire[] {
  if (items.length === 0) return "[]";
  const texts = items.flatMap((item) => (item.kind === "value" ? [item.text] : []));
  const isBytes = /^bytes\d*\[\d*\]$/.test(type) && texts.length === items.length;
  return isBytes ? `[${texts.join(" ")}]` : items.map((item, at) => wireOf(`[${at}]`, item));
}

function formatted({ type, text }: Extract<TypedNode, { kind: "value" }>): string {
  return /^u?int/.test(type) ? integerText(BigInt(text)) : text;
}
