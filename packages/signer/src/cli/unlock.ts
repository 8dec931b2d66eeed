import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import { askDaemon } from "../daemon/operator/control-client.ts";
import { checksummed } from "../domain/address.ts";
import { callerNames, isCallerName } from "../domain/caller.ts";
import type { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { counted, spokenCaller, spokenTime } from "../domain/spoken.ts";
import type { UnlockTerms } from "../domain/unlock-terms.ts";
import { misused, parseTypedAddress } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { PasswordPrompt } from "./password.ts";
import { parseDuration } from "./setting-value.ts";

/** `cleft unlock [<address> [for 15m] [uses 100] [by <caller>]]` */
export const unlock: Command = {
  name: "unlock",
  usage: [
    ["unlock", "End the lock"],
    [
      "unlock <address> [for 15m] [uses 100] [by <caller>]",
      "Sign for an account without its password for a while: 15m, 100 signatures and any caller unless said otherwise",
    ],
  ],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  if (args.positional.length > 0) return unlockAccount(args, powers);
  const reply = await askDaemon(args.text("configdir"), { command: "unlock" });
  const hasChanged = isObject(reply) && reply.get("changed") === true;
  powers.print.out(
    hasChanged
      ? "Unlocked: requests are served again. Each account still needs its password."
      : "The signer wasn't locked. To sign without a password for a while: cleft unlock <address>",
  );
}

async function unlockAccount(args: Arguments, powers: CommandPowers): Promise<void> {
  const terms = parseTerms(args.positional);
  const configDir = args.text("configdir");
  await askDaemon(configDir, { command: "check-unlock", account: terms.account });
  const { input, close } = powers.openInput();
  try {
    const account = checksummed(terms.account);
    const asked = {
      title: "Account password",
      text: `Please enter the password for account ${account}`,
      whose: `of account ${account}`,
    };
    await new PasswordPrompt(input, powers).askTrying(asked, async (password) => {
      const secretBytes = password.use(({ length }) => length);
      const request = { command: "unlock-account", terms, secretBytes } as const;
      powers.print.out(
        sayTerms(
          terms,
          besideOf(await askDaemon(configDir, request, { secret: password, stop: powers.stop })),
        ),
      );
    });
  } finally {
    close();
  }
}

/** For whom it was unlocked before: a narrower unlocking doesn't end a wider one. */
function besideOf(reply: JsonValue): readonly string[] {
  const beside = isObject(reply) ? (reply.get("beside") ?? null) : null;
  return isArray(beside) ? beside.filter((name) => typeof name === "string") : [];
}

function sayTerms(
  { account, caller, forMs, uses }: UnlockTerms,
  beside: readonly string[],
): string {
  const spelt = checksummed(account);
  const still = beside.map(spokenCaller).join(", ");
  return [
    `${spelt} is unlocked for ${spokenCaller(caller)}: ${counted(uses, "signature")} within ${spokenTime(forMs)}.`,
    ...(still === "" ? [] : [`It stays unlocked for ${still} as well: see cleft status.`]),
    `You are still asked about each of them. End it with: cleft lock ${spelt}`,
  ].join("\n");
}

/** @throws Failure `usage` */
function parseTerms([address = "", ...words]: readonly string[]): UnlockTerms {
  const account = parseTypedAddress(address, unlock);
  const given = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [name = "", value] = words.slice(at);
    if (!["for", "uses", "by"].includes(name) || value === undefined || given.has(name)) {
      throw wrong(`expected "for", "uses" or "by" and a value, got ${JSON.stringify(name)}`);
    }
    given.set(name, value);
  }
  return {
    account,
    caller: parseCaller(given.get("by")),
    forMs: parseTime(given.get("for")),
    uses: parseUses(given.get("uses")),
  };
}

function parseCaller(name: string | undefined): string {
  if (name === undefined || name === "any" || isCallerName(name)) return name ?? "any";
  throw wrong(`expected any or one of ${callerNames}, got ${JSON.stringify(name)}`);
}

function parseTime(text: string | undefined): number {
  if (text === undefined) return limits.unlockMsDefault;
  const ms = parseDuration(text) ?? 0;
  if (ms > 0 && ms <= limits.unlockMsMax) return ms;
  throw wrong(`expected a time of at most 24h such as 15m, got ${JSON.stringify(text)}`);
}

function parseUses(text: string | undefined): number {
  if (text === undefined) return limits.unlockUsesDefault;
  const uses = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (uses > 0 && uses <= limits.unlockUsesMax) return uses;
  throw wrong(`expected 1 to ${limits.unlockUsesMax} uses, got ${JSON.stringify(text)}`);
}

function wrong(message: string): Failure {
  return misused(unlock, message);
}
