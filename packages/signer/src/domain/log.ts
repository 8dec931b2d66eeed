/** A value of a log line. Texts may be a stranger's: whoever writes them escapes them. */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean>>;

/** Port: the operator's log. Never a secret, never calldata. */
export interface Log {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}
