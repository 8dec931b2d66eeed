import { limits } from "../../packages/signer/src/domain/limits.ts";
import { type Draw, isList, Members, Raw, type Tree, write } from "./tree.ts";
import { chance, count, junk, pick } from "./values.ts";

/** The tree with something wrong somewhere: as deep in it as chance goes. */
export function damaged(g: Draw, tree: Tree): Tree {
  if (tree instanceof Members && tree.entries.length > 0) {
    return new Members(changeEntry(g, [...tree.entries]));
  }
  if (isList(tree) && tree.length > 0) return changeItem(g, [...tree]);
  return spoiled(g, tree);
}

type Entry = readonly [string, Tree];

function changeEntry(g: Draw, entries: Entry[]): Entry[] {
  const at = count(g, entries.length - 1);
  const [name, member] = entries[at] ?? ["", null];
  switch (chance(g, 60) ? -1 : count(g, 4)) {
    case 0:
      return entries.toSpliced(at, 1);
    case 1:
      return entries.toSpliced(at, 0, [name, junk(g)]);
    case 2:
      return entries.toSpliced(at, 1, [renamed(g, name), member]);
    case 3:
      return [...entries, [pick(g, "__proto__", "x", name.toUpperCase()), junk(g)]];
    case 4:
      return entries.toSpliced(at, 1, [name, junk(g)]);
    default:
      return entries.toSpliced(at, 1, [name, damaged(g, member)]);
  }
}

function changeItem(g: Draw, items: Tree[]): Tree[] {
  const at = count(g, items.length - 1);
  const item = items[at] ?? null;
  switch (chance(g, 70) ? -1 : count(g, 3)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return [...items, junk(g)];
    case 2:
      return Array.from({ length: Math.min(1 + count(g, 500), timesIn(write(item))) }, () => item);
    case 3:
      return items.toSpliced(at, 1, junk(g));
    default:
      return items.toSpliced(at, 1, damaged(g, item));
  }
}

function spoiled(g: Draw, tree: Tree): Tree {
  if (typeof tree !== "string" || chance(g, 40)) return junk(g);
  switch (count(g, 4)) {
    case 0:
      return tree.slice(0, count(g, tree.length));
    case 1:
      return tree.toUpperCase();
    case 2:
      return `${tree}${pick(g, "0", "g", " ", "\u0000", "é")}`;
    case 3:
      return tree.repeat(Math.min(1 + count(g, 200), timesIn(tree)));
    default:
      return new Raw(pick(g, tree.replace(/[^0-9]/g, "") || "0", "1e3", "00"));
  }
}

/** How often a text goes into a body that is just too long. */
export function timesIn(text: string): number {
  return 1 + Math.ceil(limits.bodyBytesMax / Math.max(1, text.length));
}

function renamed(g: Draw, name: string): string {
  return pick(g, name.toUpperCase(), `${name} `, `\u200b${name}`, name.slice(1), "");
}

/** Bytes that were cut, flipped, doubled or joined with others. */
export function damagedBytes(g: Draw, text: string): Buffer {
  const bytes = Buffer.from(text);
  const at = count(g, Math.max(0, bytes.length - 1));
  switch (count(g, 4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      bytes[at] = count(g, 255);
      return bytes;
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(count(g, at))]);
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc0]), bytes.subarray(at)]);
  }
}
