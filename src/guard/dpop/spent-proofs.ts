/** Spends proofs in a replay store (RFC 9449 section 11.1). */
import { signatures } from "#signature"
import type { ReplayStore } from "../replay.ts"

/** The length of a key, in characters: 192 bits of a hash, so that no two proofs have the same key. */
const keyLength = 32

/**
 * Spends a proof. Rejects if the store fails, does not answer in time, or returns an unknown value: then a replay could
 * not be detected, and the proof is not accepted.
 */
export type Spend = (jkt: string, jti: string, term: ProofTerm, by?: object) => Promise<"proof-replayed" | undefined>

/** When a proof is accepted, in milliseconds since 1970. */
interface ProofTerm {
  readonly until: number
  readonly usableSince: number
}

/** For each store, the requests that have spent a proof: another guard of the same request may spend it again. */
const spentIn = new WeakMap<ReplayStore, WeakMap<object, string>>()

const requestsOf = (store: ReplayStore): WeakMap<object, string> => {
  const requests = spentIn.get(store) ?? new WeakMap<object, string>()
  spentIn.set(store, requests)
  return requests
}

/**
 * Makes the spending of proofs.
 *
 * @param timeout the longest time for an answer, in milliseconds
 */
export const spending = (store: ReplayStore, timeout: number): Spend => {
  const requests = requestsOf(store)
  return async (jkt, jti, { until, usableSince }, by) => {
    const hash = await signatures.sha256(`${jkt} ${jti}`)
    const key = hash.slice(0, keyLength)
    if (by !== undefined && requests.get(by) === key) return undefined
    const reservation = await inTime(store.reserve(key, until, jkt, usableSince), timeout)
    if (reservation === "fresh") {
      if (by !== undefined) requests.set(by, key)
      return undefined
    }
    if (reservation === "seen") return "proof-replayed"
    throw new Error(
      reservation === undefined
        ? `no answer within ${timeout} ms`
        : 'expected "fresh" or "seen" as the answer, and found something else',
    )
  }
}

/** Wins against a promise that is not settled yet. */
const pending = Promise.resolve(undefined)

const inTime = async <A>(answer: Promise<A>, timeout: number): Promise<A | undefined> => {
  // A store in memory has answered already: it needs no timer.
  const present = await Promise.race([answer, pending])
  if (present !== undefined) return present
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout)
  })
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
