/**
 * Bytes as text, every byte that is part of no valid sequence as U+FFFD: so does Go's JSON encoder,
 * where a TextDecoder may take several bytes for one mark.
 */
export function decodeLossy(bytes: Uint8Array): string {
  const whole = decodeStrict(bytes);
  if (whole !== undefined) return whole;
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    text += length === 0 ? "\ufffd" : decoder.decode(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return text;
}

/** Bytes as text if all of them are, otherwise undefined. */
export function decodeStrict(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many bytes the valid sequence at a place has; 0 if there is none (RFC 3629, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const [low, high] = secondByte.get(lead) ?? [0x80, 0xbf];
  if (lead < 0xc2 || lead > 0xf4 || !isBetween(bytes[at + 1], low, high)) return 0;
  for (let next = 2; next < length; next++) {
    if (!isBetween(bytes[at + next], 0x80, 0xbf)) return 0;
  }
  return length;
}

/** Narrower second bytes: no overlong form, no surrogate, nothing above U+10FFFF. */
const secondByte: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

function isBetween(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}
