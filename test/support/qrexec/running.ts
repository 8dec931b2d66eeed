import type { Config, Service, ServiceName } from "./service.ts";
import type { Qube, Stream } from "./terms.ts";

/** What a running service tells the call that it belongs to. */
export interface Listener {
  /** Empty at the end. */
  output(chunk: Buffer): void;
  error(chunk: Buffer): void;
  /** Comes last, after all that was written. */
  exit(code: number): void;
  /** So many bytes of the caller were taken. */
  credit(bytes: number): void;
}

/** A service that is joined to a call. */
export interface Running {
  /** What the caller wrote; empty at the end. */
  input(chunk: Buffer): void;
  credit(bytes: number): void;
  /** The caller is gone: the end of its input is all that the service is told. */
  hangUp(): void;
  /** The qube is gone. */
  kill(): void;
}

/** What a service is started with. */
export interface Start {
  readonly service: Service & { readonly path: string };
  readonly name: ServiceName;
  readonly source: string;
  readonly qube: Qube;
  readonly home: string;
  readonly config: Config;
  readonly stream: Stream;
  readonly listener: Listener;
}
