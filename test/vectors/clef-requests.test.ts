import { considerTransaction } from "../../packages/signer/src/daemon/consider.ts";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { callerWith, findingsFor } from "../../packages/signer/src/domain/fakes.ts";
import { parseChainId } from "../../packages/signer/src/domain/quantity.ts";
import { parseTransactionArgs } from "../../packages/signer/src/signable/transaction-args.ts";
import { hasShared } from "../support/shared.ts";
import { attempt, readVectors, testVectors, type Verdict } from "./tally.ts";
import { jsonOf } from "./typed-data/wire.ts";

const file = "typed-data/clef-cli-requests.json";

interface Asked {
  readonly name: string;
  readonly request: { readonly params: readonly [{ readonly chainId?: string }] };
}

/** Its chain is served, and warnings reject, as by default. */
function judge({ name, request }: Asked): Verdict {
  const [tx] = request.params;
  const chainId = parseChainId(BigInt(tx.chainId ?? 1));
  if (chainId === undefined) throw new Error("no chain");
  const { signal: gone } = new AbortController();
  const asking = { id: "1", method: "account_signTransaction", caller: callerWith(), gone };
  const lists = { chains: [chainId], delegates: [], permits: [] };
  const judgeSettings = { chainId, ...lists, findings: findingsFor("reject") };
  const settings = { judgeSettings, generation: () => 1 };
  const answer = attempt(() =>
    considerTransaction(parseTransactionArgs(jsonOf(tx)), asking, settings),
  );
  const refused = answer instanceof Failure;
  if (refused === name.includes("exp_fail")) return "pass";
  if (!refused)
    return name.includes("checksum") ? { refused: "lower case" } : { wrong: "accepted" };
  const isUnknown = /signature \w+ not found$/.test(answer.message);
  return isUnknown ? { refused: "unknown method" } : { wrong: answer.message };
}

testVectors(
  [
    {
      file,
      passesMin: 3,
      cases: () =>
        readVectors<Asked[]>(file).map((asked) => ({ name: asked.name, run: () => judge(asked) })),
    },
  ],
  { skip: !hasShared },
);
