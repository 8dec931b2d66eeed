/** What the system's error numbers mean, for people. Nothing here blames, or names a call. */
const reasons: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", "permission denied"],
  ["EADDRINUSE", "another program listens there"],
  ["EADDRNOTAVAIL", "this machine has no such address"],
  ["EAGAIN", "too many wait there already"],
  ["EAI_AGAIN", "its name can't be looked up now"],
  ["ECONNREFUSED", "nobody listens there"],
  ["ECONNRESET", "the connection was cut"],
  ["EHOSTUNREACH", "no network leads there"],
  ["EISDIR", "it is a folder"],
  ["ELOOP", "its links lead in a circle"],
  ["EMFILE", "too many files are open"],
  ["ENETUNREACH", "no network leads there"],
  ["ENFILE", "too many files are open"],
  ["ENOENT", "it isn't there"],
  ["ENOEXEC", "it is no program"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "a part of its path is no folder"],
  ["ENOTFOUND", "no machine of this name is known"],
  ["EPERM", "it isn't permitted"],
  ["EPIPE", "the connection was cut"],
  ["EROFS", "the disk can't be written"],
  ["ETIMEDOUT", "there was no answer in time"],
]);

/**
 * Why something failed, in words, where Node's message would begin with an error number's name
 * (`ENOENT: no such file or directory, stat '/x'`); the message of anything else. It names no place:
 * whoever says it does.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ("code" in error ? reasons.get(error.code) : undefined) ?? error.message;
}
