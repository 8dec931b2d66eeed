import { type OpenKeys, openKeys } from "../daemon/open-keys.ts";
import type { Input } from "../window/input.ts";
import type { Arguments } from "./arguments.ts";
import type { CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";

/** Opens the keyboard (or pipe) and the keys for one command, and closes both whatever happens. */
export async function withKeys(
  args: Arguments,
  powers: CommandPowers,
  use: (parts: { readonly input: Input; readonly keys: OpenKeys }) => Promise<void>,
): Promise<void> {
  const { input, close } = powers.openInput();
  const keys = openKeys(keysConfig(args), powers);
  try {
    await use({ input, keys });
  } finally {
    close();
    await keys.close();
  }
}
