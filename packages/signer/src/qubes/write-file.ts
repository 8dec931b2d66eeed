import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, open, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure, isSystemError, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { type InstalledFile, mark, qrexecFile } from "./installed-file.ts";
import { readRefusingLinks } from "./read-text.ts";

/** What became of a file. `kept` names the copy of what lay there and wasn't ours. */
export type Written =
  | { readonly what: "written" | "replaced" | "unchanged" }
  | { readonly what: "kept"; readonly copy: string };

/**
 * Writes an installed file: it is there whole, with its mode, or as before. What lies in its place and
 * isn't an installation's is renamed to `….before-cleft`, which can't be run.
 * @throws Failure `store.refused` if such a copy is there already, `store.failed` for the system's no
 */
export async function writeInstalled(file: InstalledFile): Promise<Written> {
  const { path } = file;
  try {
    const there = await lookAt(file);
    if (there === "same") return { what: "unchanged" };
    await makeFolder(file);
    const beside = await writeBeside(file);
    try {
      const copy = there === "foreign" ? await keep(path) : undefined;
      await rename(beside, path);
      if (copy !== undefined) return { what: "kept", copy };
    } finally {
      await rm(beside, { force: true });
    }
    return { what: there === "absent" ? "written" : "replaced" };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure("store.failed", `${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function lookAt({ path, content }: InstalledFile) {
  const status = await statusOf(path);
  if (status === undefined) return "absent";
  if (status.isSymbolicLink()) {
    const to = await readlink(path);
    if (content.kind === "link" && to === content.to) return "same";
    return basename(to) === qrexecFile ? "ours" : "foreign";
  }
  // No installation writes as much, and reading it all could take more memory than there is.
  if (!status.isFile() || status.size > limits.installedBytesMax) return "foreign";
  const text = await readRefusingLinks(path);
  const isSame = content.kind === "text" && text === content.text;
  if (isSame && (status.mode & 0o777) === content.mode) return "same";
  return text.includes(mark) ? "ours" : "foreign";
}

/** Folders that root makes are for everybody to read, whatever the umask is. */
async function makeFolder({ path, owner }: InstalledFile): Promise<void> {
  const first = await mkdir(dirname(path), { recursive: true });
  if (first === undefined || owner === "user") return;
  for (let made = dirname(path); made.length >= first.length; made = dirname(made)) {
    await chmod(made, 0o755);
  }
}

async function writeBeside({ path, content }: InstalledFile): Promise<string> {
  // A dot first: no service and no autostart file is called so.
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  if (content.kind === "link") {
    await symlink(content.to, beside);
    return beside;
  }
  const file = await open(beside, "wx", content.mode);
  try {
    await file.writeFile(content.text);
    await file.chmod(content.mode);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
}

async function keep(path: string): Promise<string> {
  const copy = `${path}.before-cleft`;
  if ((await statusOf(copy)) !== undefined) {
    throw new Failure("store.refused", `${path} isn't of this installation, nor is ${copy}`, {
      hint: `look at both, and move ${copy} away`,
    });
  }
  await rename(path, copy);
  // A service under another name would be one all the same.
  if ((await lstat(copy)).isFile()) await chmod(copy, 0o644);
  return copy;
}

async function statusOf(path: string) {
  return lstat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
}
