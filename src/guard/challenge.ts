/** The header `WWW-Authenticate` (RFC 9110 section 11.6.1). */
import type { Answer } from "./situations.ts"

/** The settings that all challenges of a guard share. */
export interface ChallengeSettings {
  readonly realm: string | undefined
  /** The URL of the protected resource metadata (RFC 9728 section 5.1). */
  readonly resourceMetadata: string | undefined
  readonly dpop: "off" | "allowed" | "required"
  /** The algorithms that DPoP proofs may have. */
  readonly algorithms: ReadonlyArray<string>
}

/** The requirements of a route, as a challenge names them. */
export interface ChallengeNeeds {
  /** The scopes that the route requires (RFC 6750 section 3), separated by spaces. */
  readonly scope: string | undefined
  /** In order of preference (RFC 9470 section 3), separated by spaces. */
  readonly acrValues: string | undefined
  readonly maxAge: number | undefined
}

type Parameters = ReadonlyArray<readonly [name: string, value: string | number | undefined]>

/**
 * Returns the value of the header. One line has the challenges of both schemes; the one that the request used comes first
 * and has the error, because known parsers take the first `error`.
 *
 * @param scheme the scheme that the request used
 */
export const challengeOf = (
  settings: ChallengeSettings,
  needs: ChallengeNeeds,
  { error, detail }: Answer,
  scheme: "bearer" | "dpop",
): string => {
  const { realm, resourceMetadata, dpop, algorithms } = settings
  const isStepUp = error === "insufficient_user_authentication"
  const description: Parameters = [
    ["error", error],
    ["error_description", error && detail],
    ["scope", error === undefined || error === "insufficient_scope" ? needs.scope : undefined],
    ["acr_values", isStepUp ? needs.acrValues : undefined],
    ["max_age", isStepUp ? needs.maxAge : undefined],
  ]
  const metadata = ["resource_metadata", resourceMetadata] as const
  const bearer = (own: Parameters) => printed("Bearer", [["realm", realm], ...own, metadata])
  const proof = (own: Parameters) =>
    printed("DPoP", [["realm", realm], ...own, metadata, ["algs", algorithms.join(" ")]])
  if (dpop === "off") return bearer(description)
  if (dpop === "required") return proof(description)
  return scheme === "bearer" ? `${bearer(description)}, ${proof([])}` : `${proof(description)}, ${bearer([])}`
}

const printed = (scheme: string, parameters: Parameters): string => {
  const list = parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]))
  return list.length === 0 ? scheme : `${scheme} ${list.join(", ")}`
}
