/** Remembers spent proofs (RFC 9449 section 11.1). */
import { AuthError, type Issue } from "../ports/errors.ts"
import { ExpiryHeap } from "./dpop/expiry-heap.ts"
import { ShareExceeded } from "./dpop/share-exceeded.ts"

/** A store of spent proofs. A store that all processes share implements it over a network. */
export interface ReplayStore {
  /**
   * Remembers a key until a time, unless it is there already: one atomic step.
   *
   * @param key identifies the proof: 32 characters of base64url
   * @param until milliseconds since 1970, after which the proof is too old anyway
   * @param owner the thumbprint of the key that signed the proof. A bounded store limits the entries of each owner, so
   *   that no owner takes the space of others.
   * @param usableSince the earliest time at which the proof can have been accepted, in milliseconds since 1970. A store
   *   that can lose its data rejects a proof that could have been spent before the loss.
   *
   * Returns `"seen"` if the key is there already. Rejects if the store cannot be reached or has no space: the request
   * is answered with 503.
   */
  readonly reserve: (key: string, until: number, owner: string, usableSince?: number) => Promise<"fresh" | "seen">
}

/** The limits of a replay store in memory. */
export interface MemoryReplayStoreOptions {
  /** The most proofs that are remembered. Default 1,000,000, for 15,000 requests in a second and about 150 MB. */
  readonly maxEntries?: number
  /** The largest part of the entries that proofs of one key may have. Default 0.01. */
  readonly maxShare?: number
}

/** A replay store in memory. */
export interface MemoryReplayStore extends ReplayStore {
  /** The number of entries, with those that have expired since the last reservation. */
  readonly size: number
}

/** The entries of one owner. */
interface Share {
  readonly owner: string
  count: number
}

interface Entry {
  readonly key: string
  /** Seconds since 1970: a small integer takes no memory of its own. */
  readonly until: number
  readonly share: Share
}

/** The most expired entries that a reservation removes. */
const sweep = 64
/** The same, if the reservation needs space. */
const deepSweep = 10_000

/**
 * Makes a replay store for one process. It never forgets a proof that could still pass: a reservation fails if the
 * store is full, or if the key has its whole share. Other keys are not affected.
 *
 * Throws an `AuthError` (`InvalidConfig`) if an option is wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
export const memoryReplayStore = (options: MemoryReplayStoreOptions = {}): MemoryReplayStore => {
  const problems = problemsOf(options)
  if (problems.length > 0)
    throw new AuthError({
      provider: "guard",
      operation: "memoryReplayStore",
      reason: { _tag: "InvalidConfig", issues: problems },
    })
  const { maxEntries = 1_000_000, maxShare = 0.01 } = options
  const perOwner = Math.max(1, Math.floor(maxEntries * maxShare))
  const keys = new Set<string>()
  const shares = new Map<string, Share>()
  const heap = new ExpiryHeap<Entry>()

  const removeExpired = (now: number, most: number): void => {
    for (let count = 0; count < most; count++) {
      const { first } = heap
      if (first === undefined || first.until * 1000 >= now) return
      heap.removeFirst()
      keys.delete(first.key)
      first.share.count -= 1
      if (first.share.count === 0) shares.delete(first.share.owner)
    }
  }

  const lacking = (owner: string): (() => Error) | undefined => {
    if (keys.size >= maxEntries)
      return () => new Error(`the replay store is full: it has ${maxEntries} proofs that could still pass`)
    return (shares.get(owner)?.count ?? 0) >= perOwner
      ? () =>
          new ShareExceeded(`the key has its whole share of the replay store: ${perOwner} proofs that could still pass`)
      : undefined
  }

  return {
    get size() {
      return keys.size
    },
    reserve: async (key, until, owner) => {
      const now = Date.now()
      removeExpired(now, sweep)
      // `encodeURIComponent` is the fastest way to copy the text: a slice would keep the text that it was cut from.
      const own = encodeURIComponent(key)
      if (keys.has(own)) return "seen"
      if (lacking(owner) !== undefined) removeExpired(now, deepSweep)
      const failure = lacking(owner)
      if (failure !== undefined) throw failure()
      const share = shares.get(owner) ?? { owner, count: 0 }
      if (share.count === 0) shares.set(owner, share)
      share.count += 1
      const entry = { key: own, until: Math.ceil(until / 1000), share }
      keys.add(entry.key)
      heap.add(entry)
      return "fresh"
    },
  }
}

const problemsOf = (options: MemoryReplayStoreOptions): ReadonlyArray<Issue> => {
  if (typeof options !== "object" || options === null)
    return [{ path: "", message: "expected the options of a replay store, such as { maxEntries: 100_000 }" }]
  const { maxEntries = 1, maxShare = 1, ...others } = options
  const isShare = typeof maxShare === "number" && maxShare > 0 && maxShare <= 1
  return [
    ...Object.keys(others).map((path) => ({ path, message: "unknown; expected one of maxEntries, maxShare" })),
    ...(Number.isSafeInteger(maxEntries) && maxEntries > 0 && maxEntries <= largest
      ? []
      : [{ path: "maxEntries", message: `expected a whole number from 1 to ${largest}` }]),
    ...(isShare ? [] : [{ path: "maxShare", message: "expected a number above 0 and at most 1, such as 0.01" }]),
  ]
}

/** The most entries that a `Set` takes: 2 to the power of 24. */
const largest = 16_000_000
