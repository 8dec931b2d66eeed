import { type Entry, encodeRecord, firstLink, linkAfter } from "./record.ts";

const asked = { caller: "loopback:default", method: "account_signTransaction" };

/** An intent as the daemon writes it. */
export function intent(request: string): Entry {
  return {
    ...asked,
    type: "intent",
    request,
    account: `0x${"a".repeat(40)}`,
    kind: "fee-market",
    chainId: "1",
    nonce: "0",
    to: `0x${"b".repeat(40)}`,
    valueWei: "1",
    feeMaxWei: "2",
    preimage: `0x${"c".repeat(64)}`,
    decider: "person",
    shown: "Send 1 ETH",
  };
}

/** The outcome of a request that was signed. */
export function outcome(request: string): Entry {
  return { type: "outcome", request, signed: `0x${"d".repeat(64)}` };
}

export function refusal(request: string): Entry {
  return { ...asked, type: "refusal", request, account: "", failure: "request.denied" };
}

/** An act of the operator, and its end. */
export function act(request: string): Entry {
  return { type: "act", request, caller: "cli", method: "newaccount", account: "" };
}

export function done(request: string): Entry {
  return { type: "done", request };
}

/** The lines of a chain of entries, with their newlines. */
export function chainOf(entries: readonly Entry[]): Uint8Array[] {
  let link = firstLink;
  return entries.map((entry) => {
    const line = encodeRecord(entry, link, 0);
    link = linkAfter(link, line.subarray(0, -1));
    return line;
  });
}
