import { type AuthorizationRequest, authorizationForm } from "./authorization.ts";
import { type CliqueHeader, cliqueForm } from "./clique.ts";
import type { MessageForm } from "./message-form.ts";
import { type SafeTx, safeTxForm } from "./safe-tx.ts";
import { type Text, textForm } from "./text.ts";
import { type TypedData, typedDataForm } from "./typed-data/typed-data.ts";
import { type ValidatorData, validatorForm } from "./validator.ts";

/** Something other than a transaction that can be signed, parsed. */
export type Message =
  | Text
  | TypedData
  | ValidatorData
  | CliqueHeader
  | SafeTx
  | AuthorizationRequest;

/** THE LIST of messages: their form. */
export function formOf(message: Message): MessageForm {
  switch (message.tag) {
    case "text":
      return textForm(message);
    case "typed-data":
      return typedDataForm(message);
    case "validator":
      return validatorForm(message);
    case "clique":
      return cliqueForm(message);
    case "safe-tx":
      return safeTxForm(message);
    case "authorization":
      return authorizationForm(message);
  }
}

/** The chain that a message is for, as the caller wrote it; undefined if it names none. */
export function chainIdOf(message: Message): bigint | undefined {
  switch (message.tag) {
    case "text":
    case "validator":
    case "clique":
      return undefined;
    case "typed-data":
      return message.chainId;
    case "safe-tx":
      return message.typed.chainId;
    case "authorization":
      // One for every chain names none; whether that may be is judged with the delegate.
      return message.chainId === 0n ? undefined : message.chainId;
  }
}
