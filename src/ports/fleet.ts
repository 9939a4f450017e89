/** The store that the processes of a fleet share. */

/** The parties whose tokens end. An absent member is not compared: `{ clientId }` ends every token of a client. */
export interface EndedParties {
  readonly subject?: string
  readonly clientId?: string
  /** The session: the claim `sid`. */
  readonly session?: string
  /** One token, by its key in the fleet. */
  readonly token?: string
}

/** Parties of one issuer. Equal names at two issuers are different parties. */
export interface FleetParties extends EndedParties {
  /** The issuer. */
  readonly server: string
}

/** An end for every process. Without other members it ends every token of the issuer. */
export interface FleetEnd extends FleetParties {
  /** Whether the tokens of one grant end: an absent subject or client stands for the tokens that have none. */
  readonly grant?: boolean
  /** Whether other, unknown tokens of the issuer may have ended too. */
  readonly outdates?: boolean
  /** Present if a logout ended the tokens: then JWTs that are judged by their signature end too. */
  readonly logout?: FleetLogout
}

/** The logout that ended tokens. */
export interface FleetLogout {
  /** The issuer of the logout token. */
  readonly issuer?: string
  /** When the session ended, in milliseconds since 1970 by the clock of the issuer. Later tokens are not ended. */
  readonly at: number
}

/** A value that an end of one of its parties makes invalid. */
export interface FleetEntry {
  readonly value: string
  /** The time since the revision of the value was read, in milliseconds, by the clock of the store. */
  readonly age: number
}

/** A lock: the right to send a request for all processes. */
export interface FleetLock {
  /** Releases the lock before it expires. */
  readonly release: () => Promise<void>
}

/** An entry, or what a process needs to make one. */
export type Claim =
  | { readonly entry: FleetEntry }
  | {
      readonly entry?: undefined
      readonly revision: string
      /** `"taken"`: another process has the lock. `"none"`: no lock was taken. */
      readonly lock: FleetLock | "taken" | "none"
    }

export interface PutOptions {
  /** The result of `revision` or `claim` from before the request. */
  readonly revision: string
  readonly parties: FleetParties
  /** In milliseconds, at most one day. */
  readonly lifetime: number
  /** The lock of the request. It is released when the entry is stored. */
  readonly lock?: FleetLock | undefined
}

/**
 * The store that the processes of a fleet share. `latchkey/redis` makes one.
 *
 * No method rejects, and none takes longer than its deadline: if the store does not answer, it counts as empty. Every
 * key is a text of the caller, which the store hides. Lifetimes are milliseconds, by the clock of the store.
 */
export interface Fleet {
  /** The number of ends so far: read it before a request and store its answer under it. `undefined`: store nothing. */
  readonly revision: () => Promise<string | undefined>
  /** Returns the entry of a key, unless one of its parties has ended since the revision under which it was stored. */
  readonly find: (key: string) => Promise<FleetEntry | undefined>
  /**
   * Returns the entry of a key that is at most `maxAge` old. Otherwise it takes the lock of the key and reads the revision, in
   * the same round trip. `undefined`: the store did not answer.
   *
   * @param lockFor how long the lock lasts unless it is released; 0: no lock is taken
   */
  readonly claim: (
    key: string,
    options: { readonly maxAge: number; readonly lockFor: number },
  ) => Promise<Claim | undefined>
  readonly put: (key: string, value: string, options: PutOptions) => Promise<void>
  /** Ends tokens for every process. Returns `false` if the store did not confirm it. */
  readonly end: (...ends: ReadonlyArray<FleetEnd>) => Promise<boolean>
  /** Calls a listener with the ends of other processes, and with `"unknown"` when some may have been missed. */
  readonly onEnd: (listener: (end: FleetEnd | "unknown") => void) => () => void
  /** Returns a value that nothing ends. */
  readonly get: (key: string) => Promise<string | undefined>
  /** Stores a value that nothing ends. Returns `false` if the store did not confirm it. */
  readonly set: (key: string, value: string, lifetime: number) => Promise<boolean>
  /** Takes a lock for a time. `"taken"`: another process has it. `"unavailable"`: the store did not answer. */
  readonly lock: (key: string, lifetime: number) => Promise<FleetLock | "taken" | "unavailable">
  /** Ends the subscription. The client that the application made stays open. */
  readonly close: () => Promise<void>
}
