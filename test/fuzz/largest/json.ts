import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { type Bodies, fill, raw, request, room, sign, times } from "./parts.ts";

const { bodyBytesMax } = limits;
const { valuesMax } = limits.json;

/** JSON of all shapes, and envelopes. */
export const json: Bodies = {
  "white space": () => fill(" ", bodyBytesMax),
  "white space around": () => `${fill(" \n", room)}${raw("[]")}`,
  "one text": () => `"${fill("x", room)}"`,
  "one text of non-ASCII": () => `"${fill("é", room / 2)}"`,
  "one text of escapes": () => `"${fill("\\u00e9", room)}"`,
  "one text of quotes": () => `"${fill('\\"', room)}"`,
  "one text of backslashes": () => `"${fill("\\\\", room)}"`,
  "text without end": () => `"${fill('\\"', room)}`,
  "one number": () => fill("7", bodyBytesMax),
  values: () => `[${fill("1,", room)}1]`,
  "as many values as may be": () => raw(`[${fill("{},", 3 * (valuesMax - 20))}1]`),
  members: () => raw(`[{${times(valuesMax - 20, (at) => `"k${at}":{}`).join()}}]`),
  "long names": () => raw(`[{${times(1000, (at) => `"${fill(`k${at}`, 4900)}":1`).join()}}]`),
  "open brackets": () => fill("[", room),
  "a long id": () => `{"jsonrpc":"2.0","id":"${fill("<", room)}","method":"account_version"}`,
  "a number as id": () => `{"jsonrpc":"2.0","id":${fill("7", room)},"method":"account_version"}`,
  "a long method": () => `{"jsonrpc":"2.0","id":1,"method":"${fill("<", room)}"}`,
  "a long method of a subscription": () =>
    `{"jsonrpc":"2.0","id":1,"method":"${fill("<", room)}_subscribe"}`,
  "a batch of versions": () => `[${fill(`${raw("[]")},`, 90_000)}${raw("[]")}]`,
  "a batch of recoveries": () =>
    `[${times(200, () => request("account_ecRecover", `0x${fill("ab", 4600)}`, `0x${fill("11", 128)}1b`)).join()}]`,
  "a batch of transactions": () =>
    `[${times(50, () => sign({ data: `0x${fill("00", 4000)}` })).join()}]`,
  "no batch": () => `[${fill("1,", 190_000)}1]`,
};
