import type { Arming } from "@cleft/protocol/arming.ts";
import { inert } from "@cleft/protocol/inert.ts";
import type { SignerStartupWire } from "@cleft/protocol/window.ts";
import type { Notice } from "../approval/window.ts";
import { limits } from "../domain/limits.ts";
import { clockTime, timeLeft } from "./clock-time.ts";
import { linesBelow, pageRows, type View } from "./frame.ts";
import { type Medium, rowLines, wrapped } from "./layout.ts";
import type { DecisionForm } from "./questions.ts";

/** One thing that was decided or happened, for the list of the idle screen. */
export interface Happening {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly word: string;
  /** It may hold a stranger's text. */
  readonly text: string;
}

/** What every view can say. */
export interface Scene {
  readonly medium: Medium;
  readonly now: number;
  readonly place: Extract<Notice, { kind: "queue" }> | undefined;
  /** The newest last. */
  readonly happenings: readonly Happening[];
}

/** The lines of a question that are on the page; what a page of another size shows is like it. */
export interface Page {
  readonly lines: readonly string[];
  readonly top: number;
}

/** A question that is to be decided. `refused`: a yes was just pressed too early. */
export function decisionView(
  scene: Scene,
  page: Page,
  of: {
    readonly form: DecisionForm<unknown>;
    readonly arming: Arming;
    readonly refused: boolean;
  },
): View {
  const { medium } = scene;
  const { text, armed } = statusOf(scene, page, of);
  return {
    ...questionBar(scene, "question"),
    ...page,
    status: { text, tone: armed ? "ready" : of.refused ? "warning" : "title" },
    keys: fitting(medium, [
      `a approve   r, Enter, Esc reject   ${arrows(medium)} Space PgUp PgDn Home End   q quit`,
      `a approve  r reject  ${arrows(medium)} Space  q quit`,
      "a yes  r no  Space  q quit",
    ]),
  };
}

/** A secret that is to be typed, under the question that it belongs to. */
export function secretView(
  scene: Scene,
  page: Page,
  { title, tooEarly }: { readonly title: string; readonly tooEarly: boolean },
): View {
  const { medium } = scene;
  const late = "Dropped: you began before this was asked. Press Esc, then type all of it.";
  return {
    ...questionBar(scene, "password"),
    ...page,
    status: tooEarly
      ? { text: fitting(medium, [late, "Too early. Esc, then all of it."]), tone: "warning" }
      : { text: fitting(medium, [`${title}:`, "Password:"]), tone: "title" },
    keys: fitting(medium, [
      "nothing is shown while you type   Enter done   Esc clear, then reject   Ctrl-C quit",
      "not shown   Enter done   Esc reject   Ctrl-C quit",
      "not shown  Enter  Esc no",
    ]),
  };
}

/** The person has done their part, and the request isn't over. */
export function busyView(scene: Scene, page: Page): View {
  return {
    ...questionBar(scene, "question"),
    right: "working",
    ...page,
    status: { text: "One moment, the signer works on it.", tone: "title" },
    keys: "Ctrl-C quit",
  };
}

/** Nobody asks. */
export function idleView(
  scene: Scene,
  known: {
    readonly info: SignerStartupWire["info"] | undefined;
    readonly log: readonly string[];
  },
): View {
  const { medium, happenings } = scene;
  const rows = pageRows(medium);
  const endpoints = known.info === undefined ? [] : endpointLines(known.info, medium);
  const decisions = happenings
    .slice(-Math.max(1, Math.floor((rows - endpoints.length) / 2) - 3))
    .map((happening) => happeningLine(happening, medium));
  const above = [
    ...endpoints,
    "",
    "DECISIONS",
    ...(decisions.length === 0 ? ["  none yet"] : decisions),
    "",
    "LOG",
  ];
  const log = known.log.flatMap((line) => logLines(line, medium));
  const room = rows - above.length;
  return {
    left: "Cleft",
    right: "waiting for requests",
    news: "",
    lines: [...above, ...(room > 0 ? log.slice(-room) : [])].slice(0, rows),
    top: 0,
    status: { text: "Nothing waits for you.", tone: "plain" },
    keys: "q, Ctrl-C quit",
  };
}

function questionBar({ medium, now, place, happenings }: Scene, what: string) {
  const last = happenings.at(-1);
  const expires = place?.expiresAt === undefined ? "" : timeLeft(place.expiresAt, now);
  return {
    left: fitting(medium, [`Cleft   ${what} 1 of ${place?.waiting ?? 1}`], expires.length + 14),
    right: medium.columns < 44 ? expires : `expires in ${expires}`,
    news:
      last === undefined ? "" : `${clockTime(last.at)}  ${last.word}: ${shown(last.text, medium)}`,
  };
}

/** What is in the way of a yes, one thing at a time. */
function statusOf(
  { medium, now }: Scene,
  page: Page,
  {
    form: { confirmation },
    arming,
  }: { readonly form: DecisionForm<unknown>; readonly arming: Arming },
): { text: string; armed: boolean } {
  const not = (texts: readonly string[]) => ({ text: fitting(medium, texts), armed: false });
  const [obstacle = "none"] = arming.obstacles(now);
  switch (obstacle) {
    case "none":
      return {
        text: fitting(medium, [
          "READY   press a to approve, anything else is no yes",
          "READY  a: yes",
        ]),
        armed: true,
      };
    case "unread": {
      const below = linesBelow(page, pageRows(medium));
      return not([
        `Not yet: read to the end first, ${below} more lines (Space)`,
        `Not yet: ${below} lines more`,
      ]);
    }
    case "away":
      return not(["Not yet: this window has no focus", "Not yet: no focus"]);
    case "early": {
      const seconds = Math.ceil(arming.remainingMs(now) / 1000);
      return not([`Not yet: a yes counts in ${seconds} s`, `Not yet: ${seconds} s`]);
    }
    case "unconfirmed": {
      const typed = arming.typed.padEnd(4, "_");
      const of = confirmation?.of ?? "";
      return not([
        `CRITICAL   to approve, type the last 4 characters of ${of}: ${typed}`,
        `CRITICAL  type its last 4: ${typed}`,
        `type last 4: ${typed}`,
      ]);
    }
  }
}

function endpointLines(info: SignerStartupWire["info"], medium: Medium): string[] {
  return [
    "LISTENING",
    ...rowLines({ label: "HTTP", value: info.extapi_http }, medium),
    ...rowLines({ label: "IPC", value: info.extapi_ipc }, medium),
    ...rowLines(
      { label: "API", value: `${info.extapi_version}, windows ${info.intapi_version}` },
      medium,
    ),
  ];
}

function happeningLine({ at, word, text }: Happening, medium: Medium): string {
  return `  ${clockTime(at)}  ${word.padEnd(10)}  ${shown(text, medium)}`;
}

/** A log line without the columns that it has in a file, broken at the screen's edge. */
function logLines(line: string, medium: Medium): string[] {
  const { columns } = medium;
  const [first = "", ...rest] = wrapped(shown(line.replaceAll(/ +/g, " "), medium), columns - 5);
  return [`  ${first}`, ...rest.map((more) => `    ${more}`)];
}

function shown(text: string, { ascii }: Medium): string {
  return inert(text, { charsMax: limits.shownCharsMax, ascii });
}

function arrows({ ascii }: Medium): string {
  return ascii ? "arrows" : "↑↓";
}

/** The first text that fits a line of the screen with `room` columns to spare, or the last one. */
function fitting({ columns }: Medium, texts: readonly string[], room = 2): string {
  return texts.find((text) => text.length + room <= columns) ?? texts.at(-1) ?? "";
}
