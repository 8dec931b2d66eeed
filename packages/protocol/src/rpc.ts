/** JSON-RPC 2.0 error codes as go-ethereum's server uses them. */
export const rpcCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  responseTooLarge: -32003,
  /** EIP-1474's: nothing is wrong but the moment. */
  limitExceeded: -32005,
} as const;

export type RpcCode = (typeof rpcCode)[keyof typeof rpcCode];

/** What a caller is told when a request fails. */
export interface RpcError {
  readonly code: RpcCode;
  readonly message: string;
}
