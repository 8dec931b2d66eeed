import type fc from "fast-check";

/** Draws values one after another, each depending on the last: `g(arbitrary, ...arguments)`. */
export type Draw = fc.GeneratorValue;

/** A text of JSON as it stands, e.g. a number of 100 digits. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** JSON as it may stand on the wire: an object is its members in order, a name may stand twice. */
export type Tree = string | boolean | null | Raw | readonly Tree[] | Members;

export class Members {
  readonly entries: readonly (readonly [string, Tree])[];

  constructor(entries: readonly (readonly [string, Tree])[]) {
    this.entries = entries;
  }
}

/** The tree of plain data. */
export function treeOf(value: unknown): Tree {
  if (typeof value === "number" || typeof value === "bigint") return new Raw(String(value));
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Raw || value instanceof Members) return value;
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return new Members(entries.map(([name, member]) => [name, treeOf(member)]));
}

export function write(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (tree instanceof Members) {
    return `{${tree.entries.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(",")}}`;
  }
  if (isList(tree)) return `[${tree.map(write).join(",")}]`;
  return JSON.stringify(tree);
}

export function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}
