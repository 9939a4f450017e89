/** What the processes of a fleet share. */

/** Whose tokens end. A member that is absent is not compared: `{ clientId }` ends every token of a client. */
export interface EndedParties {
  readonly subject?: string
  readonly clientId?: string
  /** The session: the claim `sid`. */
  readonly session?: string
  /** One token, by its key in the fleet. */
  readonly token?: string
}

/** A value that an end of one of its parties makes invalid. */
export interface FleetEntry {
  readonly value: string
  /** How long ago the value was stored, in milliseconds, by the clock of the server. */
  readonly age: number
}

/** The right to send a request for all processes. */
export interface FleetLock {
  /** Gives the right back early. */
  readonly release: () => Promise<void>
}

/**
 * The store that the processes of a fleet share. `latchkey/redis` makes one.
 *
 * No method rejects, and none takes longer than its deadline: a store that does not answer is a store without the value.
 * Every key is a text of the caller; the store hides it. Lifetimes are milliseconds by the clock of the server.
 */
export interface Fleet {
  /** The number of ends so far: read it before a request and store its answer under it. `undefined`: store nothing. */
  readonly revision: () => Promise<string | undefined>
  /** Returns the entry of a key, unless one of its parties has ended since the revision under which it was stored. */
  readonly find: (key: string) => Promise<FleetEntry | undefined>
  readonly put: (
    key: string,
    value: string,
    options: { readonly revision: string; readonly parties: EndedParties; readonly lifetime: number },
  ) => Promise<void>
  /** Ends tokens for every process. Returns `false` if the store did not confirm it. */
  readonly end: (parties: EndedParties) => Promise<boolean>
  /** Calls a listener with the ends of other processes, and with `"unknown"` when some may have been missed. */
  readonly onEnd: (listener: (parties: EndedParties | "unknown") => void) => () => void
  /** Returns a value that nothing ends. */
  readonly get: (key: string) => Promise<string | undefined>
  /** Stores a value that nothing ends. Returns `false` if the store did not confirm it. */
  readonly set: (key: string, value: string, lifetime: number) => Promise<boolean>
  /** Takes a lock for a time. `"taken"`: another process has it. `"unavailable"`: the store did not answer. */
  readonly lock: (key: string, lifetime: number) => Promise<FleetLock | "taken" | "unavailable">
}
