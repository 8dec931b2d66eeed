import type { QubeLabel } from "../domain/caller.ts";

/** How a text stands out. Each is also said by a word: colour alone means nothing here. */
export type Tone =
  | ("plain" | "bar" | "title" | "critical" | "warning" | "ready" | "heading")
  | `label ${QubeLabel}`;

/** For each tone what switches it on (SGR, ECMA-48), or nothing. */
export type Palette = Readonly<Record<Tone, string>>;

/** The tones of labels, each painted by a function of its colour. */
function labels(paint: (label: QubeLabel) => string): Record<`label ${QubeLabel}`, string> {
  return {
    "label red": paint("red"),
    "label orange": paint("orange"),
    "label yellow": paint("yellow"),
    "label green": paint("green"),
    "label gray": paint("gray"),
    "label blue": paint("blue"),
    "label purple": paint("purple"),
    "label black": paint("black"),
  };
}

const uncoloured: Palette = {
  ...labels(() => "\u001b[1m"),
  plain: "",
  bar: "\u001b[7m",
  title: "\u001b[1m",
  critical: "\u001b[1;7m",
  warning: "\u001b[1m",
  ready: "\u001b[1;7m",
  heading: "\u001b[1m",
};

/** The nearest of sixteen colours; dom0's orange has none of its own. */
const backgrounds: Readonly<Record<QubeLabel, number>> = {
  red: 101,
  orange: 43,
  yellow: 103,
  green: 102,
  gray: 47,
  blue: 104,
  purple: 105,
  black: 40,
};

const sixteen: Palette = {
  ...uncoloured,
  ...labels((label) => `\u001b[${label === "black" ? 97 : 30};${backgrounds[label]}m`),
  critical: "\u001b[1;97;41m",
  warning: "\u001b[30;43m",
  ready: "\u001b[30;42m",
};

const fixedBackgrounds: Readonly<Record<QubeLabel, number>> = {
  red: 203,
  orange: 215,
  yellow: 227,
  green: 114,
  gray: 250,
  blue: 111,
  purple: 177,
  black: 16,
};

/** Of fixed colours, each pair with a contrast over 7: white on dark red, black on the rest. */
const fixed: Palette = {
  ...uncoloured,
  ...labels((label) => {
    const background = fixedBackgrounds[label];
    return `\u001b[38;5;${label === "black" ? 231 : 16};48;5;${background}m`;
  }),
  critical: "\u001b[1;38;5;231;48;5;124m",
  warning: "\u001b[38;5;16;48;5;223m",
  ready: "\u001b[38;5;16;48;5;114m",
};

/** What a terminal with so many bits per colour can show. */
export function paletteOf(colorBits: number): Palette {
  if (colorBits >= 8) return fixed;
  return colorBits >= 4 ? sixteen : uncoloured;
}

/** Nothing stands out. For tests that look at words alone. */
export const plainPalette: Palette = {
  ...labels(() => ""),
  plain: "",
  bar: "",
  title: "",
  critical: "",
  warning: "",
  ready: "",
  heading: "",
};

/** Puts a text into its tone. */
export function toned(text: string, tone: Tone, palette: Palette): string {
  const start = palette[tone];
  return start === "" ? text : `${start}${text}\u001b[0m`;
}
