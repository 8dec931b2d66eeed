import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { parseMediaType } from "./media-type.ts";

test.each([
  ["text/plain", "text/plain"],
  ["TEXT/Plain", "text/plain"],
  [" text/plain ; charset=utf-8", "text/plain"],
  ['text/plain; a="b \\" c"; d=e;', "text/plain"],
  ["text/plain;", "text/plain"],
  ["text", "text"],
  ["application/x-foo+json", "application/x-foo+json"],
])("parseMediaType() reads %j as %j", (written, type) => {
  expect(parseMediaType(written)).toBe(type);
});

test.each([
  ["", "mime: no media type"],
  [" ; a=b", "mime: no media type"],
  ["/plain", "mime: no media type"],
  ["text plain", "mime: expected slash after first token"],
  ["text/", "mime: expected token after slash"],
  ["text/plain/x", "mime: unexpected content after media subtype"],
  ["text/plain é", "mime: unexpected content after media subtype"],
  ["text/plain; charset", "mime: invalid media parameter"],
  ["text/plain; =x", "mime: invalid media parameter"],
  ['text/plain; a="x', "mime: invalid media parameter"],
])("parseMediaType() refuses %j in Go's words", (written, message) => {
  expect(() => parseMediaType(written)).toThrow(
    expect.objectContaining(failure("data.refused", message)),
  );
});
