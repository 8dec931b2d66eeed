import { TypedDataEncoder, Wallet } from "ethers";
import { sampleAccounts } from "../support/signer.ts";
import { typedData } from "../support/typed-data.ts";
import { authorizationRequest, selector, transaction } from "./transactions.ts";
import { type Draw, Raw, type Tree, treeOf, write } from "./tree.ts";
import { address, chance, count, hash, hexUpTo, pick, quantity } from "./values.ts";

const [account] = sampleAccounts;
const signerOfTexts = new Wallet(`0x${"42".repeat(32)}`);

/** A method and its parameters. */
export type Call = readonly [method: string, params: readonly unknown[]];

/** What can be asked, by name: each draws a request that is right or nearly so. */
export const calls: Readonly<Record<string, (g: Draw) => Call>> = {
  transaction: (g) => ["account_signTransaction", transaction(g)],
  "typed data": (g) => {
    const data = typed(g);
    if (chance(g, 60)) return ["account_signTypedData", [account, data]];
    if (chance(g, 50)) return ["account_signTypedData", [account, write(data)]];
    return ["account_signData", ["data/typed", account, hexOf(write(data))]];
  },
  text: (g) => ["account_signData", [mediaType(g), account, someText(g)]],
  validator: (g) => {
    const data = { address: address(g), message: hexUpTo(g, 400) };
    return ["account_signData", ["data/validator", account, data]];
  },
  header: (g) => ["account_signData", ["application/x-clique-header", account, header(g)]],
  "Safe transaction": (g) => ["account_signGnosisSafeTx", [account, safeTx(g), selector(g)]],
  authorization: (g) => ["account_signAuthorization", [authorizationRequest(g)]],
  recovery: (g) => {
    const text = hexUpTo(g, 60);
    const right = signerOfTexts.signMessageSync(Buffer.from(text.slice(2), "hex"));
    return [
      "account_ecRecover",
      [pick(g, text, text, someText(g)), pick(g, right, hexUpTo(g, 80))],
    ];
  },
  nothing: (g) => [pick(g, "account_version", "account_list", "rpc_modules", "account_x", ""), []],
};

function hexOf(text: string): string {
  return `0x${Buffer.from(text).toString("hex")}`;
}

function mediaType(g: Draw): string {
  return pick(g, "text/plain", "text/plain; charset=utf-8", "application/x-foo", "", "a/b;c");
}

function someText(g: Draw): string {
  const line = `${"ab c".repeat(count(g, 40))}\n`;
  // As long as may be signed, now and then.
  return pick(
    g,
    ...[hexUpTo(g, 300), hash(g), hexOf(line.repeat(count(g, 30))), hexOf(signIn(g))],
    chance(g, 90) ? hexOf("\u{1f680}x\n".repeat(count(g, 22_000))) : "0x",
  );
}

function signIn(g: Draw): string {
  const opening = "example.com wants you to sign in with your Ethereum account:";
  const rest = ["URI: https://example.com", "Version: 1", "Chain ID: 1", "Nonce: abcdefgh"];
  const lines = [opening, account, "", "", ...rest, "Issued At: 2026-11-26T00:00:00Z"];
  const at = count(g, lines.length);
  return [
    ...lines.slice(0, at),
    ...(chance(g, 50) ? lines.slice(at) : [" ".repeat(at * 500)]),
  ].join("\n");
}

/** RLP by hand: lists in lists, lengths that lie. */
function header(g: Draw): string {
  const fields = [32, 32, 20, 32, 32, 32, 256, 1, 1, 1, 0, 4, 2, 32, 8];
  const body = fields.map((bytes) => rlpString(`${"01".repeat(bytes)}`)).join("");
  const deep = count(g, 60);
  return pick(
    g,
    rlpList(body),
    rlpList(body.slice(0, 2 * count(g, body.length / 2))),
    `0x${"c1".repeat(deep)}c0`,
    `0xfb${hash(g).slice(2)}`,
    hexUpTo(g, 700),
  );
}

function rlpString(hex: string): string {
  const bytes = hex.length / 2;
  if (bytes === 1) return hex;
  return bytes < 56
    ? (0x80 + bytes).toString(16) + hex
    : `b9${bytes.toString(16).padStart(4, "0")}${hex}`;
}

function rlpList(body: string): string {
  return `0xf9${(body.length / 2).toString(16).padStart(4, "0")}${body}`;
}

const safeTypes = {
  SafeTx: [
    ...[
      { name: "to", type: "address" },
      { name: "value", type: "uint256" },
    ],
    ...[
      { name: "data", type: "bytes" },
      { name: "operation", type: "uint8" },
    ],
    ...[
      { name: "safeTxGas", type: "uint256" },
      { name: "baseGas", type: "uint256" },
    ],
    ...[
      { name: "gasPrice", type: "uint256" },
      { name: "gasToken", type: "address" },
    ],
    ...[
      { name: "refundReceiver", type: "address" },
      { name: "nonce", type: "uint256" },
    ],
  ],
};

/** One with the hash of its fields, unless they are wrong. */
function safeTx(g: Draw): unknown {
  const zero = `0x${"00".repeat(20)}`;
  const fields = {
    ...{ to: address(g), value: quantity(g), data: hexUpTo(g, 100), operation: count(g, 2) },
    ...{ safeTxGas: count(g, 9), baseGas: 0, gasPrice: String(count(g, 2)), gasToken: zero },
    ...{ refundReceiver: zero, nonce: count(g, 99) },
  };
  const safe = pick(g, sampleAccounts[1], address(g));
  try {
    const domain = { chainId: 1, verifyingContract: safe };
    const safeTxHash = TypedDataEncoder.hash(domain, safeTypes, fields);
    return { safe, ...fields, safeTxHash };
  } catch {
    return { safe, ...fields, safeTxHash: hash(g) };
  }
}

/** Typed data, valid or built to take long. */
function typed(g: Draw): Tree {
  if (chance(g, 60)) {
    const drawn = g(() => typedData);
    // Of another chain it isn't asked about.
    const domain = chance(g, 90) && "chainId" in drawn.domain ? { chainId: 1 } : {};
    return treeOf({ ...drawn, domain: { ...drawn.domain, ...domain } });
  }
  const EIP712Domain = [{ name: "name", type: "string" }];
  const whole = (types: object, message: unknown) =>
    treeOf({ types: { EIP712Domain, ...types }, primaryType: "A", domain: { name: "x" }, message });
  const oneOf = (type: string, a: unknown) => whole({ A: [{ name: "a", type }] }, { a });
  const number = count(g, 400);
  switch (count(g, 5)) {
    case 0:
      return whole(knotted(1 + count(g, 70)), { m0: {} });
    case 1:
      return oneOf(`uint8${"[]".repeat(number)}`, []);
    case 2:
      return oneOf(
        "string[]",
        Array.from({ length: number * 8 }, () => "x".repeat(number)),
      );
    case 3:
      return oneOf("string", "x".repeat(number * 400));
    case 4:
      return whole({ A: [{ name: "a", type: "A" }] }, linked(number));
    default:
      return oneOf(
        "int256",
        new Raw(pick(g, `1${"0".repeat(number)}`, `1e${number}`, `-0.${"0".repeat(number)}1`)),
      );
  }
}

/** Types that need each other in all ways. */
function knotted(size: number): object {
  const names = Array.from({ length: size }, (_, at) => (at === 0 ? "A" : `T${at}`));
  const members = names.map((type, at) => ({ name: `m${at}`, type }));
  return Object.fromEntries(names.map((name) => [name, members]));
}

function linked(length: number): unknown {
  let inner: unknown = {};
  for (let at = 0; at < length; at++) inner = { a: inner };
  return inner;
}
