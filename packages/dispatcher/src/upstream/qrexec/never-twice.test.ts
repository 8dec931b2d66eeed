import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { claims, type FakeSigner, idOf, opening, rpc, settle, world } from "./fakes.ts";

const busy = '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"busy"}}\n';

const requestOf = (number: number) =>
  encodeClientFrame({ type: "req", id: idOf(number), rpc, claims });

/** What a signer does with the next thing that happens to it. */
type Act =
  | ("answer" | "ack" | "ignore" | "die" | "ack and die" | "nonsense" | "refuse")
  | ("bye" | "spare" | "busy");

const allActs: readonly Act[] = [
  ...(["answer", "ack", "ignore", "die"] as const),
  ...(["ack and die", "nonsense", "refuse", "bye", "spare", "busy"] as const),
];
const anyAct = fc.constantFrom(...allActs);
const anyExit = fc.constantFrom(0, 1, 2, 125, 126, 127, 137, 255);

/** Does one thing after another, on whatever stream; ids are noted when it said that it has them. */
function perform(
  { acts, exits }: { acts: readonly Act[]; exits: readonly number[] },
  acked: Set<string>,
): (signer: FakeSigner) => void {
  let turn = 0;
  const exit = (signer: FakeSigner) => signer.exit(exits[turn % exits.length] ?? 0);
  const ack = (signer: FakeSigner, id: string) => {
    acked.add(id);
    signer.say({ type: "ack", id });
  };
  return (signer) => {
    const first = acts[turn++ % acts.length];
    if (first === "refuse" || first === "die") exit(signer);
    else if (first === "busy") signer.output.write(busy);
    else signer.greet({ inflight: 2 });
    signer.on((frame) => {
      if (frame.type !== "req") return;
      const { id } = frame;
      const act = acts[turn++ % acts.length];
      if (act === "answer" || act === "ack" || act === "ack and die") ack(signer, id);
      if (act === "answer") signer.say({ type: "res", id, rpc: "1" });
      if (act === "bye") signer.say({ type: "bye" });
      if (act === "spare") signer.say({ type: "err", id, code: "shutdown" });
      if (act === "nonsense") signer.output.write("?\n");
      // What was said before is still read.
      if (act === "die" || act === "ack and die")
        setImmediate(() => setImmediate(() => exit(signer)));
    });
  };
}

/** Notes the requests that come although they were acknowledged before, whatever stream that was on. */
function noteAgain(signer: FakeSigner, acked: ReadonlySet<string>, again: string[]): void {
  signer.before((frame) => {
    if (frame.type === "req" && acked.has(frame.id)) again.push(frame.id);
  });
}

test("noteAgain() sees a request that is sent twice, in pieces too", async () => {
  const acked = new Set<string>();
  const again: string[] = [];
  const { open } = opening((signer) => {
    perform({ acts: ["ack"], exits: [0] }, acked)(signer);
    noteAgain(signer, acked, again);
  });
  open().input.write(requestOf(1) + requestOf(2));
  await settle();
  expect(again).toEqual([]);
  const { input } = open();
  for (const piece of [requestOf(1).slice(0, 20), requestOf(1).slice(20)]) input.write(piece);
  await settle();
  expect(again).toEqual([idOf(1)]);
});

test("call() never sends again what was acknowledged, whatever happens, and always ends", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAct, { minLength: 1, maxLength: 12 }),
      fc.array(anyExit, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 6 }),
      async (acts, exits, count) => {
        const acked = new Set<string>();
        const again: string[] = [];
        const act = perform({ acts, exits }, acked);
        const { call, clock, signers } = world(
          (signer) => {
            act(signer);
            noteAgain(signer, acked, again);
          },
          { drawn: 1 },
        );
        const calls = Array.from({ length: count }, () => call());
        const ended = Promise.allSettled(calls);
        // Long enough for every retry, pause and heartbeat that was missed.
        for (let minute = 0; minute < 40; minute++) {
          await settle();
          clock.pass(limits.pingMs);
        }
        const outcomes = await Promise.race([ended, settle().then(() => "somebody still waits")]);
        expect(outcomes).not.toBe("somebody still waits");
        expect(again).toEqual([]);
        for (const id of new Set(signers.flatMap((signer) => signer.ids))) {
          const sent = signers.flatMap((signer) => signer.ids).filter((other) => other === id);
          expect(sent.length).toBeLessThanOrEqual(1 + limits.retriesMax);
        }
      },
    ),
    { numRuns: 60 },
  );
});
