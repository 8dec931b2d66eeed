import { limits } from "../domain/limits.ts";
import type { Secret } from "../domain/secret.ts";
import type { View } from "./frame.ts";
import type { Key } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import type { Pager } from "./pager.ts";
import type { SecretForm } from "./questions.ts";
import { type Scene, secretView } from "./views.ts";

type Asked = Pick<SecretForm<unknown>, "title" | "prompt">;

/**
 * A secret that is being typed; nothing of it is shown. What is typed right after the question
 * appeared may have been meant for another one: then the whole line counts as not typed.
 */
export class SecretEntry {
  private readonly asked: Asked;
  private acceptedFrom: number;
  private readonly buffer = new LineBuffer();
  private tooEarly = false;
  /** The question that it belongs to. */
  readonly pager: Pager;

  constructor(asked: Asked, pager: Pager, now: number) {
    this.asked = asked;
    this.pager = pager;
    this.acceptedFrom = now + limits.earlyInputMs;
  }

  /** Begins anew, as if it were asked now. */
  begin(now: number): void {
    this.buffer.clear();
    this.tooEarly = false;
    this.acceptedFrom = now + limits.earlyInputMs;
  }

  view(scene: Scene): View {
    return secretView(scene, this.pager.page, { ...this.asked, tooEarly: this.tooEarly });
  }

  press(key: Key, byte: number, now: number): "done" | "refused" | undefined {
    if (key !== "text" && this.pager.press(key, byte)) return undefined;
    if (now < this.acceptedFrom) {
      if (key === "text") this.tooEarly = true;
      return undefined;
    }
    if (this.tooEarly) {
      this.tooEarly = key !== "enter" && key !== "escape";
      return undefined;
    }
    return this.edit(key, byte);
  }

  /** Moves out what was typed. @throws Failure `password.long` */
  take(): Secret {
    return this.buffer.secret();
  }

  wipe(): void {
    this.buffer.clear();
  }

  private edit(key: Key, byte: number): "done" | "refused" | undefined {
    switch (key) {
      case "text":
        this.buffer.add(byte);
        return undefined;
      case "backspace":
        this.buffer.erase();
        return undefined;
      case "clear":
        this.buffer.clear();
        return undefined;
      case "enter":
        return "done";
      case "escape":
        if (this.buffer.isEmpty) return "refused";
        this.buffer.clear();
        return undefined;
      default:
        return undefined;
    }
  }
}
