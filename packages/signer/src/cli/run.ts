import { runDaemon } from "../daemon/assemble.ts";
import type { Config } from "../daemon/config.ts";
import { permits } from "../domain/permit.ts";
import type { Arguments } from "./arguments.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { Command, CommandPowers } from "./command.ts";
import { parseConfig } from "./config.ts";
import { warnIfAbsent } from "./keystore-folder.ts";

/** `cleft`: serve until stopped. */
export const run: Command = {
  name: "",
  usage: [["(none)", "Serve requests"]],
  run: serve,
};

async function serve(args: Arguments, powers: CommandPowers): Promise<void> {
  const { print, stdin, stdout } = powers;
  const config = parseConfig(args, powers);
  const opened = config.window === "stdio" ? undefined : powers.openInput();
  try {
    await confirmBootWarning(args, powers, opened?.input);
    explain(config, args, powers);
    await runDaemon(config, {
      ...powers,
      ...(opened === undefined ? {} : { terminal: { ...opened, screen: print } }),
      stdio: { input: stdin, write: (line) => stdout.write(line) },
    });
  } finally {
    opened?.close();
  }
}

/** What the operator has to know before the first request. */
function explain(config: Config, args: Arguments, { print }: CommandPowers): void {
  print.info("Starting signer", {
    chainid: config.chainId,
    ...(config.chains.length > 1 ? { chains: config.chains.join(",") } : {}),
    keystore: config.keystore,
    configdir: config.configDir,
    "light-kdf": config.kdf === "light",
    advanced: args.on("advanced"),
  });
  warnIfAbsent(config.keystore, print);
  for (const permit of config.permits) {
    print.warn("Something dangerous is permitted", { permit, means: permits[permit] });
  }
  for (const flag of args.givenWith("later")) print.warn("This flag has no effect yet", { flag });
  if (config.http === "off" && config.ipc === "off" && config.qrexec === "off") {
    print.warn("No way in is open: add --http or --qrexec, or leave out --ipcdisable");
  }
  if (config.window === "none") {
    print.warn("No terminal: whatever needs a person is refused, add --stdio-ui");
  }
}
