/** Nonces that a server can check without having stored them (RFC 9449 section 9). */
import { signatures } from "#signature"

/** The secrets from which nonces are computed, of at least 32 characters. */
export interface NonceSecrets {
  readonly secret: string
  readonly previousSecret?: string
}

/** A nonce of this server that is still accepted. */
export interface CheckedNonce {
  /** Milliseconds since 1970, after which it is refused. */
  readonly until: number
  /** When a process sends it first, in milliseconds since 1970. */
  readonly usableSince: number
  /** Whether it is past half its life. */
  readonly isAging: boolean
}

export interface Nonces {
  readonly fresh: (now: number) => Promise<string>
  /** Returns `undefined` for a nonce of another server, for an old one, and for a value that is no nonce. */
  readonly check: (nonce: unknown, now: number) => Promise<CheckedNonce | undefined>
}

/** How long one nonce is sent, in milliseconds. */
const stepLength = 60_000

/**
 * How many steps old or new a nonce may be: the clocks of two processes differ, and time passes between response and
 * request.
 */
const window = 2

/** How long a nonce is accepted, from the beginning of its step. */
const lifetime = (window + 1) * stepLength

/**
 * Makes the nonces of a service: an HMAC of the number of the minute. All processes that share the secret accept them, and
 * each computes ten in a minute, however many requests there are.
 */
export const makeNonces = ({ secret, previousSecret }: NonceSecrets): Nonces => {
  const nonceOf = (key: string, step: number) => signatures.hmac(key, `latchkey DPoP nonce ${step}`)
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret]
  const acceptedAt = async (step: number): Promise<ReadonlyMap<string, number>> => {
    const steps = Array.from({ length: 2 * window + 1 }, (_, index) => step - window + index)
    const all = secrets.flatMap((key) => steps.map(async (each) => [await nonceOf(key, each), each] as const))
    return new Map(await Promise.all(all))
  }
  let last: { readonly step: number; readonly accepted: Promise<ReadonlyMap<string, number>> } | undefined
  return {
    fresh: async (now) => nonceOf(secret, stepAt(now)),
    check: async (nonce, now) => {
      const step = stepAt(now)
      if (last?.step !== step) last = { step, accepted: acceptedAt(step) }
      const made = typeof nonce === "string" ? (await last.accepted).get(nonce) : undefined
      if (made === undefined) return undefined
      const start = made * stepLength
      return { until: start + lifetime, usableSince: start, isAging: now - start > lifetime / 2 }
    },
  }
}

const stepAt = (now: number): number => Math.floor(now / stepLength)
