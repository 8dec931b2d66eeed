import { createPublicClient, http } from "viem";
import { foundry } from "viem/chains";
import { afterAll, beforeAll } from "vitest";
import { type Anvil, startAnvil } from "../support/anvil.ts";
import { root } from "../support/shared.ts";
import { type Home, makeHome, type Signer, startSigner } from "../support/signer.ts";

/** A chain, and a signer that serves it: from before a file's first test until after its last. */
export function signerOfChain(prepare: (home: Home) => void = () => undefined) {
  let [anvil, signer]: [Anvil?, Signer?] = [];
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("it isn't started yet");
    return part;
  };

  beforeAll(async () => {
    const home = makeHome({ sample: true });
    prepare(home);
    const args = ["--chainid", String(foundry.id)];
    [anvil, signer] = await Promise.all([startAnvil(root), startSigner({ home, args })]);
  });

  afterAll(async () => {
    await Promise.all([anvil?.stop(), signer?.stop()]);
    signer?.home.remove();
  });

  return {
    signer: () => there(signer),
    /** Where the chain serves. */
    url: () => there(anvil).url,
    chain: () => createPublicClient({ chain: foundry, transport: http(there(anvil).url) }),
  };
}
