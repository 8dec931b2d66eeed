import type { Started } from "../approval/window.ts";
import { checksummed } from "../domain/address.ts";
import { spokenCaller } from "../domain/spoken.ts";
import type { Unlocked } from "../domain/unlock-terms.ts";
import { clockTime, termsOf } from "./clock-time.ts";
import { pageRows, type View } from "./frame.ts";
import { type Medium, rowLines, wrapped } from "./layout.ts";
import { type Happening, type Scene, shown } from "./views.ts";

/** What the signer does while nobody asks. */
export type IdleState = "waiting" | "locked" | "ending";

/** What the bar and the status line say of it. */
const said: Readonly<Record<IdleState, Pick<View, "right" | "status">>> = {
  waiting: {
    right: "waiting for requests",
    status: { text: "Nothing waits for you.", tone: "plain" },
  },
  locked: {
    right: "LOCKED",
    status: { text: "LOCKED   to unlock: cleft unlock", tone: "warning" },
  },
  ending: { right: "ending", status: { text: "What is open is refused.", tone: "plain" } },
};

/** The headings of what was decided and of the log, and the empty lines above them. */
const headingRows = 4;

/** Nobody asks: where the signer listens, what was decided, what the log says. */
export function idleView(
  scene: Scene,
  known: {
    readonly started: Started | undefined;
    readonly unlocked: readonly Unlocked[];
    readonly log: readonly string[];
    readonly state: IdleState;
  },
): View {
  const { medium, happenings } = scene;
  const rows = pageRows(medium);
  const endpoints = known.started === undefined ? [] : endpointLines(known.started, medium);
  // What makes a yes count for more stands on the smallest screen as well.
  const unlocked = unlockedLines(known.unlocked, scene, Math.floor(rows / 2));
  const open = rows - endpoints.length - unlocked.length - headingRows;
  const decisions = newest(
    happenings.map((happening) => happeningLines(happening, medium)),
    open - Math.min(known.log.length, Math.floor(open / 3)),
  );
  const above = [
    ...unlocked,
    ...endpoints,
    "",
    " DECISIONS",
    ...(decisions.length === 0 ? ["  none yet"] : decisions),
    "",
    " LOG",
  ];
  const room = Math.max(0, rows - above.length);
  // No more are laid out than could be shown.
  const newestLines = room > 0 ? known.log.slice(-room) : [];
  const log = newest(
    newestLines.map((line) => logLines(line, medium)),
    room,
  );
  const { right, status } = said[known.state];
  return {
    left: "Cleft",
    right,
    news: "",
    lines: [...above, ...log].slice(0, rows),
    top: 0,
    status,
    keys: "q, Ctrl-C quit",
  };
}

function endpointLines({ info, qrexec, chains, keystore }: Started, medium: Medium): string[] {
  return [
    " LISTENING",
    ...rowLines({ label: "HTTP", value: info.extapi_http }, medium),
    ...rowLines({ label: "IPC", value: info.extapi_ipc }, medium),
    ...(qrexec === "n/a" ? [] : rowLines({ label: "other qubes", value: qrexec }, medium)),
    ...rowLines({ label: "signs for", value: chains.join(", ") }, medium),
    ...rowLines({ label: "keys in", value: keystore }, medium),
  ];
}

/** The accounts that sign without a password, each with whom it is for; nothing if there are none. */
function unlockedLines(
  unlocked: readonly Unlocked[],
  { medium, now }: Scene,
  rows: number,
): readonly string[] {
  const blocks = unlocked
    .filter(({ until }) => until > now)
    .map(({ account, caller, ...terms }) => [
      ...rowLines({ label: spokenCaller(caller), value: checksummed(account) }, medium),
      ...rowLines({ label: "", value: termsOf(terms) }, medium),
    ]);
  if (blocks.length === 0) return [];
  const shown = newest(blocks, rows);
  const hidden = blocks.flat().length - shown.length;
  const more = hidden === 0 ? [] : rowLines({ label: "", value: "and more: cleft status" }, medium);
  return [" UNLOCKED, no password is asked", ...shown, ...more, ""];
}

/** As many of the newest as fit, each of them whole. */
function newest(blocks: readonly (readonly string[])[], rows: number): string[] {
  const lines: string[] = [];
  for (const block of blocks.toReversed()) {
    if (lines.length > 0 && lines.length + block.length > rows) break;
    lines.unshift(...block);
  }
  return lines;
}

function happeningLines({ at, word, text }: Happening, medium: Medium): string[] {
  const head = `  ${clockTime(at)}  ${word.padEnd(10)}  `;
  const room = Math.max(10, medium.columns - head.length - 1);
  const said = shown(text, medium);
  // A hash is copied from here: it isn't broken if it fits a line of its own.
  const isBroken = said.split(" ").some((part) => part.length > room);
  if (isBroken) return [head.trimEnd(), ...wrapped(said, medium.columns - 5).map(underneath)];
  const [first = "", ...rest] = wrapped(said, room);
  return [head + first, ...rest.map((more) => " ".repeat(head.length) + more)];
}

function underneath(line: string): string {
  return `    ${line}`;
}

/** A log line without the columns that it has in a file, broken at the screen's edge. */
function logLines(line: string, medium: Medium): string[] {
  const { columns } = medium;
  const [first = "", ...rest] = wrapped(shown(line.replaceAll(/ +/g, " "), medium), columns - 5);
  return [`  ${first}`, ...rest.map(underneath)];
}
