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
  /** Names that are no UTF-8, as of the last listing. */
  private unnamable: ReadonlySet<string> = new Set();
  /** How many files the last listing left out. */
  private ignored = 0;
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
    const content = await this.readContent(path, (reason) => this.warnOf(path, reason));
    return typeof content === "object" ? content : undefined;
  }

  private async list(): Promise<readonly FiledKey[]> {
    const skipped = new Skipped((path, reason) => this.warnOf(path, reason));
    const found: [string, Entry][] = [];
    for (const { name, stamp } of await this.candidates(skipped)) {
      const before = this.entries?.get(name);
      found.push([
        name,
        { stamp, content: await this.contentOf(name, stamp, { before, skipped }) },
      ]);
    }
    if (skipped.unnamed > 0) {
      const count = skipped.unnamed;
      this.parts.log.warn("Skipping more files in the keystore", { count });
    }
    const entries = new Map(found.sort(([one], [other]) => (one < other ? -1 : 1)));
    const before = this.entries;
    this.entries = entries;
    if (before !== undefined) this.reportChanges(before, entries);
    const files = this.keysIn(entries);
    this.reportTwins(files);
    return files;
  }

  /** The files to look at. Those that are called as key files are come first: junk can't hide them. */
  private async candidates(skipped: Skipped): Promise<readonly Candidate[]> {
    const { folder, store, log } = this.parts;
    const listed = (await store.list(folder)).filter(({ name }) => !isIgnored(name));
    this.reportUnnamable(
      listed.filter(({ stamp }) => stamp === undefined),
      skipped,
    );
    const named = listed.filter(hasStamp);
    const ignored = Math.max(0, named.length - limits.keyFilesMax);
    if (ignored > 0 && ignored !== this.ignored) {
      const fields = { max: limits.keyFilesMax, ignored };
      log.warn("Too many files in the keystore, the rest is ignored", fields);
    }
    this.ignored = ignored;
    const others = named.filter(({ name }) => !isNamedAsKey(name));
    return [...named.filter(({ name }) => isNamedAsKey(name)), ...others].slice(
      0,
      limits.keyFilesMax,
    );
  }

  /** A key under such a name can't be used: without a word, its owner would take it for lost. */
  private reportUnnamable(files: readonly StoredFile[], skipped: Skipped): void {
    for (const { name } of files) {
      if (this.unnamable.has(name)) continue;
      skipped.add(join(this.parts.folder, name), "its name is not UTF-8, give it another");
    }
    this.unnamable = new Set(files.map(({ name }) => name));
  }

  private async contentOf(
    name: string,
    stamp: string,
    { before, skipped }: { before: Entry | undefined; skipped: Skipped },
  ) {
    const isKnown = before?.stamp === stamp;
    if (isKnown && before.content !== "unreadable") return before.content;
    const path = join(this.parts.folder, name);
    return this.readContent(path, (reason) => {
      if (!isKnown) skipped.add(path, reason);
    });
  }

  /** A file that is no key file is skipped, with a warning once for each of its versions. */
  private async readContent(path: string, skip: (reason: string) => void): Promise<Content> {
    const { store } = this.parts;
    try {
      const rules = { bytesMax: limits.keyFileBytesMax, private: false };
      const bytes = await store.read(path, rules);
      return bytes === undefined ? "refused" : parseKeyFile(bytes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      skip(error.message);
      return error.code === "store.failed" ? "unreadable" : "refused";
    }
  }

  private warnOf(path: string, reason: string): void {
    this.parts.log.warn("Skipping a file in the keystore", { path, reason });
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

/** The files that one listing skips: the first are named, the others counted. */
class Skipped {
  private readonly warn: (path: string, reason: string) => void;
  private count = 0;

  constructor(warn: (path: string, reason: string) => void) {
    this.warn = warn;
  }

  add(path: string, reason: string): void {
    if (++this.count <= limits.skippedNamedMax) this.warn(path, reason);
  }

  get unnamed(): number {
    return Math.max(0, this.count - limits.skippedNamedMax);
  }
}

/** A file that can be opened. */
type Candidate = StoredFile & { readonly stamp: string };

function hasStamp(file: StoredFile): file is Candidate {
  return file.stamp !== undefined;
}

/** As go-ethereum and we name key files. */
function isNamedAsKey(name: string): boolean {
  return name.startsWith("UTC--");
}

/** Backups and temporary files, as go-ethereum ignores them. */
function isIgnored(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~");
}

function byPath(files: readonly FiledKey[]): ReadonlyMap<string, KeyFile> {
  return new Map(files.map(({ path, keyFile }) => [path, keyFile]));
}
