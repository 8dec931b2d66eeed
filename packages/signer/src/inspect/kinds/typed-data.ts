import { toHex } from "@cleft/protocol/hex.ts";
import { checksummed, parseAddress } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { clefFinding, cleftFinding, type Finding } from "../../domain/finding.ts";
import { hashOf } from "../../domain/hash.ts";
import { parseChainId } from "../../domain/quantity.ts";
import type { Review, ReviewField } from "../../domain/review.ts";
import { counted } from "../../domain/spoken.ts";
import {
  domainText,
  type TypedData,
  typedDataPreimage,
} from "../../signable/typed-data/typed-data.ts";
import type { TypedNode, TypedStruct } from "../../signable/typed-data/walk.ts";
import { nameOfChain } from "../amount.ts";
import { dangerFindings, delegatecallFinding, isUnlimited } from "../checks/dangers.ts";
import { chunked, excerpt, field } from "../review-field.ts";

/** Says what typed data would do: each value of the message and its domain is a field. Pure. */
export function inspectTypedData(data: TypedData): Review {
  const address = checksummed(data.account.address);
  return {
    headline: headlineOf(data),
    findings: findingsOf(data),
    fields: [
      field("account", address),
      // Their labels are fixed names behind "domain", or a path behind a dot: none can pass for ours.
      ...fieldsOf("domain", data.domain),
      ...fieldsOf("", data.message),
    ],
    details: detailsOf(data),
    data: toHex(new Uint8Array()),
    confirmation: endOf(data.account.address, "account"),
  };
}

/** What is signed, and by what another screen can be compared with this one (ERC-8213). */
export function detailsOf(data: TypedData): readonly ReviewField[] {
  return [
    ...chunked("type", data.message.definition),
    field("digest", hashOf(typedDataPreimage(data))),
    field("domain hash", data.domainHash),
    field("message hash", data.messageHash),
    field("signed as", "typed data (EIP-712)"),
  ];
}

/** Every value below a node, each with its path: nothing that is signed is left out. */
export function fieldsOf(path: string, node: TypedNode): readonly ReviewField[] {
  switch (node.kind) {
    case "value":
      return chunked(path, isLargest(node) ? `${node.text} (the largest ${node.type})` : node.text);
    case "list":
      if (node.items.length === 0) return [field(path, "an empty list")];
      return node.items.flatMap((item, at) => fieldsOf(`${path}[${at}]`, item));
    case "struct":
      if (node.members.length === 0) return [field(path === "" ? "." : path, "nothing in it")];
      return node.members.flatMap(({ name, node }) => fieldsOf(`${path}.${name}`, node));
  }
}

/** The least bits of a number whose largest value means "all" or "for ever": Permit2's times have 48. */
const unlimitedBits = 48;

/** Whether it is the largest number of its type: nobody counts 78 digits. */
function isLargest({ type, text }: Extract<TypedNode, { kind: "value" }>): boolean {
  const bits = Number(/^uint(\d+)$/.exec(type)?.[1] ?? 0);
  return bits >= unlimitedBits && text === String(2n ** BigInt(bits) - 1n);
}

/** Whether there is an amount without end in it, or DAI's word for one. */
function hasUnlimited(node: TypedNode, name = ""): boolean {
  switch (node.kind) {
    case "value":
      if (node.type === "bool") return name === "allowed" && node.text === "true";
      return /^uint\d*$/.test(node.type) && !isNoAmount(name) && isUnlimited(BigInt(node.text));
    case "list":
      return node.items.some((item) => hasUnlimited(item, name));
    case "struct":
      return node.members.some((member) => hasUnlimited(member.node, member.name));
  }
}

/** A deadline that never comes is no amount, nor is the number of a thing. */
function isNoAmount(name: string): boolean {
  return /^(?:(?:sig)?deadline|expir(?:y|ation)|valid(?:After|Before|To)|nonce|(?:token)?id)$/i.test(
    name,
  );
}

function headlineOf(data: TypedData): string {
  const { message, chainId } = data;
  const chain = chainId === undefined ? undefined : parseChainId(chainId);
  const where = chain === undefined ? "" : ` on ${nameOfChain(chain)}`;
  const name = domainText(data, "name");
  const forWhom = name === undefined ? "" : ` for "${excerpt(name).replaceAll('"', '\\"')}"`;
  return `Sign ${message.type}${forWhom}${where}`;
}

/** What such messages are called in ERC-2612, Permit2 and ERC-3009. */
const spending = /^Permit|^(?:Transfer|Receive)WithAuthorization$/;

function findingsOf(data: TypedData): Finding[] {
  const findings: Finding[] = [...spellingFindings(data), ...ignoredFindings(data)];
  if (spending.test(data.message.type)) {
    const tokens = hasUnlimited(data.message) ? "ANY amount of your tokens" : "your tokens";
    const severity = hasUnlimited(data.message) ? "critical" : "warning";
    const finding = cleftFinding(severity, `this may let somebody else spend ${tokens}`);
    findings.push({ ...finding, ...confirmedBySpender(data.message) });
  }
  if (data.message.type === "SafeTx") findings.push(...safeFindings(data.message));
  if (data.chainId === undefined) {
    findings.push(
      cleftFinding("warning", "the domain names no chain: it may be valid on every chain"),
    );
  }
  if (domainText(data, "verifyingContract") === undefined) {
    findings.push(cleftFinding("info", "the domain names no contract"));
  }
  return findings;
}

/** Whom ERC-2612 and Permit2 name as the one who may spend, to be confirmed. */
function confirmedBySpender({ members }: TypedStruct): Pick<Finding, "confirmation"> {
  const spender = members.find(({ name }) => name === "spender")?.node;
  if (spender?.kind !== "value" || spender.type !== "address") return {};
  const address = parseAddress(spender.text);
  return address === undefined ? {} : { confirmation: endOf(address, ".spender") };
}

/** A Safe takes the same approval from here as from `account_signGnosisSafeTx`, which shows more of it. */
function safeFindings({ members }: TypedStruct): Finding[] {
  const operation = members.find(({ name }) => name === "operation")?.node;
  const approval = cleftFinding("warning", "this approves a transaction of a Safe");
  const isPlain = operation?.kind === "value" && operation.text === "0";
  const data = members.find(({ name }) => name === "data")?.node;
  const text = data?.kind === "value" && data.type === "bytes" ? data.text.slice(2) : "";
  return [approval, ...(isPlain ? [] : [delegatecallFinding]), ...dangerFindings(`0x${text}`)];
}

/** As of a transaction's recipient: capitals that are no checksum reject by themselves. */
export function spellingFindings({ misspelled }: TypedData): Finding[] {
  return misspelled.flatMap(({ path, written }) => [
    clefFinding("warning", `Invalid checksum on address at "${path}"`),
    cleftFinding("info", `the caller wrote ${written} there`),
  ]);
}

function ignoredFindings({ ignored }: TypedData): Finding[] {
  if (ignored.length === 0) return [];
  return [
    cleftFinding(
      "info",
      `ignored ${counted(ignored.length, "field")} beside types, domain and message`,
    ),
  ];
}
