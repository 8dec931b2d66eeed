import { Failure } from "../domain/failure.ts";

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;
const parameter =
  /^\s*;\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+\s*=\s*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[^"\\\r\n]|\\.)*")/;

/**
 * Reads a MIME type as Go does: in lower case, without its parameters; a type without a slash passes.
 * @throws Failure `data.refused` with Go's text
 */
export function parseMediaType(untrusted: string): string {
  const end = untrusted.indexOf(";");
  const type = (end < 0 ? untrusted : untrusted.slice(0, end)).trim().toLowerCase();
  checkType(type);
  let rest = end < 0 ? "" : untrusted.slice(end);
  while (!/^\s*;?\s*$/.test(rest)) {
    const [found] = parameter.exec(rest) ?? refuse("mime: invalid media parameter");
    rest = rest.slice(found.length);
  }
  return type;
}

function checkType(type: string): void {
  const [first] = token.exec(type) ?? refuse("mime: no media type");
  if (first === type) return;
  if (type[first.length] !== "/") refuse("mime: expected slash after first token");
  const [second] =
    token.exec(type.slice(first.length + 1)) ?? refuse("mime: expected token after slash");
  if (first.length + 1 + second.length < type.length) {
    refuse("mime: unexpected content after media subtype");
  }
}

function refuse(message: string): never {
  throw new Failure("data.refused", message);
}
