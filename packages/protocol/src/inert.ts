/**
 * The one way in which a stranger's text reaches a screen: whatever could move, hide or reorder
 * other text becomes a visible mark, and one field stays one field.
 */

/** Control, format, surrogate, private and unassigned; separators; every space but U+0020. */
const active = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u;
/** Letters that look like nothing: Hangul fillers and the empty braille pattern. */
const empty = /[\u115f\u1160\u3164\uffa0\u2800]/u;
const combining = /\p{M}/u;
const combiningMax = 2;

/** How a text is shown. `ascii` also marks everything beyond ASCII. */
export interface InertRules {
  readonly charsMax: number;
  readonly ascii: boolean;
}

/** Makes a text safe to show on one line and cuts it to `charsMax` characters, saying so. */
export function inert(untrusted: string, { charsMax, ascii }: InertRules): string {
  // A character is at most two units: what lies behind is cut anyway.
  const chars = [...untrusted.slice(0, 2 * charsMax + 2)];
  let shown = "";
  // A mark at the beginning would change the text before the field.
  let marks: number = combiningMax;
  // Long texts are of few characters, and three patterns for each take their time.
  const kinds = new Map<string, Shown>();
  for (const char of chars.slice(0, charsMax)) {
    let kind = kinds.get(char);
    if (kind === undefined) {
      kind = kindOf(char, ascii);
      kinds.set(char, kind);
    }
    marks = kind.combines ? marks + 1 : 0;
    shown += marks > combiningMax ? kind.mark : kind.text;
  }
  if (chars.length <= charsMax) return shown;
  return `${shown}... (${lengthOf(untrusted) - charsMax} characters cut)`;
}

/** How a character is shown. */
interface Shown {
  /** As it is, or its mark where it must not be. */
  readonly text: string;
  readonly mark: string;
  readonly combines: boolean;
}

function kindOf(char: string, ascii: boolean): Shown {
  const mark = markOf(char, ascii);
  const hidden = active.test(char) || empty.test(char) || (ascii && char > "~");
  return { text: hidden ? mark : char, mark, combines: combining.test(char) };
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

function markOf(char: string, ascii: boolean): string {
  const number = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return ascii ? `<U+${number}>` : `⟨U+${number}⟩`;
}
