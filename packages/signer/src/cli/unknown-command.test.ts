import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { laterNames, laterText, unknownCommand } from "./unknown-command.ts";

const known = [...commands.keys()];

test.each([
  ["newacount", 'invalid command: "newacount"', 'did you mean "cleft newaccount"?'],
  ["list-acounts", 'invalid command: "list-acounts"', 'did you mean "cleft list-accounts"?'],
  ["audit shwo", 'invalid command: "audit shwo"', 'did you mean "cleft audit show"?'],
  ["acount", 'invalid command: "acount"', 'did you mean "cleft account"?'],
  ["qube", 'invalid command: "qube"', 'did you mean "cleft qubes"?'],
  ["stepw", 'invalid command: "stepw"', 'did you mean "cleft setpw"?'],
  ["frobnicate", 'invalid command: "frobnicate"', "cleft help lists all commands"],
  [
    "account frobnicate",
    'invalid command: "account frobnicate"',
    "cleft help account lists all commands",
  ],
  ["config", "expected one of: config show", "cleft help config"],
  ["toString", 'invalid command: "toString"', "cleft help lists all commands"],
])("unknownCommand() answers %s", (name, message, hint) => {
  expect(unknownCommand(name, known)).toMatchObject({ code: "usage", message, hint });
});

test.each(["init", "attest", "setpw", "delpw", "gendoc"])(
  "unknownCommand() says what to use instead of Clef's %s, and so does help",
  (name) => {
    const { message, hint = "" } = unknownCommand(name, known);
    expect(message).toBe(`the command ${name} is not implemented yet`);
    expect(hint.length).toBeGreaterThan(20);
    expect(hint.length).toBeLessThanOrEqual("hint: ".length + 74);
    expect(laterText(name)).toBe(`cleft ${name} is not implemented yet.\n${hint}`);
    expect(laterNames).toContain(name);
  },
);

test.each(["newaccount", "toString", ""])("laterText() knows nothing of %j", (name) => {
  expect(laterText(name)).toBeUndefined();
});
