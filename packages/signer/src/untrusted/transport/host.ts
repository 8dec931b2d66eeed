import { isIP } from "node:net";

/**
 * Whether a Host header names this listener. Without the check a web page could reach the signer
 * by pointing a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function isAllowedHost(
  untrustedHost: string | undefined,
  { vhosts, boundAddress }: { vhosts: readonly string[]; boundAddress: string },
): boolean {
  const name = nameOf(untrustedHost ?? "");
  if (name === undefined) return false;
  if (vhosts.includes("*")) return true;
  if (isIP(name) !== 0) return name === boundAddress.replace(/^::ffff:/, "");
  return vhosts.some((vhost) => vhost.toLowerCase() === name);
}

/** The name without port and brackets, in lower case; undefined for no name at all. */
function nameOf(host: string): string | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host);
  return (parts?.[1] ?? parts?.[2])?.toLowerCase();
}
