import { limits } from "../../packages/signer/src/domain/limits.ts";
import type { Answers } from "./answers.ts";
import { damaged, damagedBytes, timesIn } from "./damage.ts";
import { largest } from "./largest/largest.ts";
import { calls } from "./messages.ts";
import { type Draw, type Tree, treeOf, write } from "./tree.ts";
import { chance, count, junk, pick } from "./values.ts";

/** What is sent, of which kind it is, and what the window says if it is asked. */
export interface Drawn {
  readonly kind: string;
  readonly body: Buffer;
  readonly answers: Answers;
}

/** A body: half of them are right, the others wrong in one of many ways. */
export function draw(g: Draw): Drawn {
  const answers = pick<Answers>(g, "no", "no", "no", "no", "yes", "change", "nonsense");
  const kind = pick(g, ...Object.keys(calls));
  const [method, params] = calls[kind]?.(g) ?? ["", []];
  const enveloped = (sent: unknown) => treeOf({ jsonrpc: "2.0", id: 1, method, params: sent });
  const drawn = (body: string | Buffer, of = kind) => ({
    kind: of,
    answers,
    // Of what is much longer no more is read: the connection is cut, which is no answer.
    body: Buffer.from(body).subarray(0, limits.bodyBytesMax + 1000),
  });
  switch (count(g, 11)) {
    case 0:
    case 1:
    case 2:
      return drawn(write(enveloped(damaged(g, treeOf(params)))));
    case 3:
    case 4:
      return drawn(damagedBytes(g, write(enveloped(params))), "damaged bytes");
    case 5:
      return drawn(write(someEnvelope(g, enveloped(params))), "envelope");
    case 6:
      // They take as long as twenty others.
      if (chance(g, 20)) return drawn(damagedBytes(g, pick(g, ...large)()), "large, damaged bytes");
      return drawn(write(enveloped(params)));
    default:
      return drawn(write(enveloped(params)));
  }
}

const large = Object.values(largest);

function someEnvelope(g: Draw, envelope: Tree): Tree {
  const version = treeOf({ jsonrpc: "2.0", id: 1, method: "account_version" });
  switch (count(g, 5)) {
    case 0:
      return Array.from({ length: count(g, chance(g, 20) ? 1200 : 20) }, () => version);
    case 1:
      return [envelope, damaged(g, version), junk(g), envelope];
    case 2: {
      // As many as go into a body, and not all of them hours of passwords.
      const room = timesIn(write(envelope));
      return Array.from(
        { length: Math.min(room, count(g, chance(g, 20) ? 100 : 5)) },
        () => envelope,
      );
    }
    case 3:
      return junk(g);
    default:
      return damaged(g, envelope);
  }
}
