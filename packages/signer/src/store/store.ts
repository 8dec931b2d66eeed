/**
 * A file of a folder. `stamp` differs once the content may have changed; there is none where the
 * name is no UTF-8: then `name` is how to say it, with `\xff` for a byte, and nothing opens the file.
 */
export interface StoredFile {
  readonly name: string;
  readonly stamp: string | undefined;
}

/**
 * What may be read: at most `bytesMax` bytes; `private` also refuses a mode wider than 0600 and
 * another owner; `"readable"` lets others read what its owner, or root, alone can write.
 */
export interface ReadRules {
  readonly bytesMax: number;
  readonly private: boolean | "readable";
}

/**
 * Port: everything that is kept. Files appear whole or not at all, are synced before a call
 * returns, readable by their owner only, and never reached through a symbolic link. What the system
 * refuses is a Failure `store.failed`.
 */
export interface Store {
  /** The regular files of a folder, sorted by name; none if the folder doesn't exist. */
  list(folder: string): Promise<readonly StoredFile[]>;
  /**
   * A file's bytes, or undefined if there is none.
   * @throws Failure `store.refused` for a link, a wide mode, another owner or a file too large.
   */
  read(path: string, rules: ReadRules): Promise<Uint8Array | undefined>;
  /** Replaces a file or makes it, and its folder. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Makes a file and its folder. @throws Failure `store.refused` if it exists. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Opens a file that only grows, made if absent. Private. */
  openJournal(path: string): Promise<Journal>;
  /**
   * Opens a file that somebody else may be writing to, as long as it is now, or undefined if there
   * is none. Changes nothing and asks for no mode: it may be a copy on another disk.
   */
  openSnapshot(path: string): Promise<Snapshot | undefined>;
  /**
   * Adds to the end of a log, made if absent, without syncing. It is private from then on. Its folder must be there: a
   * person named it, and a slip makes none. One that would grow over `bytesMax` is put aside as
   * `<path>.1` first. A failed append leaves no part of `bytes` behind.
   * @throws Failure `store.refused` for a file that doesn't begin with `begins`: it is no such log
   */
  append(path: string, bytes: Uint8Array, rules: AppendRules): Promise<void>;
}

/** What a log is: how long it may grow, and the ASCII text that it begins with. */
export interface AppendRules {
  readonly bytesMax: number;
  readonly begins: string;
}

/** A file as far as it had grown when it was opened. */
export interface Snapshot {
  readonly length: number;
  /** The content from its beginning, in chunks. */
  chunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A file that only grows. One writer. Its length follows each append and cut. */
export interface Journal extends Snapshot {
  /** Writes at the end, without syncing. A failed append leaves no part of `bytes` behind. */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Looks whether this is still the file of its path, and as long as it was left.
   * @throws Failure `store.refused`: somebody removed, replaced, cut or wrote to it
   */
  check(): Promise<void>;
  /** Makes everything that was appended survive a power cut. */
  sync(): Promise<void>;
  /** Drops everything behind `length` bytes. */
  cut(length: number): Promise<void>;
}
