import type { Hex } from "@cleft/protocol/hex.ts";
import { Failure } from "../../domain/failure.ts";
import { type MethodsOf, methodsAmong, standardMethodsOf } from "../../inspect/selectors.ts";
import { MethodFile } from "../../store/method-file.ts";
import type { Run } from "../powers.ts";

/** Where the methods of calls are looked up. */
export interface MethodBook {
  /** What is known of the method that this data calls, and of no other. Never fails. */
  lookUp(data: Hex | undefined): Promise<MethodsOf>;
}

/** Knows the methods of standard tokens alone. */
export const standardBook: MethodBook = { lookUp: async () => standardMethodsOf };

/**
 * Opens the file of methods. Without it, and from the moment when it can't be read any more, the
 * operator is warned once, and only the methods of standard tokens are known.
 */
export async function openMethodBook({
  methodsFile,
  log,
  cleanups,
}: Pick<Run, "methodsFile" | "log" | "cleanups">): Promise<MethodBook> {
  const warn = (failure: Failure) =>
    log.warn("Only the methods of standard tokens are known", {
      file: methodsFile,
      reason: failure.message,
    });
  const file = await MethodFile.open(methodsFile).catch(expected(warn));
  if (file === undefined) return standardBook;
  cleanups.add(() => file.close());
  let isBroken = false;
  const breaks = (failure: Failure) => {
    if (!isBroken) warn(failure);
    isBroken = true;
  };
  return {
    async lookUp(data = "0x") {
      if (isBroken || data.length < 10) return standardMethodsOf;
      const near = await file.near(data.slice(2, 10)).catch(expected(breaks));
      return near === undefined ? standardMethodsOf : methodsAmong(near);
    },
  };
}

/** Turns a Failure into what is done about it. */
function expected(act: (failure: Failure) => void): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof Failure)) throw error;
    act(error);
  };
}
