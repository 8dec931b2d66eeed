/**
 * THE LIST of what is never signed unless the operator's start-up configuration permits it by this
 * name: no rule, window or caller can.
 */
export const permits = {
  "authorization-any-chain": "authorizations for chain 0, which count on every chain",
  "authorization-any-delegate": "authorizations for contracts that aren't among the delegates",
} as const;

export type Permit = keyof typeof permits;

/** Whether there is such a permit. */
export function isPermit(name: string): name is Permit {
  return Object.hasOwn(permits, name);
}
