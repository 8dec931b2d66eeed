import { dirname, join } from "node:path";
import { type Finding, ok, warn, wrong } from "@cleft/protocol/doctor.ts";
import { type Check, installAgain, type System, type VaultSetup } from "./check.ts";
import { mark, qrexecFile } from "./installed-file.ts";
import { shellWord, wordsOf } from "./quoting.ts";

/** Both services lie there and can be called. */
export const checkServices: Check = (system, setup) =>
  Promise.all(
    setup.services.map(({ name, path }) => checkService(`service ${name}`, path, system, setup)),
  );

async function checkService(
  name: string,
  path: string,
  system: System,
  setup: VaultSetup,
): Promise<Finding> {
  const status = await system.status(path);
  switch (status?.kind) {
    case undefined:
      return wrong(`${name}: there is none at ${path}`, installAgain(setup));
    case "link":
      return checkLink(name, status.to ?? "", setup);
    case "file":
      break;
    case "folder":
    case "socket":
    case "other":
      return wrong(`${name}: ${path} is no program`, `move it away, then: ${installAgain(setup)}`);
  }
  if ((status.mode & 0o111) === 0) {
    return wrong(`${name}: ${path} can't be run`, `sudo chmod 755 ${path}`);
  }
  const found = (await system.read(path)) ?? { text: "" };
  if ("unreadable" in found) return unreadable(path, found.unreadable);
  const { text } = found;
  if (!text.includes(mark)) return warn(`${name}: ${path} isn't Cleft's`, installAgain(setup));
  return checkScript(name, text, system, setup);
}

function checkLink(name: string, to: string, setup: VaultSetup): Finding {
  const socket = join(setup.configDir, qrexecFile);
  if (to === socket) return ok(`${name} leads to the signer's socket`);
  return wrong(
    `${name} leads to ${to}, the signer's socket is ${socket}`,
    `${installAgain(setup)} --socket-service`,
  );
}

/** The script's last line names Node, the program, the socket and what starts the signer. */
async function checkScript(
  name: string,
  text: string,
  system: System,
  setup: VaultSetup,
): Promise<Finding> {
  const { configDir } = setup;
  const [node = "", program = "", socket = ""] = wordsOf(text.trim().split("\n").at(-1) ?? "");
  for (const [path, needed] of [
    [node, 0o111],
    [program, 0o444],
  ] as const) {
    const status = await system.target(path);
    const isThere = status?.kind === "file" && (status.mode & needed) !== 0;
    if (!isThere)
      return wrong(`${name} runs ${path}, which isn't there any more`, installAgain(setup));
  }
  if (socket === join(configDir, qrexecFile)) return ok(`${name} can be called`);
  return wrong(
    `${name} serves ${socket}, not ${configDir}`,
    `look at that one, with --configdir ${shellWord(dirname(socket))}, or: ${installAgain(setup)}`,
  );
}

/**
 * Nothing of the same name comes first. A service for one argument does in whichever folder it lies:
 * qrexec looks for it in all of them before it looks for one without.
 */
export const checkEarlier: Check = async (system, { services, rpc }) => {
  for (const folder of rpc.all) {
    const isEarlier = rpc.earlier.includes(folder);
    const comesFirst = (name: string) =>
      services.some((service) => isFor(name, service.name) && (isEarlier || name !== service.name));
    const found = (await system.list(folder)).find(comesFirst);
    if (found !== undefined) {
      return wrong(`${join(folder, found)} is called instead of Cleft's`, "move it away");
    }
  }
  return ok("no other service of these names comes first");
};

/** Two settings would take the caller's name, or the answer: none of them may be on. */
export const checkRpcConfig: Check = async (system, { services, rpcConfig }) => {
  const unknown: Finding[] = [];
  for (const folder of rpcConfig) {
    for (const name of await system.list(folder)) {
      if (!services.some((service) => isFor(name, service.name))) continue;
      const path = join(folder, name);
      const found = (await system.read(path)) ?? { text: "" };
      if ("unreadable" in found) {
        unknown.push(unreadable(path, found.unreadable));
        continue;
      }
      const [bad] =
        /^(?:skip-service-descriptor|exit-on-client-eof)[ \t]*=[ \t]*(?:true|1)/m.exec(
          found.text,
        ) ?? [];
      if (bad === undefined) continue;
      const why = bad.startsWith("skip") ? "a caller could name itself" : "late answers are lost";
      return wrong(`${path} has ${bad}: ${why}`, "take the line out");
    }
  }
  if (unknown.length > 0) return unknown;
  return ok("qrexec's settings leave the caller's name and late answers alone");
};

function unreadable(path: string, reason: string): Finding {
  return warn(`${path} is unreadable: ${reason}`, "look at what it is, and move it away");
}

/** A file for a service may be for one argument only. */
function isFor(name: string, service: string): boolean {
  return name === service || name.startsWith(`${service}+`);
}
