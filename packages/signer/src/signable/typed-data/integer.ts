import { JsonNumber, type JsonValue } from "@cleft/protocol/json.ts";

/**
 * An integer from a decimal or hex text or a JSON number, every digit of it; undefined for anything
 * else. Bounded: nothing beyond 256 bits in hex or 78 digits in decimal is worked on.
 */
export function parseInteger(untrusted: JsonValue | undefined): bigint | undefined {
  if (untrusted instanceof JsonNumber) return parseJsonInteger(untrusted.text);
  if (typeof untrusted !== "string") return undefined;
  const isInteger = /^(?:-?\d{1,78}|0[xX][0-9a-fA-F]{1,64})$/.test(untrusted);
  return isInteger ? BigInt(untrusted) : undefined;
}

/** JSON has one kind of number: `7.0` and `1e21` are integers too, and exact ones. */
function parseJsonInteger(text: string): bigint | undefined {
  const [, sign, whole, fraction = "", exponent = "0"] =
    /^(-?)(\d{1,78})(?:\.(\d{1,78}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = fraction.replace(/0+$/, "");
  const zeros = Number(exponent) - digits.length;
  if (zeros < 0) return undefined;
  const value = BigInt(whole + digits) * 10n ** BigInt(zeros);
  return sign === "-" ? -value : value;
}
