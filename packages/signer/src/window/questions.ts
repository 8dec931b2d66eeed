import type { Answers, Ask, Questions, Window } from "../approval/window.ts";
import { checksummed } from "../domain/address.ts";
import type { Confirmation } from "../domain/confirmation.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { confirmationOf } from "../domain/review.ts";
import type { Secret } from "../domain/secret.ts";
import type { Medium } from "./layout.ts";
import {
  headlines,
  renderListing,
  renderNewAccount,
  renderSigning,
  renderSummary,
} from "./render.ts";

/** A question that is answered by a yes or a no, as every mode of the terminal puts it. */
export interface DecisionForm<A> {
  readonly needs: "decision";
  /** One sentence. It may hold a stranger's text. */
  readonly headline: string;
  /** Everything that is to be read, made inert. */
  readonly lines: (medium: Medium) => readonly string[];
  /** What matters of it, for the time in which a password is typed on a small screen. */
  readonly summary: (medium: Medium) => readonly string[];
  /** The worst that it does, in one sentence; undefined if nothing is critical. */
  readonly danger: string | undefined;
  /** What has to be typed for a yes; undefined if nothing. */
  readonly confirmation: Confirmation | undefined;
  /** A yes is the last that is asked: no password comes behind it that could stop it. */
  readonly signsAtOnce: boolean;
  readonly yes: { readonly answer: A; readonly said: string };
  readonly no: { readonly answer: A; readonly said: string };
}

/** A question for something that nobody may see. */
export interface SecretForm<A> {
  readonly needs: "secret";
  /** What is asked for in a word or two, for a small screen, and in a sentence: our own words. */
  readonly title: string;
  readonly prompt: string;
  readonly answer: (secret: Secret) => A;
}

export type Form<A> = DecisionForm<A> | SecretForm<A>;

/** THE LIST of what can be asked at a terminal: a new kind of question is one entry here. */
const forms: { readonly [K in keyof Questions]: (question: Questions[K]) => Form<Answers[K]> } = {
  transaction: (question) => ({
    ...signing(question),
    yes: {
      answer: { approved: true, digest: question.digest, transaction: undefined },
      said: "Said yes",
    },
    no: { answer: { approved: false }, said: "Rejected" },
  }),

  data: (question) => ({
    ...signing(question),
    yes: { answer: { approved: true, digest: question.digest }, said: "Said yes" },
    no: { answer: { approved: false }, said: "Rejected" },
  }),

  newAccount: (question) => ({
    needs: "decision",
    headline: headlines.newAccount(),
    lines: (medium) => renderNewAccount(question, medium),
    summary: (medium) => renderNewAccount(question, medium),
    danger: undefined,
    confirmation: undefined,
    signsAtOnce: false,
    yes: { answer: { approved: true }, said: "Said yes" },
    no: { answer: { approved: false }, said: "Rejected" },
  }),

  newPassword: ({ again, attempt }) => ({
    needs: "secret",
    ...(again ? { title: "Once more", prompt: "The same password once more" } : newOne(attempt)),
    answer: (password) => ({ password }),
  }),

  listing: (question) => ({
    needs: "decision",
    headline: headlines.listing(question),
    lines: (medium) => renderListing(question, medium),
    summary: (medium) => renderListing(question, medium),
    danger: undefined,
    confirmation: undefined,
    signsAtOnce: false,
    yes: {
      answer: { addresses: question.accounts.map(({ address }) => address) },
      said: "Said yes",
    },
    no: { answer: { addresses: undefined }, said: "Rejected" },
  }),

  password: ({ account, attempt }) => ({
    needs: "secret",
    title: withTry("Password", attempt, limits.signingTries),
    prompt: withTry(`Password of ${checksummed(account)}`, attempt, limits.signingTries),
    answer: (password) => ({ password }),
  }),
};

/** What all questions for a signature have in common. */
function signing(question: Questions["transaction" | "data"]) {
  return {
    needs: "decision",
    headline: question.review.headline,
    lines: (medium: Medium) => renderSigning(question, medium),
    summary: (medium: Medium) => renderSummary(question, medium),
    danger: question.review.findings.find(({ severity }) => severity === "critical")?.message,
    confirmation: confirmationOf(question.review),
    signsAtOnce: question.unlocked !== undefined,
  } as const;
}

/** What is said of a new password: its rule comes first, so that nobody learns it by failing. */
function newOne(attempt: number): Pick<SecretForm<unknown>, "title" | "prompt"> {
  const { passwordBytesMin: min, passwordTries: tries } = limits;
  return {
    title: withTry(`New password (${min}+)`, attempt, tries),
    prompt: withTry(`Password of the new account (at least ${min} characters)`, attempt, tries),
  };
}

/** A prompt, with the number of the try unless it is the first. */
function withTry(prompt: string, attempt: number, tries: number): string {
  return attempt === 0 ? prompt : `${prompt}, try ${attempt + 1} of ${tries}`;
}

/** Puts every kind of question in the same way. */
export function asking(put: <A>(form: Form<A>, signal: AbortSignal) => Promise<A>): Window["ask"] {
  const ask =
    <K extends keyof Questions>(kind: K): Ask<K> =>
    async (question, signal) =>
      put(forms[kind](question), signal);
  return {
    transaction: ask("transaction"),
    data: ask("data"),
    listing: ask("listing"),
    newAccount: ask("newAccount"),
    password: ask("password"),
    newPassword: ask("newPassword"),
  };
}

/** The no to a question for a secret. */
export function passwordRefused(): Failure {
  return new Failure("request.denied", "no password was given at the window");
}
