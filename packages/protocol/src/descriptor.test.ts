import { describe, expect, it } from "vitest";
import { encodeDescriptor, parseDescriptor } from "./descriptor.ts";

describe("parseDescriptor()", () => {
  it.each([
    ["qubes.Clefsign+ work", { service: "qubes.Clefsign", profile: "", qube: "work" }],
    ["qubes.Clefsign+defi work-2", { service: "qubes.Clefsign", profile: "defi", qube: "work-2" }],
    ["qubes.EthSign+ disp1234", { service: "qubes.EthSign", profile: "", qube: "disp1234" }],
  ])("reads %s", (text, expected) => {
    expect(parseDescriptor(text)).toEqual(expected);
    expect(encodeDescriptor(parseDescriptor(text) ?? expect.fail())).toBe(`${text}\0`);
  });

  it.each([
    "",
    "work",
    "qubes.Clefsign work",
    "qubes.Clefsign+",
    "qubes.Clefsign+ ",
    "qubes.Clefsign+  work",
    " qubes.Clefsign+ work",
    "qubes.Clefsign+ work ",
    "qubes.Clefsign+ work\n",
    "qubes.Clefsign+ work personal",
    "qubes.Clefsign+ 1work",
    "qubes.Clefsign+ @adminvm",
    "qubes.Clefsign+Defi work",
    "qubes.Clefsign+a_b work",
    `qubes.Clefsign+ ${"w".repeat(32)}`,
    `qubes.Clefsign+${"a".repeat(33)} work`,
    "qubesXClefsign+ work",
    "qubes.GetDate+ work",
    "qubes.Clefsign+ wörk",
  ])("refuses %j", (text) => {
    expect(parseDescriptor(text)).toBeUndefined();
  });
});
