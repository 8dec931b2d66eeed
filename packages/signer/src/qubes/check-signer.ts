import { join } from "node:path";
import { ok, warn, wrong } from "@cleft/protocol/doctor.ts";
import { type Check, installAgain, type VaultSetup } from "./check.ts";
import { qrexecFile } from "./installed-file.ts";

/** The configuration directory is this user's alone. */
export const checkFolder: Check = async (system, setup) => {
  const { configDir } = setup;
  const status = await system.status(configDir);
  if (status === undefined)
    return warn(`${configDir}: there is none yet`, await startBy(system, setup));
  if (status.kind !== "folder") return wrong(`${configDir} is no folder`, "move it away");
  if ((status.mode & 0o077) === 0) return ok(`${configDir} is this user's alone`);
  const mode = (status.mode & 0o777).toString(8);
  return wrong(`${configDir} has mode ${mode}: others can call`, `chmod 700 ${configDir}`);
};

/** A signer runs and serves qubes. */
export const checkSigner: Check = async (system, setup) => {
  const signer = await system.signer();
  if (signer === undefined) {
    const hint = await startBy(system, setup);
    return (await isDirect(system, setup))
      ? wrong("no signer runs, and a call doesn't start it (--socket-service)", hint)
      : warn("no signer runs: the next call starts it", hint);
  }
  if ("silent" in signer) return wrong(signer.silent, signer.hint);
  if (!signer.qrexec.startsWith("/")) {
    const hint = `end it (Ctrl-C in its window), then: ${await startBy(system, setup)}`;
    return wrong("the signer serves no qubes: it was started without --qrexec", hint);
  }
  if (signer.state === "locked") {
    return warn("the signer is locked: whatever is asked is refused", `${setup.cleft} unlock`);
  }
  return ok(`the signer is ${signer.state}`);
};

/** Somebody listens at the socket, and nobody else can reach it. */
export const checkSocket: Check = async (system, setup) => {
  const { configDir } = setup;
  const path = join(configDir, qrexecFile);
  const status = await system.status(path);
  if (status === undefined) {
    return warn(`${path}: there is none, it comes with the signer`, await startBy(system, setup));
  }
  if (status.kind !== "socket") return wrong(`${path} is no socket`, "move it away");
  if ((status.mode & 0o077) !== 0) {
    const mode = (status.mode & 0o777).toString(8);
    return wrong(`${path} has mode ${mode}: others can name themselves`, `chmod 600 ${path}`);
  }
  if (await system.listens(path)) return ok(`${path} answers`);
  return warn(
    `${path}: its signer has ended, the next one replaces it`,
    await startBy(system, setup),
  );
};

/** What opens the window is there. */
export const checkStart: Check = async (system, setup) => {
  const { start, autostart } = setup;
  const status = await system.status(start);
  if (status?.kind !== "file" || (status.mode & 0o111) === 0) {
    return wrong(`${start}: there is no such program`, installAgain(setup));
  }
  if ((await system.status(autostart)) !== undefined) return ok("Cleft starts with the session");
  return warn("Cleft doesn't start with the session, but with the first call", installAgain(setup));
};

/** The window has a screen to open at. */
export const checkDisplay: Check = async ({ env }) => {
  const display = env["WAYLAND_DISPLAY"] || env["DISPLAY"];
  if (display) return ok(`there is a screen: ${display}`);
  return warn(
    "there is no screen here (no DISPLAY): a window can't be opened",
    "run this in a terminal of the vault; a minimal template needs qubes-gui and a terminal",
  );
};

/** A vault has no network. */
export const checkNetwork: Check = async (system) => {
  const others = (await system.interfaces()).filter((name) => name !== "lo");
  if (others.length === 0) return ok("there is no network");
  return warn(
    `there is a network: ${others.join(", ")}`,
    "in dom0: qvm-prefs THIS-QUBE netvm '', then restart the qube",
  );
};

/** What starts the signer; where that isn't installed yet, what installs it comes before. */
async function startBy(...[system, setup]: Parameters<Check>): Promise<string> {
  const isThere = (await system.status(setup.start)) !== undefined;
  return isThere ? setup.start : `${installAgain(setup)}, then: ${setup.start}`;
}

async function isDirect(system: Parameters<Check>[0], { services }: VaultSetup): Promise<boolean> {
  const all = await Promise.all(services.map(({ path }) => system.status(path)));
  return all.some((status) => status?.kind === "link");
}
