import { considerTransaction } from "../../packages/signer/src/daemon/request/consider.ts";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { callerWith, findingsFor } from "../../packages/signer/src/domain/fakes.ts";
import { parseChainId } from "../../packages/signer/src/domain/quantity.ts";
import { methodsAmong } from "../../packages/signer/src/inspect/selectors.ts";
import { parseTransactionArgs } from "../../packages/signer/src/signable/transaction-args.ts";
import { MethodFile } from "../../packages/signer/src/store/method-file.ts";
import { hasShared, root } from "../support/shared.ts";
import { attempt, readVectors, testVectors, type Verdict } from "./tally.ts";
import { jsonOf } from "./typed-data/wire.ts";

const file = "typed-data/clef-cli-requests.json";

interface Asked {
  readonly name: string;
  readonly request: {
    readonly params: readonly [{ readonly chainId?: string; readonly data: string }];
  };
}

/** Its chain is served, and warnings reject, as by default. */
async function judge({ name, request }: Asked): Promise<Verdict> {
  const [tx] = request.params;
  const chainId = parseChainId(BigInt(tx.chainId ?? 1));
  if (chainId === undefined) throw new Error("no chain");
  const { signal: gone } = new AbortController();
  const asking = { id: "1", method: "account_signTransaction", caller: callerWith(), gone };
  const lists = { chains: [chainId], delegates: [], permits: [] };
  const judgeSettings = { chainId, ...lists, findings: findingsFor("reject") };
  const methods = await MethodFile.open(`${root}packages/signer/dist/methods.bin`);
  const methodsOf = methodsAmong(await methods.near(tx.data.slice(2, 10)));
  await methods.close();
  const settings = { judgeSettings, generation: () => 1, methodsOf };
  const answer = attempt(() =>
    considerTransaction(parseTransactionArgs(jsonOf(tx)), asking, settings),
  );
  const refused = answer instanceof Failure;
  if (refused === name.includes("exp_fail")) return "pass";
  if (!refused)
    return name.includes("checksum") ? { refused: "lower case" } : { wrong: "accepted" };
  return { wrong: answer.message };
}

testVectors(
  [
    {
      file,
      passesMin: 4,
      cases: () =>
        readVectors<Asked[]>(file).map((asked) => ({ name: asked.name, run: () => judge(asked) })),
    },
  ],
  { skip: !hasShared },
);
