/** A JSON-RPC reply, whole. */
export interface RpcReply {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Speaks JSON-RPC over HTTP, as a dapp does. */
export interface RpcClient {
  readonly url: string;
  /** Posts a body as it is. */
  post(body: string, signal?: AbortSignal): Promise<{ status: number; text: string }>;
  /** Calls a method and returns the whole JSON-RPC reply. */
  call(method: string, params?: readonly unknown[], signal?: AbortSignal): Promise<RpcReply>;
}

/** A request as it stands on the wire. */
export function request(method: string, params: readonly unknown[] = [], id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** A client of whatever serves at a URL; it says `extra` in its headers. */
export function rpcClient(url: string, extra: Readonly<Record<string, string>> = {}): RpcClient {
  const post = async (body: string, signal?: AbortSignal) => {
    const headers = { "content-type": "application/json", ...extra };
    const abort = signal === undefined ? {} : { signal };
    const response = await fetch(url, { method: "POST", headers, body, ...abort });
    return { status: response.status, text: await response.text() };
  };
  return {
    url,
    post,
    async call(method, params, signal) {
      return JSON.parse((await post(request(method, params), signal)).text);
    },
  };
}
