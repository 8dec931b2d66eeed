import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { askIpc } from "../support/ipc-client.ts";
import { hasShared } from "../support/shared.ts";
import type { Signer } from "../support/signer.ts";
import { type GoldenCase, maskLines, readGolden } from "./golden.ts";
import { describeRecordings } from "./suite.ts";

/** Here request and response are texts; the last two cases look at the socket instead. */
interface IpcCase {
  readonly name: string;
  readonly request?: string;
  readonly response?: string;
  readonly ui?: GoldenCase["ui"];
  readonly mode?: string;
  readonly exists?: boolean;
  readonly exit?: number;
}

const file = "ipc-transport.json";
const version = '{"jsonrpc":"2.0","id":1,"method":"account_version","params":[]}';
const pathOf = ({ home }: Signer) => join(home.configDir, "clef.ipc");

async function replay(recorded: IpcCase, signer: Signer): Promise<void> {
  const { mode, exists, exit, request, response = "", ui = [] } = recorded;
  if (mode !== undefined) {
    expect(`0o${statSync(pathOf(signer)).mode.toString(8)}`).toBe(mode);
  } else if (exists !== undefined) {
    expect(await signer.stop("SIGINT")).toBe(exit);
    expect(existsSync(pathOf(signer))).toBe(exists);
  } else {
    const answers = ui.filter(({ dir }) => dir === "ui->clef").map(({ line }) => line);
    signer.window.answerer = () => JSON.parse(answers.shift() ?? "{}").result ?? {};
    const before = signer.window.messages.length;
    const reply = await askIpc(pathOf(signer), requestOf(request ?? ""));
    const asked = signer.window.messages.slice(before).map(({ line }) => line);
    expect(comparable(reply)).toBe(comparable(response));
    const lines = ui.filter(({ dir }) => dir === "clef->ui").map(({ line }) => line);
    expect(maskLines(asked)).toEqual(maskLines(lines));
  }
}

function requestOf(recorded: string): string {
  const times = /^\[(\d+) x version\]$/.exec(recorded)?.[1];
  return times === undefined ? recorded : `[${Array(Number(times)).fill(version)}]`;
}

/** Of the words of Go's decoder only the code counts; of a long reply its begin and its length. */
function comparable(reply: string): string {
  const text = reply === "<timeout>" ? "" : reply;
  const described = /^(.*)\.\.\.<(\d+) bytes>$/s.exec(text);
  if (described !== null) return `${described[1]} ${described[2]}`;
  if (text.length > 10_000) return `${text.slice(0, 120)} ${text.length}`;
  return text.replace(/"message":"(invalid character [^"]*|parse error)"/, '"message":"…"');
}

describeRecordings({
  file,
  cases: hasShared ? (readGolden(file) as readonly unknown[] as readonly IpcCase[]) : [],
  replay,
});
