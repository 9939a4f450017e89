/** Spending proofs in a replay store (RFC 9449 section 11.1). */
import { signatures } from "#signature"
import type { ReplayStore, Reservation } from "../replay.ts"
import type { Situation } from "../situations.ts"

/** 192 bits of a hash, as text: no two proofs have the same. */
const keyLength = 32

/** Spends a proof. Returns why the request must be refused, or `undefined`. */
export type Spend = (jkt: string, jti: string, until: number) => Promise<Situation | undefined>

/**
 * Makes the spending of proofs. A store that fails, that does not answer in time or that answers something else is
 * unavailable: the proof is not accepted.
 *
 * @param timeout the longest time for an answer, in milliseconds
 */
export const spending =
  (store: ReplayStore, timeout: number): Spend =>
  async (jkt, jti, until) => {
    const hash = await signatures.sha256(`${jkt} ${jti}`)
    try {
      const answer = store.reserve(hash.slice(0, keyLength), until, jkt)
      const reservation = answer instanceof Promise ? await inTime(answer, timeout) : answer
      if (reservation === "fresh") return undefined
      return reservation === "seen" ? "proof-replayed" : "replay-store-unavailable"
    } catch {
      return "replay-store-unavailable"
    }
  }

const inTime = (answer: Promise<Reservation>, timeout: number): Promise<Reservation | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout)
  })
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
