/** Explains why a token is active or inactive: makes the checks of `introspect` live, and without policies. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { toMillis } from "../internal/duration.ts"
import { Explaining, explained, withVerdict } from "../internal/explaining.ts"
import { isRejected } from "../internal/rejected-call.ts"
import { AudienceIsSigned, KeysAreUnavailable } from "../internal/signed-audience.ts"
import { defaultTimeout, withTimeout } from "../internal/timeout.ts"
import { isShort, maxTokenLength } from "../internal/token-text.ts"
import { AuthError, type Reason } from "../ports/errors.ts"
import type { Explainable, ExplainedCheck, Explanation } from "../ports/explanation.ts"
import type { ActiveToken, Introspection, TokenState } from "../ports/introspection.ts"
import type { ServerKeys } from "../ports/metadata.ts"
import { operations } from "../ports/operations.ts"
import type { Identity } from "../ports/provider.ts"
import { explainJwt, type JwtExplanation } from "./jwt/explain-jwt.ts"
import { isJwt } from "./jwt/jwt.ts"
import { comparisons, mergeClaims } from "./jwt/merge-claims.ts"
import { methodOf } from "./over-operations.ts"

type Introspect = Introspection["introspect"]
type FetchKeys = () => Effect.Effect<ServerKeys, AuthError>

/** Makes `explain` for a provider without policies. */
export const explainer = (provider: Identity): Explainable["explain"] => {
  const introspect = methodOf(provider, "introspect") as Introspect | undefined
  return (token) => {
    if (introspect === undefined) return Effect.fail(errorOf(provider, unsupported(provider)))
    const call = introspect(token, { freshness: "live" })
    if (isRejected(call)) return failing(provider, call)
    return Effect.provideService(explain(provider, token, limited(provider, call)), Metric.MetricRegistry, new Map())
  }
}

/** Limits each of the two requests by the `timeout` of a call, so that a vendor that hangs is a failed check. */
const limited = <A>(provider: Identity, call: Effect.Effect<A, AuthError>): Effect.Effect<A, AuthError> =>
  withTimeout(call, toMillis(provider.policies?.timeout ?? defaultTimeout), (reason) =>
    Effect.fail(errorOf(provider, reason)),
  )

const explain = (
  provider: Identity,
  token: string,
  call: Effect.Effect<TokenState, AuthError>,
): Effect.Effect<Explanation, AuthError> =>
  Effect.gen(function* () {
    const fingerprint = yield* Effect.promise(() => fingerprintOf(token))
    const local = yield* localExplanation(provider, token)
    // Where the signature answers, no request is sent.
    const live =
      provider.jwt?.answers === "signature" ? unasked : yield* liveExplanation(provider, knowing(call, local))
    const checks = [...local.checks, ...live.checks, ...mergeChecks(local.signed, live.state)]
    return {
      fingerprint,
      active: checks.every(({ passed }) => passed),
      checks: checks.map((each) => withoutToken(each, token)),
    }
  })

/** The token is validated locally under the same conditions as for `introspect`. */
const localExplanation = (provider: Identity, token: string): Effect.Effect<JwtExplanation> => {
  const fetchKeys = provider.can.has("metadata.keys")
    ? (methodOf(provider, "metadata.keys") as FetchKeys | undefined)
    : undefined
  const { jwt } = provider
  if (jwt === undefined || fetchKeys === undefined || !isShort(token) || !isJwt(token))
    return Effect.succeed({ checks: jwt?.answers === "signature" ? [noJwt] : [] })
  const keysOf = (issuer: string) => limited(provider, Effect.suspend(provider.keySets?.get(issuer) ?? fetchKeys))
  return explaining(explainJwt(token, provider.id, jwt, keysOf), () => undefined)
}

const noJwt = explained("jwt.format", false, "a signed JWT of three parts", "no JWT")

const explaining = <A, E>(effect: Effect.Effect<A, E>, report: (checks: ReadonlyArray<ExplainedCheck>) => void) =>
  Effect.provideService(effect, Explaining, report)

/** Tells the request what local validation has found out. */
const knowing = <A, E>(call: Effect.Effect<A, E>, { isAudienceSigned = false, withoutKeys = false }: JwtExplanation) =>
  call.pipe(
    Effect.provideService(AudienceIsSigned, isAudienceSigned),
    Effect.provideService(KeysAreUnavailable, withoutKeys),
  )

interface LiveExplanation {
  readonly checks: ReadonlyArray<ExplainedCheck>
  readonly state: TokenState | undefined
}

const unasked: LiveExplanation = { checks: [], state: undefined }

/** Sends the introspection request. The adapter reports the checks of the response. */
const liveExplanation = (
  provider: Identity,
  call: Effect.Effect<TokenState, AuthError>,
): Effect.Effect<LiveExplanation, AuthError> =>
  Effect.suspend(() => {
    let checks: ReadonlyArray<ExplainedCheck> = []
    const observed = explaining(call, (reported) => {
      checks = reported
    })
    return Effect.matchEffect(observed, {
      onFailure: (error): Effect.Effect<LiveExplanation, AuthError> => {
        // The call was rejected before anything was sent.
        if (checks.length === 0 && isRejection(error.reason)) return failing(provider, Effect.fail(error))
        const otherwise = explained("response.usable", false, "a usable response", error.message)
        return Effect.succeed({ checks: withVerdict(checks, false, otherwise), state: undefined })
      },
      onSuccess: (state) => {
        const otherwise = explained("response.active", false, "an active token", "an inactive token")
        const passed = checks.length > 0 ? checks : [explained("response.active", true, "an active token")]
        return Effect.succeed({ checks: withVerdict(passed, state.active, otherwise), state })
      },
    })
  })

const isRejection = ({ _tag }: Reason): boolean => _tag === "InvalidRequest" || _tag === "UnsupportedOperation"

const mergeChecks = (signed: ActiveToken | undefined, live: TokenState | undefined): ReadonlyArray<ExplainedCheck> => {
  if (signed === undefined || live === undefined || !live.active) return []
  const checks = comparisons.map(({ name, agree, print }) =>
    explained(`merge.${name}`, agree(signed, live), print(signed) ?? "any", print(live) ?? "absent"),
  )
  const merged = mergeClaims(signed, live).active
  return withVerdict(checks, merged, { check: "merge.claims", passed: false })
}

const failing = (provider: Identity, call: Effect.Effect<unknown, AuthError>): Effect.Effect<never, AuthError> =>
  Effect.flatMap(Effect.flip(call) as Effect.Effect<AuthError>, ({ reason, url }) =>
    Effect.fail(errorOf(provider, reason, url)),
  )

const errorOf = ({ id }: Identity, reason: Reason, url?: string) =>
  new AuthError({ provider: id, operation: "explain", reason, ...(url !== undefined && { url }) })

const unsupported = ({ instead }: Identity): Reason => ({
  _tag: "UnsupportedOperation",
  standard: operations.introspect,
  ...(instead.introspect !== undefined && { instead: instead.introspect }),
})

/** Returns the fingerprint of a token; of the beginning of a text that is too long for a token. */
const fingerprintOf = async (token: string): Promise<string> => {
  const text = new TextEncoder().encode(token.slice(0, maxTokenLength))
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", text))
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** Removes values that repeat the token or the beginning of one of its parts. */
const withoutToken = (check: ExplainedCheck, token: string): ExplainedCheck => {
  const parts = token
    .slice(0, maxTokenLength)
    .split(".")
    .map((part) => part.slice(0, partLength))
  const holdsToken = (text = "") => parts.some((part) => part.length === partLength && text.includes(part))
  return {
    ...check,
    ...(holdsToken(check.expected) && { expected: "[redacted]" }),
    ...(holdsToken(check.found) && { found: "[redacted]" }),
  }
}

/** A value may contain fewer than this number of characters of a token. */
const partLength = 16
