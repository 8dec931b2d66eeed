/** Port: what the operator should know. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
}
