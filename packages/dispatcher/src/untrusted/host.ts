/** Names of this machine that every caller may use, besides those that are listed. */
const own = ["localhost", "127.0.0.1", "::1"];

/**
 * Whether a Host header names this dispatcher. Without the check a web page could reach the signer
 * by pointing a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function isAllowedHost(
  untrustedHost: string | undefined,
  vhosts: readonly string[],
): boolean {
  const name = hostNameOf(untrustedHost);
  return name !== undefined && (own.includes(name) || vhosts.includes(name));
}

/** The name without port and brackets, in lower case; undefined for no name at all. */
export function hostNameOf(untrustedHost: string | undefined): string | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::\d{1,5})?$/.exec(untrustedHost ?? "");
  return (parts?.[1] ?? parts?.[2])?.toLowerCase();
}
