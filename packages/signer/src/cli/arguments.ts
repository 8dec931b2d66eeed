import { join } from "node:path";
import type { CallerRules } from "../domain/caller-rule.ts";
import { Failure } from "../domain/failure.ts";
import {
  configDirMark,
  type FlagName,
  flagTable,
  isFlagName,
  isTrue,
  type Setting,
  type SettingName,
  settings,
} from "./settings.ts";

/** What cleft.toml says, each value as the flag would have it, with its line and column. */
export interface SettingsFile {
  readonly path: string;
  readonly values: ReadonlyMap<SettingName, FileValue>;
  readonly qubes: CallerRules;
}

export interface FileValue {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A place where a value can be said. */
export type Source =
  | { readonly from: "default" | "flag" }
  | {
      readonly from: "file";
      readonly path: string;
      readonly line: number;
      readonly column: number;
    };

/** A command line taken apart, above what the file says, above the defaults. */
export class Arguments {
  private readonly given: ReadonlyMap<FlagName, string>;
  private readonly file: SettingsFile | undefined;
  readonly command: string | undefined;
  readonly positional: readonly string[];

  constructor(
    given: ReadonlyMap<FlagName, string>,
    rest: Pick<Arguments, "command" | "positional">,
    file?: SettingsFile,
  ) {
    this.given = given;
    this.command = rest.command;
    this.positional = rest.positional;
    this.file = file;
  }

  /** The same command line with the values of a file below it. */
  withFile(file: SettingsFile): Arguments {
    return new Arguments(this.given, this, file);
  }

  /** Whether there is a settings file below the flags. */
  get hasFile(): boolean {
    return this.file !== undefined;
  }

  /** What the file says of other qubes. */
  get qubes(): CallerRules {
    return this.file?.qubes ?? new Map();
  }

  text(name: SettingName): string {
    return this.givenOf(name) ?? this.file?.values.get(name)?.text ?? this.defaultOf(name);
  }

  /** Whether a switch is on. */
  on(name: SettingName): boolean {
    return isTrue(this.text(name));
  }

  /** A whole number that fits 63 bits. */
  integer(name: SettingName): bigint {
    return BigInt(this.text(name));
  }

  /** Where its value was said. */
  sourceOf(name: SettingName): Source {
    if (this.givenOf(name) !== undefined) return { from: "flag" };
    const value = this.file?.values.get(name);
    if (this.file === undefined || value === undefined) return { from: "default" };
    return { from: "file", path: this.file.path, line: value.line, column: value.column };
  }

  /** Why a value can't be used, e.g. `to be at least 1`, said with the place that says it. */
  refusal(name: SettingName, expected: string, hint?: string): Failure {
    const source = this.sourceOf(name);
    const spelt =
      source.from === "file"
        ? `${source.path}:${source.line}:${source.column}: expected ${settings[name].key}`
        : `expected --${name}`;
    const message = `${spelt} ${expected}, got ${JSON.stringify(this.text(name))}`;
    return new Failure("usage", message, hint === undefined ? {} : { hint });
  }

  /** Flags that were given and have another effect than their own, as they are spelt. */
  givenWith(effect: Exclude<Setting["effect"], "now">): readonly string[] {
    const given = [...this.given.keys()];
    return given.filter((name) => flagTable[name].effect === effect).map((name) => `--${name}`);
  }

  private givenOf(name: SettingName): string | undefined {
    return isFlagName(name) ? this.given.get(name) : undefined;
  }

  private defaultOf(name: SettingName): string {
    const text = settings[name].default;
    return text.startsWith(configDirMark)
      ? join(this.text("configdir") || ".", text.slice(configDirMark.length))
      : text;
  }
}
