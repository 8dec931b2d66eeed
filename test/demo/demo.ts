import { end } from "../support/anvil.ts";
import { freePort } from "../support/ports.ts";
import { type DemoHome, startSigner } from "./signer.ts";
import { tell, type Way } from "./story.ts";

/** `npm run demo`: a dapp and a signer on one machine. */
async function open(home: DemoHome): Promise<Way> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const signer = await startSigner(home, {
    flags: ["--http", "--http.port", String(port)],
    untilServing: () => untilServing(url),
  });
  return { url, close: () => end(signer) };
}

async function untilServing(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await fetch(url).then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the signer didn't start");
}

await tell(process.argv[2] ?? ".", open);
