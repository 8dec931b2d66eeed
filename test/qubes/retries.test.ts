import { expect, test } from "vitest";
import { Way, yes, yesBut } from "./killing.ts";
import { slowDown } from "./slow-key.ts";
import { type Step, steps } from "./steps.ts";
import { counts, expectWhole } from "./whole.ts";

const unknown = /outcome unknown: look at the signer's ledger before asking again/;

test.each<readonly [Step, RegExp]>([
  ["before the hello", /^200 done$/],
  ["before the acknowledgement", /^200 done$/],
  ["at the question", unknown],
  ["between yes and intent", unknown],
  ["between intent and outcome", unknown],
  ["between outcome and answer", unknown],
  ["after the answer", /^200 done$/],
])("a vault that dies %s, and comes back: its dapp sees %s", async (step, saw) => {
  const way = await Way.open();
  const { seen } = await steps[step](way);
  await dieAndComeBack(way);
  expect(await seen).toMatch(saw);
  expect(counts(way).intents).toBeLessThanOrEqual(1);
  expect(await way.pay()).toBe("200 done");
  await expectWhole(way);
});

test("a request that was not acknowledged but has an intent is sent again, and its outcome unknown", async () => {
  const way = await Way.open();
  slowDown(way.qubes.home);
  const { seen } = await unacknowledged(way);
  await way.recorded("intent");
  await dieAndComeBack(way);
  expect(await seen).toMatch(
    /^200 outcome unknown: .*\(where the signer runs: cleft audit show\)$/,
  );
  expect(way.questions()).toEqual(["dapp/2"]);
  expect(counts(way)).toEqual({ intents: 1, signatures: 0 });
  expect(await way.pay()).toBe("200 done");
  await expectWhole(way);
});

test("a request whose answer was lost with the call is sent again, and gets the same answer", async () => {
  const way = await Way.open();
  const { seen } = await unacknowledged(way);
  await way.recorded("outcome");
  await way.qubes.world.kill("vault");
  expect(await seen).toBe("200 done");
  expect(counts(way)).toEqual({ intents: 1, signatures: 1 });
  await expectWhole(way);
});

test("a request whose call was lost while its key was used isn't signed, and not asked about again", async () => {
  const way = await Way.open();
  slowDown(way.qubes.home);
  const { seen } = await unacknowledged(way);
  await way.recorded("intent");
  await way.qubes.world.kill("vault");
  expect(await seen).toBe("200 request denied");
  expect(counts(way)).toEqual({ intents: 1, signatures: 0 });
  await expectWhole(way);
});

test("a question that was withdrawn with the call is asked again, and answered once", async () => {
  const way = await Way.open();
  const asked = way.window.next("ui_approveTx");
  const { seen } = await unacknowledged(way, yesBut("ui_approveTx"));
  const withdrawn = await asked;
  const again = way.window.next("ui_approveTx");
  await way.qubes.world.kill("vault");
  const question = await again;
  way.window.answerer = yes;
  way.window.answer(withdrawn.id, yes(withdrawn));
  await way.cleft("status");
  expect(counts(way)).toEqual({ intents: 0, signatures: 0 });
  way.window.answer(question.id, yes(question));
  expect(await seen).toBe("200 done");
  expect(counts(way)).toEqual({ intents: 1, signatures: 1 });
});

/** A payment that reached the signer, whose words don't reach the dispatcher any more. */
async function unacknowledged(way: Way, answerer = yes) {
  const { seen } = await steps["before the acknowledgement"](way);
  way.signal("SIGSTOP", "wrapper");
  way.window.answerer = answerer;
  way.signal("SIGCONT", "signer");
  return { seen };
}

/** The qube goes with all that runs in it. */
async function dieAndComeBack(way: Way): Promise<void> {
  // In one moment: its service doesn't live to tell of the signer's end.
  way.signal("SIGSTOP", "wrapper");
  await way.kill("signer");
  await way.qubes.world.kill("vault");
  await way.restart("signer");
}
