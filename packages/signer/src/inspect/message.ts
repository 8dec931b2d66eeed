import type { Review } from "../domain/review.ts";
import type { Message } from "../signable/messages.ts";
import { inspectText } from "./kinds/text.ts";
import { inspectTypedData } from "./kinds/typed-data.ts";

/** Says what a message would do. Pure: what it shows comes from the value whose bytes are signed. */
export function inspectMessage(message: Message): Review {
  switch (message.tag) {
    case "text":
      return inspectText(message);
    case "typed-data":
      return inspectTypedData(message);
  }
}
