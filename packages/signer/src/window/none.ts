import type { Window } from "../approval/window.ts";
import { Failure } from "../domain/failure.ts";

/** Headless: there is nobody to ask, so every question is a no. */
export const noWindow: Window = {
  answeredBy: "program",
  ask: {
    transaction: refuse,
    data: refuse,
    listing: refuse,
    newAccount: refuse,
    password: refuse,
    newPassword: refuse,
  },
  tell: () => undefined,
};

function refuse(): Promise<never> {
  const hint = "start cleft in a terminal, or with --stdio-ui";
  return Promise.reject(
    new Failure("window.lost", "there is no window that could answer", { hint }),
  );
}
