import { flagLines } from "./flags.ts";
import { version } from "./version.ts";

/** `cleft-dispatcher help` */
export function helpText(): string {
  return `NAME:
   cleft-dispatcher - carries a dapp's requests to the signer

USAGE:
   cleft-dispatcher [options] [command]

VERSION:
   ${version}

COMMANDS:
   (none)     Serve HTTP on this machine
   doctor     Say what is wrong between here and the signer, and what to do
   help       Show this

OPTIONS:
${flagLines().join("\n")}

EXAMPLES:
   cleft-dispatcher                          # in a qube: dom0's policy says which qube signs
   cleft-dispatcher --qrexec @default+defi   # as the caller "work, profile defi"
   cleft-dispatcher --ipc ~/.clef/clef.ipc   # on a plain host`;
}
