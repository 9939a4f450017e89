/** Merging the claims of a verified JWT with the introspection response. */
import type { ActiveToken, TokenState } from "../../ports/introspection.ts"

/** The difference between two expiry times that still counts as equal, in seconds: some vendors round differently. */
const tolerance = 1

/**
 * Merges the two token states. Identity and scopes come from the signed claims, times from the introspection response.
 *
 * The token is inactive if the two disagree on client, subject, audience or expiry.
 */
export const mergeClaims = (signed: ActiveToken, live: ActiveToken): TokenState => {
  if (disagrees(signed, live)) return { active: false }
  return {
    ...live,
    ...signed,
    ...(live.issuedAt !== undefined && { issuedAt: live.issuedAt }),
    ...(live.notBefore !== undefined && { notBefore: live.notBefore }),
    ...(live.expiresAt !== undefined && { expiresAt: live.expiresAt }),
    audience: signed.audience.length > 0 ? signed.audience : live.audience,
    claims: { ...live.claims, ...signed.claims },
    source: { ...live.source, ...signed.source, stale: live.source.stale },
  }
}

/** A comparison of the two token states. A value that one of them lacks agrees. */
interface Comparison {
  readonly name: "client" | "subject" | "audience" | "expiry"
  readonly agree: (signed: ActiveToken, live: ActiveToken) => boolean
  readonly print: (state: ActiveToken) => string | undefined
}

const agreeOn = (name: "clientId" | "subject") => (signed: ActiveToken, live: ActiveToken) =>
  signed[name] === undefined || live[name] === undefined || signed[name] === live[name]

/** The comparisons, in order. */
export const comparisons: ReadonlyArray<Comparison> = [
  { name: "client", agree: agreeOn("clientId"), print: ({ clientId }) => clientId },
  { name: "subject", agree: agreeOn("subject"), print: ({ subject }) => subject },
  {
    name: "audience",
    agree: (signed, live) =>
      signed.audience.length === 0 || live.audience.length === 0 || hasSameMembers(signed.audience, live.audience),
    print: ({ audience }) => (audience.length === 0 ? undefined : audience.join(", ")),
  },
  {
    name: "expiry",
    agree: (signed, live) =>
      signed.expiresAt === undefined ||
      live.expiresAt === undefined ||
      Math.abs(signed.expiresAt.getTime() - live.expiresAt.getTime()) <= tolerance * 1000,
    print: ({ expiresAt }) => expiresAt?.toISOString(),
  },
]

const disagrees = (signed: ActiveToken, live: ActiveToken): boolean =>
  comparisons.some(({ agree }) => !agree(signed, live))

const hasSameMembers = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  one.every((each) => other.includes(each)) && other.every((each) => one.includes(each))
