import type { Arming } from "@cleft/protocol/arming.ts";
import { inert } from "@cleft/protocol/inert.ts";
import type { Notice } from "../approval/window.ts";
import { severityLabels } from "../domain/finding.ts";
import { limits } from "../domain/limits.ts";
import { counted } from "../domain/spoken.ts";
import { clockTime, timeLeft } from "./clock-time.ts";
import { linesBelow, pageRows, type View } from "./frame.ts";
import { columnsOf, cutAtWord, type Medium, rowLines } from "./layout.ts";
import type { Tone } from "./palette.ts";
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
  /** Milliseconds since 1970: when a question expires is told as a time of the day. */
  readonly now: number;
  /** By a clock that nobody sets, ms: when a yes counts. */
  readonly elapsed: number;
  readonly place: Extract<Notice, { kind: "queue" }> | undefined;
  /** The newest last. */
  readonly happenings: readonly Happening[];
}

/** The lines of a question that are on the page; what a page of another size shows is like it. */
export interface Page {
  readonly lines: readonly string[];
  readonly top: number;
}

/** A question that is to be decided. */
export interface Decided {
  readonly form: DecisionForm<unknown>;
  readonly arming: Arming;
  /** A yes was just pressed too early. */
  readonly refused: boolean;
  /** What was just typed of the confirmation, if it was wrong. */
  readonly wrong: string | undefined;
  /** Whether Enter is a no. */
  readonly enterRejects: boolean;
}

/** How it stands on the screen. */
export function decisionView(scene: Scene, page: Page, of: Decided): View {
  const { medium } = scene;
  const { text, tone } = statusOf(scene, page, of);
  return {
    ...questionBar(scene, of.form.confirmation === undefined ? "" : "CRITICAL"),
    news: newsAbove(scene, page, of.form),
    ...page,
    status: { text, tone },
    keys: fitting(medium, keysOf(scene, of)),
  };
}

/** While a confirmation is missing, an `a` is a digit of it and approves nothing. */
function keysOf(
  { medium, elapsed }: Scene,
  { form, arming, enterRejects }: Decided,
): readonly string[] {
  const scroll = arrows(medium);
  const isOpen = arming.obstacles(elapsed).includes("unconfirmed");
  const chars = form.confirmation?.text.length ?? 0;
  const noes = enterRejects ? "r, Enter, Esc" : "r, Esc";
  const [yes, short] = isOpen
    ? [`type ${chars} characters`, `${chars} chars`]
    : ["a approve", "a yes"];
  return [
    `${yes}   ${noes} reject   ${scroll} Space PgUp PgDn Home End   q quit`,
    `${yes}   ${noes} reject   ${scroll} Space   q quit`,
    `${short}  r no  ${scroll} Space  q quit`,
    `${short}  r no  Space`,
  ];
}

/** A secret that is to be typed. `tooEarly`: typing began before it was asked for. */
export interface Asked {
  readonly title: string;
  readonly prompt: string;
  readonly tooEarly: boolean;
}

/** How it stands on the screen, under the question that it belongs to. */
export function secretView(scene: Scene, page: Page, { title, prompt, tooEarly }: Asked): View {
  const { medium } = scene;
  const late = "Dropped: you began before this was asked. Press Esc, then type all of it.";
  return {
    ...questionBar(scene, "PASSWORD"),
    ...page,
    status: tooEarly
      ? { text: fitting(medium, [late, "Too early. Esc, then all of it."]), tone: "warning" }
      : { text: fitting(medium, [`${prompt}:`, `${title}:`]), tone: "title" },
    keys: fitting(medium, [
      "nothing is shown   Enter done   Esc clear, then reject   Ctrl-C quit",
      "not shown   Enter done   Esc reject   Ctrl-C quit",
      "not shown  Enter  Esc no",
    ]),
  };
}

/** A password's question is gone: nothing else is shown until whoever typed it has noticed. */
export function interruptedView(scene: Scene): View {
  const { medium } = scene;
  const last = scene.happenings.at(-1);
  const said = [
    "The question is gone whose password was asked for.",
    "Nothing of what you typed is used.",
  ];
  return {
    left: "Cleft",
    right: "WITHDRAWN",
    news: last === undefined ? "" : newsOf(last, medium),
    lines: ["", ...said.flatMap((value) => rowLines({ label: "", value }, medium))],
    top: 0,
    status: { text: fitting(medium, ["Press Esc to go on.", "Esc: go on"]), tone: "warning" },
    keys: "Esc go on",
  };
}

/** Somebody wants to end the signer, and sees what that would end besides. */
export function quittingView({ medium, place }: Scene, view: View): View {
  const waiting = place?.waiting ?? 0;
  const questions = waiting === 1 ? "the question" : `all ${waiting} questions`;
  const besides = waiting === 0 ? "" : ` and refuses ${questions}`;
  const texts = [`y ENDS the signer${besides}`, "y ENDS the signer", "y ENDS it"];
  return {
    ...view,
    status: { text: fitting(medium, texts), tone: "warning" },
    keys: fitting(medium, ["y end the signer   any other key goes on", "y end   others go on"]),
  };
}

/** The person has done their part, and the request isn't over. */
export function busyView(scene: Scene, page: Page): View {
  return {
    ...questionBar(scene, ""),
    right: "working",
    ...page,
    status: { text: "One moment, the signer works on it.", tone: "title" },
    keys: "Ctrl-C quit",
  };
}

/** The bar over a question, with a word that tells more of it. */
function questionBar({ medium, now, place, happenings }: Scene, word: string) {
  const last = happenings.at(-1);
  const expires = place?.expiresAt === undefined ? "" : timeLeft(place.expiresAt, now);
  return {
    left: `Cleft   question 1 of ${place?.waiting ?? 1}   ${word}`.trimEnd(),
    right: medium.columns < 60 ? expires : `expires in ${expires}`,
    news: last === undefined ? "" : newsOf(last, medium),
  };
}

/** What was decided before, told apart from what is asked; on later pages, the worst of this, or its title. */
function newsAbove(
  { medium, happenings }: Scene,
  { top }: Page,
  { headline, danger }: DecisionForm<unknown>,
): string {
  const room = { columns: medium.columns - 2, ascii: medium.ascii };
  const about =
    danger === undefined ? `About: ${headline}` : `${severityLabels.critical}  ${danger}`;
  if (top > 0) return cutAtWord(shown(about, medium), room);
  const last = happenings.at(-1);
  return last === undefined ? "" : cutAtWord(`Before this: ${newsOf(last, medium)}`, room);
}

function newsOf({ at, word, text }: Happening, medium: Medium): string {
  const said = `${word}: ${shown(text, medium)}`;
  const { columns, ascii } = medium;
  const room = { columns: columns - 2, ascii };
  const fits = [`${clockTime(at)}  ${said}`, said].find((line) => columnsOf(line) <= room.columns);
  // Enough of a hash to find it elsewhere.
  const short = said.replaceAll(/\b(0x[0-9a-f]{8})[0-9a-f]{48}([0-9a-f]{8})\b/g, "$1...$2");
  return fits ?? cutAtWord(short, room);
}

/** What is in the way of a yes, one thing at a time. */
function statusOf(
  { medium, elapsed }: Scene,
  page: Page,
  { form, arming, refused, wrong }: Decided,
): View["status"] {
  const tone: Tone = refused ? "warning" : "title";
  const [obstacle = "none"] = arming.obstacles(elapsed);
  switch (obstacle) {
    case "none": {
      if (!arming.isQuiet(elapsed)) {
        return { text: fitting(medium, ["Not yet: a key was pressed just now", "Not yet"]), tone };
      }
      const texts = form.signsAtOnce
        ? ["READY   a signs AT ONCE, no password is asked; r rejects", "READY   a signs at once"]
        : ["READY   press a to approve, r to reject", "READY   press a"];
      return { text: fitting(medium, texts), tone: "ready" };
    }
    case "unread": {
      const below = linesBelow(page, pageRows(medium));
      const more = counted(below, "more line");
      const texts = [
        `Not yet: read to the end first, ${more} (Space)`,
        `Not yet: read ${more} (Space)`,
        `Not yet: ${more}`,
      ];
      return { text: fitting(medium, texts), tone };
    }
    case "away":
      return { text: "Not yet: no focus", tone };
    case "early": {
      const seconds = Math.ceil(arming.remainingMs(elapsed) / 1000);
      const texts = [`Not yet: a yes counts in ${seconds} s`, `Not yet: ${seconds} s`];
      return { text: fitting(medium, texts), tone };
    }
    case "unconfirmed": {
      const { text = "", at = "" } = form.confirmation ?? {};
      const typed = arming.typed.padEnd(text.length, "_");
      const last = `the last ${text.length} characters of the address at "${at}": ${typed}`;
      const row = `"${at}": ${typed}`;
      const short = `Last ${text.length} at ${row}`;
      const said = `"${wrong}" is wrong`;
      const texts =
        wrong === undefined
          ? [`CRITICAL   to approve, type ${last}`, `To approve: ${last}`, short]
          : [`${said}, begin again: ${last}`, `${said}. ${short}`, `${said}. ${row}`];
      return { text: fitting(medium, [...texts, row]), tone: "critical" };
    }
  }
}

/** A text that may hold a stranger's words, fit to be drawn. */
export function shown(text: string, { ascii }: Medium): string {
  return inert(text, { charsMax: limits.shownCharsMax, ascii });
}

function arrows({ ascii }: Medium): string {
  return ascii ? "arrows" : "↑↓";
}

/** The first text that fits a line of the screen with `room` columns to spare, or the last one. */
function fitting({ columns }: Medium, texts: readonly string[], room = 2): string {
  return texts.find((text) => text.length + room <= columns) ?? texts.at(-1) ?? "";
}
