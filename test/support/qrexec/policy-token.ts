import type { Qube } from "./terms.ts";

/** Who a column of a policy line, or a `target=`, speaks of. */
export type Token =
  | { readonly is: "everything" | "anyvm" | "default" | "adminvm" | "dispvm" }
  | { readonly is: "tag" | "type" | "uuid" | "dispvm-of" | "dispvm-tag"; readonly value: string }
  | { readonly is: "name"; readonly value: string };

/** Where a token stands; not every token can stand everywhere. */
export type Column = "source" | "target" | "redirect";

type Kind = Token["is"];

const fixed: Readonly<Record<string, "everything" | "anyvm" | "default" | "adminvm" | "dispvm">> = {
  "*": "everything",
  "@anyvm": "anyvm",
  "@default": "default",
  "@adminvm": "adminvm",
  dom0: "adminvm",
  "@dispvm": "dispvm",
};

/** The longer prefix first. */
const prefixed = [
  ["@dispvm:@tag:", "dispvm-tag"],
  ["@dispvm:", "dispvm-of"],
  ["@tag:", "tag"],
  ["@type:", "type"],
  ["uuid:", "uuid"],
] as const;

const forbidden: Readonly<Record<Column, readonly Kind[]>> = {
  source: ["default", "dispvm"],
  target: [],
  redirect: ["everything", "anyvm", "default", "tag", "type", "dispvm-tag"],
};

/** Returns undefined for what is no token, or none that can stand in the column. */
export function parseToken(text: string, column: Column): Token | undefined {
  const token = readToken(text);
  return token === undefined || forbidden[column].includes(token.is) ? undefined : token;
}

function readToken(text: string): Token | undefined {
  const is = Object.hasOwn(fixed, text) ? fixed[text] : undefined;
  if (is !== undefined) return { is };
  for (const [prefix, kind] of prefixed) {
    if (!text.startsWith(prefix)) continue;
    const value = text.slice(prefix.length);
    const fine = kind === "uuid" ? /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ : /^[^@]/;
    return fine.test(value) ? { is: kind, value } : undefined;
  }
  return text === "" || text.startsWith("@") ? undefined : { is: "name", value: text };
}

/** The qubes that there are, by name. */
export type Qubes = ReadonlyMap<string, Qube>;

/** What a token is compared with: a qube's name, or a keyword that a caller can name as target. */
export interface Party {
  readonly party: string;
  readonly source: string;
}

/** Whether a token speaks of a party of a call from `source`. */
export function matches(token: Token, { party, source }: Party, qubes: Qubes): boolean {
  const qube = qubes.get(party);
  switch (token.is) {
    case "everything":
      return true;
    case "anyvm":
      return party !== "@adminvm";
    case "default":
    case "adminvm":
    case "dispvm":
      return party === `@${token.is}`;
    case "tag":
      return qube?.tags?.includes(token.value) ?? false;
    case "type":
      return qube !== undefined && (qube.type ?? "AppVM") === token.value;
    case "uuid":
      return qube?.uuid === token.value;
    case "name":
      return party === token.value;
    case "dispvm-of":
      return baseOf({ party, source }, qubes) === token.value;
    case "dispvm-tag": {
      const base = qubes.get(baseOf({ party, source }, qubes) ?? "");
      return base?.templateForDispvms === true && (base.tags?.includes(token.value) ?? false);
    }
  }
}

/** The template that a new disposable would be made from; a running one has a name of its own. */
export function baseOf({ party, source }: Party, qubes: Qubes): string | undefined {
  if (party === "@dispvm") return qubes.get(source)?.defaultDispvm;
  return party.startsWith("@dispvm:") ? party.slice("@dispvm:".length) : undefined;
}
