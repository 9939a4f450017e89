/** Validates JWT access tokens before they are introspected, and merges the result with the introspection response. */
import * as Effect from "effect/Effect"
import { IsNotRepeated } from "../../internal/failed-attempt.ts"
import { noEvents } from "../../internal/log.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import { AudienceIsSigned, KeysAreUnavailable } from "../../internal/signed-audience.ts"
import { type CountRejection, countRejections, recordRejection, tenantOf } from "../../internal/telemetry.ts"
import { canBe, isShort } from "../../internal/token-text.ts"
import { AuthError, type TokenCheck } from "../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { GetIfPresent, Layer, Policy } from "../policies/layer.ts"
import { isAudienceSigned } from "./claims.ts"
import { fleetKeySets } from "./fleet-keys.ts"
import {
  asked,
  decidesNow,
  hasUnknownOption,
  isPlainFreshness,
  type Mode,
  modeOf,
  sendable,
  unsupported,
} from "./freshness.ts"
import { tokenOf } from "./identification.ts"
import { type FetchKeys, keysByIssuer } from "./issuer-keys.ts"
import { issuerSignature } from "./issuer-signature.ts"
import { isJwt } from "./jwt.ts"
import type { KeysOptions } from "./keys.ts"
import { type LocalValidation, localValidation, type Validation } from "./local-validation.ts"
import { mergeClaims } from "./merge-claims.ts"
import { type SharedEnds, sharedEnds } from "./shared-ends.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

const inactive: TokenState = { active: false }

/**
 * Puts local validation before introspection.
 *
 * A JWT that fails a check is inactive, and is not introspected. With `freshness: "local"` the only request is for the
 * keys. A provider without a JWT profile, or without keys, validates nothing.
 */
export const validateJwt =
  (options: KeysOptions = {}): Policy =>
  (provider, below) => {
    const { id, jwt, keySets, backend, monitor, events = noEvents } = provider
    const fetchKeys = below.get("metadata.keys")?.call as FetchKeys | undefined
    if (fetchKeys === undefined) return (_, inner) => inner
    const issuers = jwt?.issuers ?? (backend === undefined ? [] : [backend.instance])
    // Keys that verify no access token do not affect the health of introspection.
    const watched = jwt === undefined ? undefined : monitor
    const settings = { ...options, events, monitor: watched, share: fleetKeySets(provider) }
    const keysOf = keysByIssuer(id, { ...jwt, issuers }, fetchKeys, keySets, settings)
    const signature = issuerSignature({ id }, issuers, keysOf)
    const count = countRejections(id, tenantOf(provider), events)
    const validated = (inner: Layer): Layer => {
      if (jwt === undefined) return inner
      const validation = localValidation(jwt, keysOf)
      return validatedLayer({ id, jwt, validation, count, ended: sharedEnds(provider) }, inner)
    }
    return (operation, inner) =>
      operation === "introspect" ? { ...validated(inner), issuerSignature: signature } : inner
  }

const errorOf = (provider: string, reason: AuthError["reason"], url?: string) =>
  new AuthError({ provider, operation: "introspect", reason, ...(url !== undefined && { url }) })

interface Context {
  readonly id: string
  readonly jwt: JwtProfile
  readonly validation: LocalValidation
  readonly count: CountRejection
  readonly ended: SharedEnds
}

const validatedLayer = (context: Context, inner: Layer): Layer => {
  const { jwt, validation } = context
  const live = inner.call as Introspect
  const introspect: Introspect = (token, options, ...more: ReadonlyArray<never>) => {
    // The layers below reject wrong arguments.
    if (typeof token !== "string" || more.length > 0 || hasUnknownOption(options)) return live(token, options, ...more)
    // The layers below have the result for a text that cannot be a token.
    if (!isShort(token) || (token !== "" && !isJwt(token) && !canBe("visible", token)))
      return live(token, sendable(options))
    const mode = modeOf(jwt, options)
    const instead = unsupported(jwt, mode, token, options)
    // Without options there is nothing to reject, so the request is made only after the validation.
    const mayBeWrong = instead !== undefined || (options !== undefined && !isPlainFreshness(options))
    const call = mayBeWrong || (mode === "sign" && !isJwt(token)) ? live(token, sendable(options)) : undefined
    if (call !== undefined && isRejected(call)) return call
    if (instead !== undefined) return Effect.fail(errorOf(context.id, instead))
    if (!isJwt(token)) return mode === "sign" ? reject(context, "format") : (call ?? live(token, asked(options)))
    if (options?.expect === "refresh_token") return call ?? live(token, options)
    const ask = () => call ?? live(token, asked(options))
    const validated = validation.validate(token)
    const validatedOnce = options?.retry === false ? Effect.provideService(validated, IsNotRepeated, true) : validated
    return Effect.flatMap(validatedOnce, (result) => stateOf(context, mode, result, ask))
  }
  const endSessions = context.ended.ending(inner.endSessions)
  return { ...inner, call: introspect as AnyMethod, getIfPresent: locallyIfPresent(context), endSessions }
}

const reject = ({ count }: Context, check: TokenCheck): Effect.Effect<TokenState> =>
  Effect.as(recordRejection(count, check), inactive)

/** Converts the result of local validation to a token state. `ask`: introspects at the server. */
const stateOf = (
  context: Context,
  mode: Mode,
  result: Validation,
  ask: () => Effect.Effect<TokenState, AuthError>,
): Effect.Effect<TokenState, AuthError> => {
  const { id, jwt } = context
  if ("failed" in result) return reject(context, result.failed)
  if ("ambiguous" in result)
    return Effect.fail(errorOf(id, { _tag: "UnexpectedResponse", path: "keys", detail: result.ambiguous }))
  if ("unavailable" in result) {
    // The caller called `introspect`, although the failed request is one of `metadata.keys`.
    const { reason, url } = result.unavailable
    const error = errorOf(id, reason, url)
    // Otherwise forged tokens with unknown keys would be sent to the server whenever its key set cannot be fetched.
    return result.keysAreKnown ? Effect.fail(error) : withoutKeys(mode, error, ask)
  }
  if (mode === "local" && !result.isAccessToken) return Effect.fail(errorOf(id, withoutFormat))
  const isSigned = isAudienceSigned(result.identification.audience, jwt)
  if (mode === "local" && !isSigned) return reject(context, "audience")
  const signed = tokenOf(result.identification, new Date(result.validatedAt))
  if (mode === "sign" || mode === "local" || (mode === "prefer" && result.isAccessToken && isSigned))
    return context.ended.hasEnded(signed.claims) ? reject(context, "ended") : Effect.succeed(signed)
  const sent = Effect.provideService(ask(), AudienceIsSigned, isSigned)
  return Effect.flatMap(sent, (state) => {
    const merged = state.active ? mergeClaims(signed, state) : state
    return state.active && !merged.active ? reject(context, "rejected") : Effect.succeed(merged)
  })
}

/** Without keys the server decides. If it does not respond either, the error is that of the keys. */
const withoutKeys = (
  mode: Mode,
  unavailable: AuthError,
  ask: () => Effect.Effect<TokenState, AuthError>,
): Effect.Effect<TokenState, AuthError> => {
  const hasNoKeySet = unavailable.reason._tag === "UnsupportedOperation"
  if (mode === "sign" && hasNoKeySet) return Effect.fail(errorOf(unavailable.provider, withoutKeySet, unavailable.url))
  if (mode === "sign" || mode === "local") return Effect.fail(unavailable)
  // Only the server can judge a token if it has no key set.
  if (hasNoKeySet) return ask()
  return Effect.mapError(Effect.provideService(ask(), KeysAreUnavailable, true), () => unavailable)
}

const withoutKeySet: AuthError["reason"] = {
  _tag: "Unavailable",
  permanent: true,
  detail: 'the server publishes no key set; if it has one, configure its URL in "endpoints.jwksUri"',
}

const withoutFormat: AuthError["reason"] = {
  _tag: "InvalidConfig",
  issues: [
    {
      path: "token.jwt",
      message:
        "the signature does not show that this is an access token: describe the format of the server's access tokens",
    },
  ],
}

/** Answers without a request if the key is present, where the signature alone decides. */
const locallyIfPresent = ({ jwt, validation: { validateNow }, count, ended }: Context): GetIfPresent => {
  const rejectNow = (check: TokenCheck): TokenState => {
    count(check)
    return inactive
  }
  return (args) => {
    const [token, options] = args
    if (typeof token !== "string" || args.length > 2) return undefined
    if (!decidesNow(jwt, options) || jwt.audience === undefined || !isShort(token) || !isJwt(token)) return undefined
    const now = Date.now()
    const stateOf = (result: Validation): TokenState | undefined => {
      if ("identification" in result) {
        const { identification, isAccessToken } = result
        if (!isAccessToken || !isAudienceSigned(identification.audience, jwt)) return undefined
        return ended.hasEnded(identification.claims) ? rejectNow("ended") : tokenOf(identification, new Date(now))
      }
      return "failed" in result ? rejectNow(result.failed) : undefined
    }
    const result = validateNow(token, now)
    return result instanceof Promise ? result.then(stateOf) : result && stateOf(result)
  }
}
