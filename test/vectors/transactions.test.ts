import { hasShared } from "../support/shared.ts";
import { readVectors, testVectors, type VectorFile } from "./tally.ts";
import { ethersFiles } from "./transactions/ethers.ts";
import { rawFiles } from "./transactions/raw.ts";
import { ethereumjs, trezorFiles, web3js } from "./transactions/signers.ts";
import { viem } from "./transactions/viem.ts";

const eip7702: VectorFile = {
  file: "transactions/eth-sig-util-sign-eip7702-authorization.json",
  passesMin: 0,
  cases: () =>
    readVectors<{ test: string }[]>(
      "transactions/eth-sig-util-sign-eip7702-authorization.json",
    ).map(({ test }) => ({
      name: test,
      run: () => ({ refused: "authorization, later" }) as const,
    })),
};

testVectors([...ethersFiles, ...rawFiles, ethereumjs, ...trezorFiles, web3js, viem, eip7702], {
  skip: !hasShared,
});
