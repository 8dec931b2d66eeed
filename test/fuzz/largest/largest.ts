import { calldata } from "./calldata.ts";
import { json } from "./json.ts";
import { messages } from "./messages.ts";
import type { Bodies } from "./parts.ts";
import { transactions } from "./transactions.ts";
import { typedData } from "./typed-data.ts";

/** Of each kind the largest that is taken, and what is just too large: text of a body by name. */
export const largest: Bodies = {
  ...json,
  ...transactions,
  ...calldata,
  ...messages,
  ...typedData,
};
