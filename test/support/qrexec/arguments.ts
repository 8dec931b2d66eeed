/** What a command line of `qrexec-client-vm` asks for. */
export type Arguments =
  | { readonly is: "help" }
  | { readonly is: "wrong"; readonly why: string }
  | ({ readonly is: "call" } & Call);

export interface Call {
  readonly target: string;
  readonly service: string;
  /** A program of ours and its arguments, to be joined to the service; empty is our own stdio. */
  readonly program: readonly string[];
  readonly agentSocket?: string;
  readonly sourceQube?: string;
  readonly prefix?: string;
  readonly filterStdout?: boolean;
  readonly filterStderr?: boolean;
  readonly useStdinSocket: boolean;
}

export const usage = `usage: qrexec-client-vm [options] target_vmname program_ident [local_program [local program arguments]]
Options:
  --buffer-size=BUFFER_SIZE - minimum vchan buffer size (default: 64k)
  -t, --filter-escape-chars-stdout, --no-filter-escape-chars-stdout
  -T, --filter-escape-chars-stderr, --no-filter-escape-chars-stderr
  --agent-socket=PATH - path to connect to
  -p PREFIX-DATA, --prefix-data=PREFIX-DATA - data to send before stdin
  --use-stdin-socket - use stdin for both reading and writing
  -s, --source-qube=NAME - only for a relay of remote qubes
  -h, --help
`;

/** Every option: its short form, and whether it takes a value. */
const options = [
  ["buffer-size", "", true],
  ["filter-escape-chars-stdout", "t", false],
  ["filter-escape-chars-stderr", "T", false],
  ["no-filter-escape-chars-stdout", "", false],
  ["no-filter-escape-chars-stderr", "", false],
  ["agent-socket", "a", true],
  ["prefix-data", "p", true],
  ["use-stdin-socket", "", false],
  ["source-qube", "s", true],
  ["help", "h", false],
] as const;

type Option = (typeof options)[number];

/** Options end at the first word that is none, or after `--`. */
export function parseArguments(words: readonly string[]): Arguments {
  const rest = [...words];
  const given = new Map<string, string>();
  while (rest[0]?.startsWith("-") && rest[0] !== "-") {
    const word = rest.shift() ?? "";
    if (word === "--") break;
    const why = word.startsWith("--") ? takeLong(word, rest, given) : takeShort(word, rest, given);
    if (why !== "") return { is: "wrong", why };
    if (given.has("help")) return { is: "help" };
  }
  const [target, service, ...program] = rest;
  if (target === undefined || service === undefined) return { is: "wrong", why: "" };
  return { is: "call", target: targetOf(target), service, program, ...choices(given) };
}

/** Keywords once began with a dollar sign; longer names don't fit into the message. */
function targetOf(word: string): string {
  const cut = Buffer.from(word.replaceAll("$", "@")).subarray(0, 63).toString("latin1");
  return cut === "" ? "@default" : cut;
}

function choices(given: ReadonlyMap<string, string>) {
  const [agentSocket, sourceQube] = [given.get("agent-socket"), given.get("source-qube")];
  const prefix = given.get("prefix-data");
  const filterStdout = switchOf("filter-escape-chars-stdout", given);
  const filterStderr = switchOf("filter-escape-chars-stderr", given);
  return {
    useStdinSocket: given.has("use-stdin-socket"),
    ...(agentSocket === undefined ? {} : { agentSocket }),
    ...(sourceQube === undefined ? {} : { sourceQube }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(filterStdout === undefined ? {} : { filterStdout }),
    ...(filterStderr === undefined ? {} : { filterStderr }),
  };
}

/** The last of the two forms counts. */
function switchOf(name: string, given: ReadonlyMap<string, string>): boolean | undefined {
  const order = [...given.keys()].filter((key) => key === name || key === `no-${name}`);
  const last = order.at(-1);
  return last === undefined ? undefined : last === name;
}

function takeLong(word: string, rest: string[], given: Map<string, string>): string {
  const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const option = options.find(([long]) => long === name);
  if (option === undefined) return `unrecognized option '${word}'`;
  if (!option[2] && value !== undefined) return `option '--${name}' doesn't allow an argument`;
  return take(option, option[2] ? (value ?? rest.shift()) : "", given);
}

function takeShort(word: string, rest: string[], given: Map<string, string>): string {
  for (let at = 1; at < word.length; at++) {
    const option = options.find(([, short]) => short === word[at]);
    if (option === undefined) return `invalid option -- '${word[at]}'`;
    if (option[2]) return take(option, word.slice(at + 1) || rest.shift(), given);
    take(option, "", given);
  }
  return "";
}

function take([name]: Option, value: string | undefined, given: Map<string, string>): string {
  if (value === undefined) return `option '${name}' requires an argument`;
  if (name === "prefix-data" && given.has(name)) return "--prefix-data can be given only once";
  given.delete(name);
  given.set(name, value);
  return "";
}
