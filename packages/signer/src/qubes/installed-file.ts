/** A file that the installation makes. */
export interface InstalledFile {
  readonly path: string;
  /** Who has to write it, and owns it. */
  readonly owner: "root" | "user";
  readonly content: Content;
}

export type Content =
  | { readonly kind: "text"; readonly text: string; readonly mode: number }
  | { readonly kind: "link"; readonly to: string };

/** Stands in every text that the installation writes, so that it knows its own again. */
export const mark = 'Written by "cleft qubes install", which replaces it.';

/** Name of the socket in the configuration directory that qrexec's calls come in at. */
export const qrexecFile = "qrexec.sock";

/** Where the vault's services lie: AppVMs keep only /rw, which /usr/local and /home are in. */
export const serviceFolder = "/usr/local/etc/qubes-rpc";

/** What opens the terminal. */
export const startPath = "/usr/local/bin/cleft-vault-start";

/** What does it at the start of a session, in the home. */
export const autostartFile = ".config/autostart/cleft-vault.desktop";

/** The dispatcher's unit, in the home. */
export const dispatcherUnit = ".config/systemd/user/cleft-dispatcher.service";
