/** What a key means. `text` is a byte of what is typed; `other` means nothing to anybody. */
export type Key =
  | "text"
  | "enter"
  | "escape"
  | "backspace"
  | "clear"
  | "up"
  | "down"
  | "pageUp"
  | "pageDown"
  | "home"
  | "end"
  | "focusIn"
  | "focusOut"
  | "other";

/** One key: its byte if it is text, and whether it came by itself and not in a burst. */
export type KeyListener = (key: Key, byte: number, alone: boolean) => void;

/** Port: keys one by one, for a window that has the whole screen. */
export interface Keys {
  /**
   * Gives every key to `listener`, and to nobody else, until the returned function is called. Until
   * then `onContinue` is called when the process was stopped and goes on: the screen may show
   * anything by then.
   */
  listen(listener: KeyListener, onContinue: () => void): () => void;
}
