/** Policy files by name; a text alone is `30-test.policy`. */
export type PolicyFiles = string | Readonly<Record<string, string>>;

/** A qube as the world's description has it; what is left out is the first value named. */
export interface Qube {
  readonly name: string;
  readonly type?: "AppVM" | "TemplateVM" | "StandaloneVM" | "DispVM" | "AdminVM";
  readonly tags?: readonly string[];
  readonly uuid?: string;
  /** The template of its disposables. */
  readonly defaultDispvm?: string;
  /** Whether disposables are made from it. */
  readonly templateForDispvms?: boolean;
  /** `true`; a halted qube is started by a call unless the policy says `autostart=no`. */
  readonly running?: boolean;
  /** 50: how long a start takes. */
  readonly startMs?: number;
  /** Where services are looked up, in order; by default one folder of its own. */
  readonly rpcDirs?: readonly string[];
  /** The environment of its services, beside HOME, PATH, USER and LOGNAME: DISPLAY of a session. */
  readonly env?: Readonly<Record<string, string>>;
  /** `false`: as without a session, through `/bin/sh -lc`, which reads the home's .profile. */
  readonly loginShell?: boolean;
}

/** The person before dom0's dialog. */
export interface Ask {
  readonly delayMs: number;
  readonly answer: "yes" | "no";
}

/** What goes wrong, for every call that begins from now on. */
export interface Faults {
  /** Exit code 1 after so long, with both lines about the vchan. */
  readonly vchanTimeoutMs?: number;
  /** A set-up takes so long, and more at a time than `max` from one qube fail with exit code 1. */
  readonly setups?: { readonly max: number; readonly ms: number };
  /** 128: so many calls are held between two qubes, and the next is refused. */
  readonly heldMax?: number;
  /** The person presses Cancel after so long: exit code 126. */
  readonly cancelAfterMs?: number;
  /** The called qube dies after so many bytes of the answer: exit code 255. */
  readonly dieAfterBytes?: number;
  /** A false error of sending beside a complete answer and exit code 0. */
  readonly spuriousSendError?: boolean;
  /** Lines with a time before them on the client's stderr, as of its own logging. */
  readonly noise?: readonly string[];
}

/** How bytes travel. */
export interface Stream {
  /** Whether a socket service gets the header at once ("split") or with the first bytes. */
  readonly header?: "split" | "joined";
  /** In pieces of at most so many bytes, both ways and also inside the header. */
  readonly chunk?: { readonly bytesMax: number; readonly pauseMs: number };
}

export interface WorldOptions {
  readonly qubes: readonly Qube[];
  readonly policy: PolicyFiles;
  /** A person who says yes at once. */
  readonly ask?: Ask;
  readonly faults?: Faults;
  readonly stream?: Stream;
}

/** One call, as dom0's log and the person have seen it. */
export interface Call {
  readonly id: number;
  readonly source: string;
  /** As the caller named it, after the rules for names. */
  readonly target: string;
  /** With its `+`. */
  readonly service: string;
  /**
   * `asking` while dom0's question is on the screen; `refused` when no rule was asked, or when the
   * qube that it names could not be had.
   */
  readonly decision: "allow" | "deny" | "asking" | "ask-yes" | "ask-no" | "refused";
  /** The rule's file and line; empty when there was none. */
  readonly rule: string;
  readonly reason: string;
  /** Whether dom0 showed a notification. */
  readonly notified: boolean;
  /** The qube that got the call; empty when none did. */
  readonly reached: string;
  /** Its exit code, once it has ended. */
  readonly exit?: number;
}
