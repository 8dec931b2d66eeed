import { join } from "node:path";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { Store, StoredFile } from "../../store/store.ts";
import { type KeyFile, parseKeyFile } from "../keyfile.ts";

/** A key file and where it lies. */
export interface FiledKey {
  readonly path: string;
  readonly keyFile: KeyFile;
}

/** What a file of the folder turned out to be; `unreadable` is tried again at the next listing. */
type Content = KeyFile | "refused" | "unreadable";

interface Entry {
  readonly stamp: string;
  readonly content: Content;
}

/**
 * The files of go-ethereum's keystore directory. Every listing looks at the directory itself and
 * reads what has changed, so that nothing has to be watched and no event can be missed.
 */
export class KeyFolder {
  private readonly parts: { readonly folder: string; readonly store: Store; readonly log: Log };
  private entries: ReadonlyMap<string, Entry> | undefined;
  private reported: ReadonlySet<string> = new Set();
  private last: Promise<unknown> = Promise.resolve();

  constructor(parts: { readonly folder: string; readonly store: Store; readonly log: Log }) {
    this.parts = parts;
  }

  /**
   * All key files, in the order of their names. One listing runs after another, so that each bad
   * file, change and pair of files is reported once.
   */
  files(): Promise<readonly FiledKey[]> {
    const mine = this.last.then(() => this.list());
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** A file as it is now; undefined if it is gone, or is no key file any more. */
  async read(path: string): Promise<KeyFile | undefined> {
    const content = await this.readContent(path, true);
    return typeof content === "object" ? content : undefined;
  }

  private async list(): Promise<readonly FiledKey[]> {
    const entries = new Map<string, Entry>();
    for (const { name, stamp } of await this.candidates()) {
      const before = this.entries?.get(name);
      entries.set(name, { stamp, content: await this.contentOf(name, stamp, before) });
    }
    const before = this.entries;
    this.entries = entries;
    if (before !== undefined) this.reportChanges(before, entries);
    const files = this.keysIn(entries);
    this.reportTwins(files);
    return files;
  }

  private async candidates(): Promise<readonly StoredFile[]> {
    const { folder, store, log } = this.parts;
    const listed = (await store.list(folder)).filter(({ name }) => !isIgnored(name));
    if (listed.length > limits.keyFilesMax) {
      log.warn("Too many files in the keystore, the rest is ignored", { max: limits.keyFilesMax });
    }
    return listed.slice(0, limits.keyFilesMax);
  }

  private async contentOf(name: string, stamp: string, before: Entry | undefined) {
    const isKnown = before?.stamp === stamp;
    if (isKnown && before.content !== "unreadable") return before.content;
    return this.readContent(join(this.parts.folder, name), !isKnown);
  }

  /** A file that is no key file is skipped, with a warning once for each of its versions. */
  private async readContent(path: string, warns: boolean): Promise<Content> {
    const { store, log } = this.parts;
    try {
      const rules = { bytesMax: limits.keyFileBytesMax, private: false };
      const bytes = await store.read(path, rules);
      return bytes === undefined ? "refused" : parseKeyFile(bytes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (warns) log.warn("Skipping a file in the keystore", { path, reason: error.message });
      return error.code === "store.failed" ? "unreadable" : "refused";
    }
  }

  private keysIn(entries: ReadonlyMap<string, Entry>): FiledKey[] {
    return [...entries].flatMap(([name, { content }]) =>
      typeof content === "object"
        ? [{ path: join(this.parts.folder, name), keyFile: content }]
        : [],
    );
  }

  /** A key that comes, goes or changes while we run is worth a line: nobody else may notice. */
  private reportChanges(before: ReadonlyMap<string, Entry>, now: ReadonlyMap<string, Entry>): void {
    const old = byPath(this.keysIn(before));
    const current = byPath(this.keysIn(now));
    for (const [path, keyFile] of current) {
      const was = old.get(path);
      if (was === keyFile) continue;
      this.report(was === undefined ? "A key file appeared" : "A key file changed", path, keyFile);
    }
    for (const [path, keyFile] of old) {
      if (!current.has(path)) this.report("A key file vanished", path, keyFile);
    }
  }

  private report(text: string, path: string, { address }: KeyFile): void {
    this.parts.log.info(text, { address, path });
  }

  /** Two files of one address are listed both, as Clef does, and can't be signed with. */
  private reportTwins(files: readonly FiledKey[]): void {
    const first = new Map<string, string>();
    const twins = new Set<string>();
    for (const { path, keyFile } of files) {
      const { address } = keyFile;
      const one = first.get(address);
      first.set(address, one ?? path);
      if (one === undefined) continue;
      const pair = JSON.stringify([one, path]);
      twins.add(pair);
      if (this.reported.has(pair)) continue;
      const text = "Two key files hold the same account, it can't sign until one is moved away";
      this.parts.log.warn(text, { address, one, other: path });
    }
    this.reported = twins;
  }
}

/** Backups and temporary files, as go-ethereum ignores them. */
function isIgnored(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~");
}

function byPath(files: readonly FiledKey[]): ReadonlyMap<string, KeyFile> {
  return new Map(files.map(({ path, keyFile }) => [path, keyFile]));
}
