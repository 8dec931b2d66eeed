/** How a text stands out. Each is also said by a word: colour alone means nothing here. */
export type Tone = "plain" | "bar" | "title" | "critical" | "warning" | "ready" | "heading";

/** For each tone what switches it on (SGR, ECMA-48), or nothing. */
export type Palette = Readonly<Record<Tone, string>>;

const uncoloured: Palette = {
  plain: "",
  bar: "\u001b[7m",
  title: "\u001b[1m",
  critical: "\u001b[1;7m",
  warning: "\u001b[1m",
  ready: "\u001b[1;7m",
  heading: "\u001b[1m",
};

const sixteen: Palette = {
  ...uncoloured,
  critical: "\u001b[1;97;41m",
  warning: "\u001b[30;43m",
  ready: "\u001b[30;42m",
};

/** Of fixed colours, each pair with a contrast over 7: white on dark red, black on the rest. */
const fixed: Palette = {
  ...uncoloured,
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
