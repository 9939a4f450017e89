/** The record of revocations. The cost of a revocation does not depend on the number of cached answers. */
import { boundedStore } from "./bounded-store.ts"
import type { CacheKey } from "./cache-key.ts"

/**
 * A number in place of a subject, a client or a session. If two have the same number, a revocation ends more answers
 * than it must.
 */
export type Party = number

/** Stands for every subject or client in a revocation. */
export const anyParty: Party = 0

/** Stands for the subject, client or session of an answer that names none. */
export const noParty: Party = 1

/**
 * The parties of an answer, and the revocations before it. Revocations are counted, so that no clock decides which of
 * two events was first.
 */
export interface Requested {
  readonly subject: Party
  readonly client: Party
  /** The session: the claim `sid`. */
  readonly session: Party
  /** How many revocations there had been when the request for the answer started. */
  readonly revocations: number
  /** How many revocations have been compared with the answer. */
  compared: number
}

export interface Revocations {
  readonly count: () => number
  /** Ends the answers of these tokens, also those of requests in flight. */
  readonly endTokens: (keys: ReadonlyArray<CacheKey>) => void
  /** Ends the answers of a subject, of a client, or of a subject at a client. */
  readonly endParties: (subject: Party, client: Party) => void
  /** Ends every answer so far, also those of requests in flight. */
  readonly endAll: () => void
  /** Ends the answers of a session, and those of its subject that name no session. */
  readonly endSession: (session: Party, subject: Party) => void
  /** Makes every answer so far outdated: one of them may have ended. */
  readonly outdateAll: () => void
  /** The count before every answer so far became outdated. */
  readonly beforeOutdating: () => number
  /** Whether a revocation has ended the answer of a request that started when this number had been counted. */
  readonly hasEndedToken: (key: CacheKey, since: number) => boolean
  readonly hasEndedParties: (answer: Requested) => boolean
  readonly isOutdated: (answer: Requested) => boolean
}

/** How many tokens and parties are remembered. When one is evicted, older answers end: none outlives its revocation. */
const limits = { entries: 10_000, bytes: Number.POSITIVE_INFINITY }

interface Revocation {
  readonly number: number
  readonly bytes: 0
}

/** Remembers a limited number of names with the number of their last revocation. */
const remembered = <Name>() => {
  let floor = 0
  const names = boundedStore<Name, Revocation>(limits, ({ number }) => {
    floor = Math.max(floor, number)
  })
  return {
    add: (name: Name, number: number): void => names.set(name, { number, bytes: 0 }),
    isAfter: (since: number, ...among: ReadonlyArray<Name>): boolean =>
      floor > since || among.some((name) => (names.get(name)?.number ?? 0) > since),
  }
}

/** Makes an empty record of revocations. */
export const makeRevocations = (): Revocations => {
  const tokens = remembered<CacheKey>()
  const parties = remembered<string>()
  let count = 0
  let lastOfParties = 0
  let outdating = 0
  let ending = 0
  const nameOf = (subject: Party, client: Party) => `${subject} ${client}`
  const sessionName = (session: Party) => `session ${session}`
  const withoutSession = (subject: Party) => `${subject} without session`
  const endNamed = (...names: ReadonlyArray<string>): void => {
    count += 1
    lastOfParties = count
    for (const name of names) parties.add(name, count)
  }
  return {
    count: () => count,
    endTokens: (keys) => {
      count += 1
      for (const key of keys) tokens.add(key, count)
    },
    endAll: () => {
      count += 1
      ending = count
    },
    endParties: (subject, client) => endNamed(nameOf(subject, client)),
    endSession: (session, subject) =>
      endNamed(sessionName(session), ...(subject === noParty ? [] : [withoutSession(subject)])),
    outdateAll: () => {
      count += 1
      outdating = count
    },
    beforeOutdating: () => outdating - 1,
    hasEndedToken: (key, since) => since < ending || tokens.isAfter(since, key),
    hasEndedParties: (answer) => {
      if (answer.compared >= lastOfParties) return false
      const { subject, client, session, revocations } = answer
      const ofSession = session === noParty ? withoutSession(subject) : sessionName(session)
      const ofParties = [nameOf(subject, client), nameOf(subject, anyParty), nameOf(anyParty, client)]
      if (parties.isAfter(revocations, ...ofParties, ofSession)) return true
      answer.compared = count
      return false
    },
    isOutdated: ({ revocations }) => revocations < outdating,
  }
}

/** Makes numbers of texts, different ones in each process. */
export const makeParties = (): ((text: string | undefined) => Party) => {
  // Made with the first text: some platforms give no random numbers while a module is loaded.
  let seed: number | undefined
  return (text) => {
    if (text === undefined) return noParty
    seed ??= crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
    let hash = seed
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    // Small enough for V8 to store it in the entry itself.
    return noParty + 1 + (hash >>> 3)
  }
}
