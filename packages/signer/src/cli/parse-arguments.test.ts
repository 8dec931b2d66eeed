import { homedir } from "node:os";
import { expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import { parseArguments } from "./parse-arguments.ts";

/** A command line without quotes, cut at blanks. */
const parse = (line: string) => parseArguments(line === "" ? [] : line.split(" "));

function refusal(...argv: string[]): string {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof Failure && error.code === "usage") return error.message;
    throw error;
  }
  return "accepted";
}

test("parseArguments() has Clef's defaults", () => {
  const args = parse("");
  expect(args).toMatchObject({ command: undefined, positional: [] });
  expect(args.text("keystore")).toBe(`${homedir()}/.ethereum/keystore`);
  expect(args.text("configdir")).toBe(`${homedir()}/.clef`);
  expect(args.text("http.addr")).toBe("localhost");
  expect(args.text("http.vhosts")).toBe("localhost");
  expect([args.integer("chainid"), args.integer("http.port"), args.integer("loglevel")]).toEqual([
    ...[1n, 8550n, 3n],
  ]);
  for (const name of ["http", "advanced", "lightkdf", "stdio-ui", "help", "version"] as const) {
    expect(args.on(name)).toBe(false);
  }
});

test.each([
  "--chainid 5",
  "-chainid 5",
  "--chainid=5",
  "-chainid=5",
  "--chainid 0x5",
  "--chainid=0X5",
])("parseArguments() reads %s", (line) => {
  expect(parse(line).integer("chainid")).toBe(5n);
});

test.each(["--http", "-http", "--http=true", "--http=1", "--http=T", "--http=false --http"])(
  "parseArguments() switches on by %s",
  (line) => {
    expect(parse(line).on("http")).toBe(true);
  },
);

test.each(["--http=false", "--http=0", "--http=F", "--http --http=false"])(
  "parseArguments() switches off by %s",
  (line) => {
    expect(parse(line).on("http")).toBe(false);
  },
);

test("parseArguments() takes no value for a switch from the next word", () => {
  const args = parse("--http false");
  expect([args.on("http"), args.command]).toEqual([true, "false"]);
});

test.each([
  ["--http importraw key", "importraw", ["key"]],
  ["importraw --http key", "importraw", ["key"]],
  ["--http importraw -", "importraw", ["-"]],
  ["help", "help", []],
  ["account", "account", []],
  ["--http account show", "account show", []],
  ["account --http show 0xaa", "account show", ["0xaa"]],
  ["account label --http 0xaa text", "account label", ["0xaa", "text"]],
])("parseArguments() splits %s", (line, command, positional) => {
  const args = parse(line);
  expect(args.command).toBe(command);
  expect(args.positional).toEqual(positional);
  expect([args.on("http"), args.on("advanced")]).toEqual([line.includes("--http "), false]);
});

test.each([
  ["importraw key other", ["key", "other"]],
  ["importraw key --lightkdf", ["key", "--lightkdf"]],
  ["importraw key -x", ["key", "-x"]],
  ["account label key --lightkdf", ["key", "--lightkdf"]],
  ["importraw key -- other", ["key", "--", "other"]],
])("parseArguments() keeps everything behind the first argument of %s", (line, positional) => {
  expect(parse(line).positional).toEqual(positional);
});

test("parseArguments() takes whatever stands behind =, and what looks like no flag", () => {
  const args = parseArguments(["--keystore=--http", "--configdir=a=b\nc", "--ipcpath="]);
  expect(args.text("keystore")).toBe("--http");
  expect(args.on("http")).toBe(false);
  expect(args.text("configdir")).toBe("a=b\nc");
  expect(args.text("ipcpath")).toBe("");
  for (const value of ["-", "-x", "", "--", "a--http"]) {
    expect(parseArguments(["--keystore", value]).text("keystore")).toBe(value);
  }
});

test.each(["--ipcdisable", "-http", "--http.port=1", "--ipcdisabel", "-h"])(
  "parseArguments() takes no flag for a value: --auditlog %s",
  (word) => {
    const hint = `a value that begins with a dash is written --auditlog=${word}`;
    expect(() => parseArguments(["--auditlog", word, "x"])).toThrow(
      expect.objectContaining({
        message: `flag needs an argument: -auditlog, got ${JSON.stringify(word)}`,
        hint,
      }),
    );
  },
);

test.each([
  ["--chain-id", "did you mean --chainid?"],
  ["-htp", "did you mean --http?"],
  ["--http.prot=1", "did you mean --http.port?"],
  ["--frobnicate", "cleft help lists all flags"],
  ["--json", "--json belongs to: cleft audit show"],
])("parseArguments() says what %s was probably meant to be", (word, hint) => {
  expect(() => parseArguments([word])).toThrow(expect.objectContaining({ hint }));
});

test("parseArguments() lets the last of two win", () => {
  expect(parse("--chainid 5 --chainid=6").integer("chainid")).toBe(6n);
});

test("parseArguments() knows -h and -v", () => {
  expect(parse("-h").on("help")).toBe(true);
  expect(parse("-v").on("version")).toBe(true);
});

test.each([...["x", "__proto__", "constructor", "toString", "HTTP", "chain-id", "http.", ""]])(
  "parseArguments() refuses the flag -%s",
  (name) => {
    const message = `flag provided but not defined: -${name}`;
    expect(refusal(`--${name}=1`)).toBe(message);
    expect(refusal(`-${name}=1`)).toBe(message);
  },
);

test.each([
  ...["", "-5", "+5", "5.0", "1e3", " 5", "5 ", "0x", "0b11", "five", "1_000", "٣", "0xg"],
  ...["9".repeat(19), `0x${"f".repeat(16)}`],
])("parseArguments() refuses %j for a number", (value) => {
  expect(refusal("--chainid", value)).toBe(
    `invalid value "${value}" for flag -chainid: parse error`,
  );
});

test("parseArguments() refuses a huge number", () => {
  expect(refusal("--chainid", "9".repeat(1_000_000))).toContain("parse error");
});

test.each(["yes", "on", "TrUe", "", "2"])("parseArguments() refuses %j for a switch", (value) => {
  expect(refusal(`--http=${value}`)).toBe(
    `invalid boolean value "${value}" for -http: parse error`,
  );
});

test("parseArguments() refuses a number that Clef would read as octal", () => {
  expect(refusal("--chainid", "010")).not.toBe("accepted");
});

test("parseArguments() reads no flags behind --", () => {
  const args = parseArguments(["importraw", "--", "--http"]);
  expect([args.on("http"), args.positional]).toEqual([false, ["--http"]]);
});

test.each(["--chainid", "--keystore"])("parseArguments() misses the value of %s", (word) => {
  expect(refusal(word)).toBe(`flag needs an argument: ${word.slice(1)}`);
});

test("parseArguments() reads a command of two words, and flags before, between and behind them", () => {
  const args = parse("--loglevel 4 audit --configdir /x show --json 20");
  expect([args.command, args.positional]).toEqual(["audit show", ["20"]]);
  expect([args.text("configdir"), args.on("json")]).toEqual(["/x", true]);
});

test("parseArguments() refuses a flag of another command", () => {
  for (const words of [["--json"], ["--json", "newaccount"], ["audit", "verify", "--json"]]) {
    expect(refusal(...words)).toBe("flag provided but not defined: -json");
  }
});

test("parseArguments() makes one command of config and the word behind it", () => {
  const args = parse("--http config --advanced show --chainid 5 x");
  expect([args.command, args.positional]).toEqual(["config show", ["x"]]);
  expect([args.on("http"), args.on("advanced"), args.integer("chainid")]).toEqual([true, true, 5n]);
});

test.each(["chains", "approvalTimeout", "listingTtl", "listing_ttl"])(
  "parseArguments() knows no flag %s, which only the file has",
  (name) => {
    expect(refusal(`--${name}=1`)).toBe(`flag provided but not defined: -${name}`);
  },
);

test("parseArguments() takes no name with a space: cleft.toml couldn't say the same", () => {
  expect(() => parse("--http.vhosts=a\u0009b")).toThrow("a name has no spaces");
  expect(parse("--http.vhosts=a,b").text("http.vhosts")).toBe("a,b");
});
