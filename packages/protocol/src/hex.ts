/** A hex text with its `0x`. Data has an even number of digits, a quantity no leading zeros. */
export type Hex = `0x${string}`;

const digits = new TextEncoder().encode("0123456789abcdef");
const ascii = new TextDecoder();

/** Bytes to data, lower case. Of a megabyte too: a text of single digits would be a million pieces. */
export function toHex(bytes: Uint8Array): Hex {
  const text = new Uint8Array(2 * bytes.length);
  let at = 0;
  for (const byte of bytes) {
    text[at++] = digits[byte >> 4] ?? 0;
    text[at++] = digits[byte & 15] ?? 0;
  }
  return `0x${ascii.decode(text)}`;
}

/** A number to a quantity: `0x0` for zero. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

/** Data to bytes. The caller has already checked the digits. */
export function fromHex(data: Hex): Uint8Array {
  const bytes = new Uint8Array((data.length - 2) / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = 16 * nibble(data.charCodeAt(2 + 2 * at)) + nibble(data.charCodeAt(3 + 2 * at));
  }
  return bytes;
}

/** The value of a digit, of either case. */
function nibble(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}
