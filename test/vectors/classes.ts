/**
 * Why a case of a vector file has no verdict of its own: each class is a decision, and every case
 * that is in one is counted. `later` ones wait for a kind of thing that isn't signed yet.
 */
export const classes = {
  unprotected: "a signature without a chain is valid on every chain: it can't be asked for",
  "chain 0": "no chain has the number 0: refused, never signed without one",
  "gas beyond 64 bits": "no block has room for it, and go-ethereum's gas has 64 bits: refused",
  "no such form": "the file has no signed form of this type for this case",
  "no blobs": "a blob transaction without a hash, which no block takes: refused",
  "short blobs": "its blobs have two bytes, which no blob has: refused",
  "another chain": "valid on another chain than the file's: the configured chains decide",
  "mixed record": "key, sender and signature of the record belong to different accounts",
  "foreign chain": "the envelope of another chain's node: nobody signs it",
  "reads raw bytes": "the signer writes envelopes and signatures of its own and never reads one",
  "rule of the chain": "the chain refuses it, whoever signs it; the fields are well formed",
  "rule of Trezor": "refused by the device's own screens, nothing is wrong with the fields",
  "no expectation": "the file says what to sign but not what comes out",
  "helper of viem": "a helper of the library without a counterpart in a signer",
  "API of web3": "options of the library's own functions",
  "API of the library": "checks of the library's own arguments",
  "not a call": "constructors, events, errors and packed encodings are no calldata of a method",
  "values beyond the data": "more values than the data has words: refused, the work is bounded",
  "stuffed data": "it has more than the values need: decoded, and called a mismatch on the screen",
  "array of length 0": "Solidity has no such type: the signature is refused",
  "x above the order": "its recovery id is 2 or 3, which no signature of Ethereum has",
  "no MAC of its own": "the file repeats the MAC of its pbkdf2 case; what decrypts is equal",
  "twin keys": "of two equal keys a filter in front may have read the other: refused",
  "no ABI type": "structs, enums and contracts by name are no types of the ABI",
  "DER only": "the fault is in the DER encoding; the product's signatures are r, s and a parity",
  "short derived key": "a key file needs 32 bytes of derived key, the case has fewer",
  "no address": "a key file without an address is skipped; cleft account import takes it",
  "no domain": "a domain without any field is valid everywhere: refused",
  "domain of its own": "fields or types in a domain that EIP-712 doesn't have: refused",
  "domain as message": "libraries hash a message that is its own domain in two ways: refused",
  "converted value": "no value of its type: the library turns it into one, the signer refuses it",
  "field too many": "the type has no such field: the library drops it, the signer refuses it",
  "field too few": "a field without a value: the library has a rule of its own, the signer refuses",
  "undefined type": "a struct that has no type of its own: refused",
  "endless type": "a struct that holds itself has no end without a null: refused",
  "before EIP-712": "version 1 of signTypedData: lists of values, never standardised",
  "rule of V3": "version 3 of signTypedData knows no arrays: version 4 is the standard",
  "implementations differ": "libraries hash this in different ways: as it is written, as in Clef",
  "narrower library": "the library knows only the long names of uint and int: as in Clef, both",
  "lower case":
    "an address in lower case carries no checksum: Clef refuses it, docs/DIVERGENCES.md",
  "no sign-in by the grammar":
    "the library reads what EIP-4361 does not allow: shown as a text, with a warning",
  "rule of the verifier": "times, nonces and domains are what the verifier knows, not the signer",
  "nothing to sign": "a validator's data is empty: refused, as in Clef",
  "beyond a bound": "refused by a bound of domain/limits.ts",
} as const;

export type VectorClass = keyof typeof classes;
