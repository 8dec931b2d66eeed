import { limits } from "./limits.ts";
import type { Secret } from "./secret.ts";

/** What is wrong with a new password by Clef's rules, in its words; undefined if nothing is. */
export function passwordProblem(password: Secret): string | undefined {
  return password.use((bytes) => {
    if (bytes.length < limits.passwordBytesMin) {
      return `password too short (<${limits.passwordBytesMin} characters)`;
    }
    const printable = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
    return printable
      ? undefined
      : "password contains invalid characters - only 7bit printable ascii allowed";
  });
}

/** Whether two secrets hold the same bytes. */
export function isSamePassword(one: Secret, other: Secret): boolean {
  return one.use((first) => other.use((second) => Buffer.compare(first, second) === 0));
}
