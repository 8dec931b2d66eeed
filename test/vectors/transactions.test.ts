import { hasShared } from "../support/shared.ts";
import { testVectors } from "./tally.ts";
import { ethSigUtil } from "./transactions/authorizations.ts";
import { ethersFiles } from "./transactions/ethers.ts";
import { rawFiles } from "./transactions/raw.ts";
import { ethereumjs, trezorFiles, web3js } from "./transactions/signers.ts";
import { viem } from "./transactions/viem.ts";

testVectors([...ethersFiles, ...rawFiles, ethereumjs, ...trezorFiles, web3js, viem, ethSigUtil], {
  skip: !hasShared,
});
