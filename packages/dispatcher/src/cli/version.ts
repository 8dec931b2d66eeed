/** Set to the package's version when it is bundled. */
declare const __CLEFT_VERSION__: string;

export const version: string =
  typeof __CLEFT_VERSION__ === "undefined" ? "unbuilt" : __CLEFT_VERSION__;

/** What the dispatcher says of itself to a signer. */
export const client = `cleft-dispatcher/${version}`;
