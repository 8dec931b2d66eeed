import { expect, test } from "vitest";
import { waitFor } from "../support/qrexec/calling.ts";
import { type Victim, Way, yes } from "./killing.ts";
import { type Step, steps } from "./steps.ts";
import { counts, expectWhole, idle } from "./whole.ts";

const cutOff = /^cut off$/;
const killed = /^502 the service in the signer's qube was killed/;
const closed = /^502 the signer closed the stream before it answered/;
const unknown = /^502 outcome unknown: look at the signer's ledger before asking again/;
const done = /^200 done$/;

/** What the dapp sees when somebody on the way is killed. */
const table: readonly (readonly [Step, { readonly [victim in Victim]?: RegExp }])[] = [
  ["before the hello", { dispatcher: cutOff, wrapper: killed }],
  ["before the acknowledgement", { dispatcher: cutOff, wrapper: killed, signer: closed }],
  ["at the question", { dispatcher: cutOff, wrapper: unknown, signer: unknown }],
  ["between yes and intent", { dispatcher: cutOff, wrapper: unknown, signer: unknown }],
  ["between intent and outcome", { dispatcher: cutOff, wrapper: unknown, signer: unknown }],
  ["between outcome and answer", { dispatcher: cutOff, wrapper: unknown, signer: unknown }],
  ["after the answer", { dispatcher: done, wrapper: done, signer: done }],
];
/** How many of the payment's records there are before its dapp asks again. */
const written: { readonly [step in Step]?: ReturnType<typeof counts> } = {
  "between intent and outcome": { intents: 1, signatures: 0 },
  "between outcome and answer": { intents: 1, signatures: 1 },
  "after the answer": { intents: 1, signatures: 1 },
};
const nothing = { intents: 0, signatures: 0 };

const cases = table.flatMap(([step, seen]) =>
  (["dispatcher", "wrapper", "signer"] as const).flatMap((victim) => {
    const saw = seen[victim];
    return saw === undefined ? [] : [[victim, step, saw] as const];
  }),
);

test.each(cases)("kill -9 of the %s, %s: its dapp sees %s", async (victim, step, saw) => {
  const way = await Way.open();
  const { seen, late } = await steps[step](way);
  await way.kill(victim);
  way.release();
  expect(await seen).toMatch(saw);
  await waitFor(
    () => way.wrappers().length === 0,
    () => "the call's end",
  );
  late?.();
  await way.restart(victim);
  await idle(way);
  expect(counts(way)).toEqual(written[step] ?? nothing);

  way.window.answerer = yes;
  expect(await way.pay()).toMatch(done);
  await expectWhole(way);
});

test("kill -9 of the signer, before the hello: nothing was sent, so the next one is asked", async () => {
  const way = await Way.open();
  const { seen } = await steps["before the hello"](way);
  await way.kill("signer");
  await way.restart("signer");
  expect(await seen).toMatch(done);
  expect(counts(way)).toEqual({ intents: 1, signatures: 1 });
  await expectWhole(way);
});
