import type { Review } from "../domain/review.ts";
import type { CliqueHeader } from "../signable/clique.ts";
import type { Message } from "../signable/messages.ts";
import type { SignInContext } from "./checks/sign-in.ts";
import { inspectAuthorization } from "./kinds/authorization.ts";
import { inspectCliqueHeader } from "./kinds/clique.ts";
import { inspectSafeTx } from "./kinds/safe-tx.ts";
import { inspectText } from "./kinds/text.ts";
import { inspectTypedData } from "./kinds/typed-data.ts";
import { inspectValidatorData } from "./kinds/validator.ts";
import type { MethodsOf } from "./selectors.ts";

/** What a message alone can't tell. */
export interface Known extends SignInContext {
  /** Whether another header of the same number may have been signed. */
  readonly sealedBefore: (header: CliqueHeader) => boolean;
  readonly methodsOf: MethodsOf;
}

/** Says what a message would do. Pure: what it shows comes from the value whose bytes are signed. */
export function inspectMessage(message: Message, known: Known): Review {
  switch (message.tag) {
    case "safe-tx":
      return inspectSafeTx(message, known.methodsOf);
    case "text":
      return inspectText(message, known);
    case "typed-data":
      return inspectTypedData(message);
    case "validator":
      return inspectValidatorData(message);
    case "clique":
      return inspectCliqueHeader(message, { sealedBefore: known.sealedBefore(message) });
    case "authorization":
      return inspectAuthorization(message);
  }
}
