import type { Turn } from "../../approval/queue.ts";
import type { Account } from "../../domain/account.ts";
import type { Address } from "../../domain/address.ts";
import { nameOf } from "../../domain/caller.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { isSamePassword, passwordProblem } from "../../domain/new-password.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Recording } from "../../vault/source/source.ts";
import { denied } from "./agree.ts";
import { askedTurn } from "./asked-turn.ts";
import type { Asking, HandleParts } from "./asking.ts";
import { Records } from "./records.ts";

/**
 * `account_new`: ask; take a password, twice; make the key; write it down; only then keep its file,
 * and only then tell anybody. A crash behind the record leaves an account that nobody was told.
 */
export async function newAccount(asking: Asking, parts: HandleParts): Promise<Address> {
  const { callers, queue, vault } = parts;
  const records = new Records(asking, { about: "account", account: "" }, parts);

  return askedTurn(asking, "new account", parts, (turn) =>
    records.closing(turn, async () => {
      const { approved } = await turn.ask("newAccount", { caller: asking.caller });
      if (!approved) throw denied();
      records.agreed();
      callers.derivation(asking.caller, queue.decider);
      const password = await askNewPassword(turn);
      const recording: Recording = async (address, effect) => {
        await records.creation(address, queue.decider);
        return effect();
      };
      const account = await vault.create(password, recording, turn.check);
      tellUnseen(asking, account, parts);
      turn.tell({ kind: "created", account });
      return account.address;
    }),
  );
}

/** What cleft.toml says doesn't change by itself: the operator writes the new account down, or not. */
function tellUnseen({ caller }: Asking, account: Account, { callers, log }: HandleParts): void {
  if (callers.seen(caller, [account]).length > 0) return;
  const fields = { caller: nameOf(caller.identity), account: account.address };
  log.warn("The caller may not use the account that it asked for", {
    ...fields,
    hint: "add it to the qube's accounts in cleft.toml",
  });
}

/** Asks as often as Clef does, and each time twice: a slip would lock the key away. */
async function askNewPassword(turn: Turn): Promise<Secret> {
  for (let attempt = 0; attempt < limits.passwordTries; attempt++) {
    const { password } = await turn.ask("newPassword", { attempt, again: false });
    const problem = passwordProblem(password) ?? (await repeated(password, attempt, turn));
    if (problem === undefined) return password;
    password.wipe();
    const tried = `Account creation attempt #${attempt + 1} failed`;
    turn.tell({ kind: "complaint", text: `${tried} due to password requirements: ${problem}` });
  }
  throw new Failure("password.weak", "account creation failed");
}

async function repeated(
  password: Secret,
  attempt: number,
  turn: Turn,
): Promise<string | undefined> {
  try {
    const { password: second } = await turn.ask("newPassword", { attempt, again: true });
    const same = isSamePassword(password, second);
    second.wipe();
    return same ? undefined : "the two passwords differ";
  } catch (error) {
    password.wipe();
    throw error;
  }
}
