import { type Address, parseAddress, spellingOf } from "../domain/address.ts";

/** A sign-in message (EIP-4361), taken apart. Absent fields are undefined. */
export interface SignIn {
  readonly scheme: string | undefined;
  /** Who asks, with a port if it has one. */
  readonly domain: string;
  readonly address: Address;
  readonly statement: string | undefined;
  readonly uri: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime: string | undefined;
  readonly notBefore: string | undefined;
  readonly requestId: string | undefined;
  readonly resources: readonly string[] | undefined;
}

const opening = " wants you to sign in with your Ethereum account:";

/** Whether a text begins as a sign-in message does, whatever follows. */
export function looksLikeSignIn(text: string): boolean {
  return text.includes(opening);
}

const patterns = {
  first:
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.+) wants you to sign in with your Ethereum account:$/,
  authority: /^(?:[\w.~!$&'()*+,;=:%-]+@)?(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d*)?$/,
  statement: /^[\w\-.~:/?#[\]@!$&'()*+,;= ]+$/,
  uri: /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/,
  version: /^1$/,
  chainId: /^\d{1,78}$/,
  nonce: /^[A-Za-z0-9]{8,}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  requestId: /^(?:[\w\-.~:@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/,
} as const;

/** Lines of a text, taken one after another. Once one is missing or wrong, nothing is right. */
class Lines {
  private readonly lines: readonly string[];
  private at = 0;
  isWrong = false;

  constructor(text: string) {
    this.lines = text.split("\n");
  }

  get isEnd(): boolean {
    return this.at === this.lines.length;
  }

  /** The next line, which must begin so and go on as the pattern says. */
  required(name: string, pattern: RegExp): string {
    const value = this.optional(name, pattern);
    if (value === undefined) this.isWrong = true;
    return value ?? "";
  }

  /** The next line if it begins so; then it must go on as the pattern says. */
  optional(name: string, pattern: RegExp): string | undefined {
    const line = this.lines[this.at];
    if (line === undefined || !line.startsWith(name)) return undefined;
    this.at++;
    const value = line.slice(name.length);
    if (!pattern.test(value)) this.isWrong = true;
    return value;
  }
}

/** Parses a sign-in message by the letter of EIP-4361; undefined for anything else. */
export function parseSignIn(text: string): SignIn | undefined {
  const lines = new Lines(text);
  const [, scheme, domain = ""] = patterns.first.exec(lines.required("", patterns.first)) ?? [];
  const spelled = lines.required("", /^0x[0-9a-fA-F]{40}$/);
  const address = parseAddress(spelled);
  lines.required("", /^$/);
  const statement = parseStatement(lines);
  const required = {
    uri: lines.required("URI: ", patterns.uri),
    version: lines.required("Version: ", patterns.version),
    chainId: lines.required("Chain ID: ", patterns.chainId),
    nonce: lines.required("Nonce: ", patterns.nonce),
    issuedAt: lines.required("Issued At: ", patterns.time),
  };
  const optional = {
    expirationTime: lines.optional("Expiration Time: ", patterns.time),
    notBefore: lines.optional("Not Before: ", patterns.time),
    requestId: lines.optional("Request ID: ", patterns.requestId),
    resources: parseResources(lines),
  };
  if (lines.isWrong || !lines.isEnd || !patterns.authority.test(domain)) return undefined;
  if (address === undefined || spellingOf(spelled, address) !== "checksummed") return undefined;
  const times = [required.issuedAt, optional.expirationTime, optional.notBefore];
  if (times.some((time) => time !== undefined && Number.isNaN(Date.parse(time)))) return undefined;
  const chainId = BigInt(required.chainId);
  return { scheme, domain, address, statement, ...required, chainId, ...optional };
}

/** A statement stands between two empty lines; without one both are there. */
function parseStatement(lines: Lines): string | undefined {
  const statement = lines.required("", /^/);
  if (statement === "") return undefined;
  lines.required("", /^$/);
  if (!patterns.statement.test(statement)) lines.isWrong = true;
  return statement;
}

function parseResources(lines: Lines): readonly string[] | undefined {
  if (lines.optional("Resources:", /^$/) === undefined) return undefined;
  const resources: string[] = [];
  for (let next = lines.optional("- ", patterns.uri); next !== undefined; ) {
    resources.push(next);
    next = lines.optional("- ", patterns.uri);
  }
  return resources;
}
