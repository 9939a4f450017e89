/** The values that the requests of one route share: its requirements and its refusals. */
import { toSeconds } from "../internal/duration.ts"
import type { IntrospectOptions } from "../ports/introspection.ts"
import { type ChallengeNeeds, challengeOf } from "./challenge.ts"
import type { Credentials } from "./credentials.ts"
import { type CheckNeeds, checkOf, type Needs } from "./needs.ts"
import type { Settings } from "./options.ts"
import { bodyOf, type Refusal } from "./refusal.ts"
import { type Answer, answers, type Situation, situations } from "./situations.ts"

export interface Route {
  readonly isOptional: boolean
  /** Whether the signature alone decides. */
  readonly isLocal: boolean
  /** The options of `introspect`. */
  readonly options: IntrospectOptions
  readonly check: CheckNeeds
  /** Returns the refusal of a situation, without the headers that differ from request to request. */
  readonly refusal: (situation: Situation, scheme: Credentials["scheme"], isHead: boolean) => Refusal
}

/** Makes a route. Each refusal is made once, so that a flood of refused requests costs no more than accepted ones. */
export const makeRoute = (settings: Settings, needs: Needs): Route => {
  const { freshness, optional = false } = needs
  const challengeNeeds = challengeNeedsOf(needs)
  const refusals = new Map<string, Refusal>()
  return {
    isOptional: optional,
    isLocal: freshness === "local",
    options: Object.freeze({ timeout: settings.timeout, ...(freshness !== undefined && { freshness }) }),
    check: checkOf(needs),
    refusal: (situation, scheme, isHead) => {
      const name = `${situation} ${scheme} ${isHead}`
      const known = refusals.get(name)
      if (known !== undefined) return known
      const answer: Answer = answers[situations[situation]]
      const refusal = refusalOf(
        answer,
        challengeOf(settings.challenge, challengeNeeds, answer, scheme),
        situation,
        isHead,
      )
      refusals.set(name, refusal)
      return refusal
    },
  }
}

/** A challenge never names `offline_access`, because it is not a permission of a resource. */
const challengeNeedsOf = ({ scopes = [], anyScope = [], acr, maxAuthAge }: Needs): ChallengeNeeds => {
  const scope = [...scopes, ...anyScope.slice(0, 1)].filter((each) => each !== "offline_access")
  return {
    scope: scope.length === 0 ? undefined : Array.from(new Set(scope)).join(" "),
    acrValues: acr?.join(" "),
    maxAge: maxAuthAge === undefined ? undefined : Math.floor(toSeconds(maxAuthAge)),
  }
}

const refusalOf = ({ status }: Answer, challenge: string, situation: Situation, isHead: boolean): Refusal => {
  const isChallenged = status < 500
  // All requests and hooks share it.
  return Object.freeze({
    status,
    headers: Object.freeze({
      "cache-control": "no-store",
      "content-type": "application/problem+json",
      ...(isChallenged && { "www-authenticate": challenge }),
    }),
    body: isHead ? undefined : bodyOf(situation),
    situation,
  })
}
