/**
 * The service descriptor that qrexec puts before a caller's first byte: `SERVICE+ARG QUBE\0`. dom0
 * says it, no caller can; so it is the identity.
 */

/** The service's names: ours, and the one that the original dispatcher called. */
export const qrexecServices = ["qubes.Clefsign", "qubes.EthSign"] as const;
export type QrexecService = (typeof qrexecServices)[number];

/** Who calls, as dom0 says. `profile` is the service's argument, empty for none. */
export interface Descriptor {
  readonly service: QrexecService;
  readonly profile: string;
  readonly qube: string;
}

/** Longest descriptor, bytes with its zero: qrexec's names are far shorter. */
export const descriptorBytesMax = 400;

/** Longest service with its argument, bytes: what qrexec carries everywhere. */
export const serviceBytesMax = 63;

const pattern = new RegExp(
  `^(${qrexecServices.map((name) => name.replace(".", "\\.")).join("|")})` +
    "\\+([a-z0-9.-]{0,32}) ([A-Za-z][A-Za-z0-9_.-]{0,30})$",
);

/** Reads a descriptor without its zero; undefined if it is none. */
export function parseDescriptor(untrusted: string): Descriptor | undefined {
  const found = pattern.exec(untrusted);
  const service = qrexecServices.find((name) => name === found?.[1]);
  const [, , profile, qube] = found ?? [];
  if (service === undefined || profile === undefined || qube === undefined) return undefined;
  return `${service}+${profile}`.length <= serviceBytesMax ? { service, profile, qube } : undefined;
}

/** The descriptor as it is sent, with its zero. */
export function encodeDescriptor({ service, profile, qube }: Descriptor): string {
  return `${service}+${profile} ${qube}\0`;
}

/** Whether a text names a qube, as Qubes allows. */
export function isQubeName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,30}$/.test(text);
}

/** Whether a text is a profile that a service may be called with. */
export function isProfile(text: string): boolean {
  return /^[a-z0-9.-]{1,32}$/.test(text);
}
