import { samplePassword } from "../support/signer.ts";
import { type Answerer, approveAll } from "../support/stdio-window.ts";

/** What a window says to everything. */
export type Answers = "no" | "yes" | "change" | "nonsense";

/** A window that says the same to everything. */
export function answering(kind: Answers): Answerer {
  const yes = approveAll(samplePassword);
  return (message) => {
    const answer = yes(message);
    if (kind === "yes" || answer === undefined) return answer;
    if (kind === "no") return { approved: false };
    if (kind === "nonsense") return { approved: "x", transaction: [message.params], accounts: 1 };
    const [{ transaction }] = message.params as [{ transaction?: object }];
    return transaction === undefined
      ? answer
      : { approved: true, transaction: changed(transaction) };
  };
}

function changed(transaction: object): object {
  return { ...transaction, gas: "0xffff", value: "0x0", maxPriorityFeePerGas: "0x1" };
}
