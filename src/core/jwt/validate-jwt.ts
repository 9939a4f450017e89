/** Validates JWT access tokens before the vendor is asked, and merges the result with the introspection response. */
import * as Effect from "effect/Effect"
import { IsNotRepeated } from "../../internal/failed-attempt.ts"
import { noEvents } from "../../internal/log.ts"
import { isRejected } from "../../internal/rejected-call.ts"
import { AudienceIsSigned, KeysAreUnavailable } from "../../internal/signed-audience.ts"
import { countRejection, recordRejection } from "../../internal/telemetry.ts"
import { canBe, isShort } from "../../internal/token-text.ts"
import { AuthError } from "../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { Events } from "../../ports/log.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import { operations } from "../../ports/operations.ts"
import type { AnyMethod } from "../over-operations.ts"
import type { GetIfPresent, Layer, Policy } from "../policies/layer.ts"
import { isJwt, tokenOf } from "./jwt.ts"
import { type KeysOptions, makeKeys } from "./keys.ts"
import { type LocalValidation, localValidation } from "./local-validation.ts"
import { mergeClaims } from "./merge-claims.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

type FetchKeys = () => Effect.Effect<ServerKeys, AuthError>

const inactive: TokenState = { active: false }

/**
 * Puts local validation before introspection.
 *
 * A JWT that fails a check is inactive, and the vendor is not asked. With `freshness: "local"` the vendor is asked for its
 * keys only. A provider without a JWT profile, or without keys, is unchanged.
 */
export const validateJwt =
  (options: KeysOptions = {}): Policy =>
  ({ id, jwt, events = noEvents }, below) => {
    const fetchKeys = below.get("metadata.keys")?.call as FetchKeys | undefined
    if (jwt === undefined || fetchKeys === undefined) return (_, inner) => inner
    const fetch = Effect.mapError(Effect.suspend(fetchKeys), ({ reason, url }) => errorOf(id, reason, url))
    const validation = localValidation(jwt, makeKeys(id, logged(id, fetch, events), options))
    return (operation, inner) =>
      operation === "introspect" ? validatedLayer(id, jwt, validation, inner, events) : inner
  }

/** Logs each request for the key set. */
const logged = (provider: string, fetch: Effect.Effect<ServerKeys, AuthError>, events: Events) =>
  Effect.withFiber((fiber) =>
    Effect.mapBoth(fetch, {
      onSuccess: (set: ServerKeys) => {
        const keys = set.keys.length
        events.emit(
          keys > 0
            ? { _tag: "KeysRefreshed", provider, keys }
            : { _tag: "KeysUnavailable", provider, reason: "UnexpectedResponse" },
          fiber,
        )
        return set
      },
      onFailure: (error: AuthError) => {
        events.emit({ _tag: "KeysUnavailable", provider, reason: error.reason._tag }, fiber)
        return error
      },
    }),
  )

const errorOf = (provider: string, reason: AuthError["reason"], url?: string) =>
  new AuthError({ provider, operation: "introspect", reason, ...(url !== undefined && { url }) })

const validatedLayer = (
  id: string,
  jwt: JwtProfile,
  validation: LocalValidation,
  inner: Layer,
  events: Events,
): Layer => {
  const live = inner.call as Introspect
  /** Fails, with the error of the layers below if they reject the arguments. */
  const cannotBeLocal = (token: string, options: IntrospectOptions | undefined, instead: string) => {
    const call = live(token, { ...options, freshness: "live" })
    if (isRejected(call)) return call
    return Effect.fail(
      errorOf(id, { _tag: "UnsupportedOperation", standard: operations.introspect, argument: "freshness", instead }),
    )
  }
  const introspect: Introspect = (token, options, ...more: ReadonlyArray<never>) => {
    // The layers below reject wrong arguments.
    if (typeof token !== "string" || more.length > 0 || hasUnknownOption(options)) return live(token, options, ...more)
    const isLocal = options?.freshness === "local"
    // The layers below have the result for a text that cannot be a token.
    if (!isShort(token) || (isLocal && token !== "" && !isJwt(token) && !canBe("visible", token)))
      return live(token, isLocal ? { ...options, freshness: "live" } : options)
    if (isLocal && options?.expect === "refresh_token")
      return cannotBeLocal(token, options, 'use freshness "live": a refresh token is not a JWT')
    if (!isJwt(token))
      return isLocal
        ? cannotBeLocal(token, options, 'use freshness "live": this token is not a JWT')
        : live(token, options)
    if (jwt.audience === undefined)
      return isLocal ? cannotBeLocal(token, options, 'configure "audience", or "any"') : live(token, options)
    if (options?.expect === "refresh_token") return live(token, options)
    // Without options there is nothing to reject: the request is made after the validation.
    const hasOtherOptions = options !== undefined && !isOnlyLocal(options)
    const call = hasOtherOptions ? live(token, isLocal ? { ...options, freshness: "live" } : options) : undefined
    if (call !== undefined && isRejected(call)) return call
    const validated = validation.validate(token)
    const validatedOnce = options?.retry === false ? Effect.provideService(validated, IsNotRepeated, true) : validated
    return Effect.flatMap(validatedOnce, (result): Effect.Effect<TokenState, AuthError> => {
      if ("failed" in result) return Effect.as(recordRejection(id, result.failed, events), inactive)
      if ("ambiguous" in result)
        return Effect.fail(errorOf(id, { _tag: "UnexpectedResponse", path: "keys", detail: result.ambiguous }))
      // Without keys the vendor decides; if it does not respond either, the error is about the keys.
      if ("unavailable" in result)
        return isLocal
          ? Effect.fail(errorOf(id, result.unavailable.reason))
          : Effect.mapError(Effect.provideService(call ?? live(token, options), KeysAreUnavailable, true), () =>
              errorOf(id, result.unavailable.reason),
            )
      const signed = tokenOf(result.identification, new Date(result.validatedAt))
      if (isLocal) return Effect.succeed(signed)
      const sent = Effect.provideService(call ?? live(token, options), AudienceIsSigned, true)
      return Effect.flatMap(sent, (state) => {
        const merged = state.active ? mergeClaims(signed, state) : state
        return state.active && !merged.active
          ? Effect.as(recordRejection(id, "rejected", events), merged)
          : Effect.succeed(merged)
      })
    })
  }
  return { ...inner, call: introspect as AnyMethod, getIfPresent: locallyIfPresent(id, jwt, validation, events) }
}

/** Answers `freshness: "local"` without I/O if the key is present. */
const locallyIfPresent =
  (id: string, jwt: JwtProfile, { validateNow }: LocalValidation, events: Events): GetIfPresent =>
  (args) => {
    const [token, options] = args
    if (typeof token !== "string" || !isOnlyLocal(options) || args.length > 2) return undefined
    if (jwt.audience === undefined || !isShort(token) || !isJwt(token)) return undefined
    const now = Date.now()
    const result = validateNow(token, now)
    if (result === undefined) return undefined
    if ("identification" in result) return tokenOf(result.identification, new Date(now))
    if (!("failed" in result)) return undefined
    countRejection(id, result.failed, events)
    return inactive
  }

const knownOptions: ReadonlySet<string> = new Set(["freshness", "expect", "timeout", "retry"])

const hasUnknownOption = (options: IntrospectOptions | undefined): boolean =>
  options !== undefined && options !== null && Object.keys(options).some((name) => !knownOptions.has(name))

/** Returns whether the options are `{ freshness: "local" }` and nothing else. */
const isOnlyLocal = (options: unknown): boolean => {
  for (const name in options as object) if (name !== "freshness") return false
  return (options as IntrospectOptions | undefined)?.freshness === "local"
}
