/** The same fields from every vendor: what the signature says of a JWT, and what the vendor says of it now. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { AuthError } from "../../ports/errors.ts"
import type { ActiveToken, IntrospectOptions, TokenState } from "../../ports/introspection.ts"
import { AudienceIsSigned, type JwtProfile } from "../../ports/jwt-profile.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import { operations } from "../../ports/operations.ts"
import type { Identity } from "../../ports/provider.ts"
import { countRejection, rejection } from "../../internal/telemetry.ts"
import { isJwt, tokenOf } from "./jwt.ts"
import { type KeysOptions, makeKeys } from "./keys.ts"
import { localValidation } from "./local-validation.ts"
import { methodOf, overOperations } from "../over-operations.ts"
import { withPeek } from "../peek.ts"

type Introspect = (
  token: string,
  options?: IntrospectOptions,
  ...more: ReadonlyArray<never>
) => Effect.Effect<TokenState, AuthError>

const inactive: TokenState = { active: false }

/**
 * Validates JWT access tokens here before the vendor is asked, and merges both answers.
 *
 * Identity and scopes come from the signature, liveness and times from the vendor; where both speak of client, subject,
 * audience or expiry and disagree, the token is inactive. `freshness: "local"` asks the vendor for nothing but its keys. A
 * provider without a JWT profile is left as it is.
 */
export const enrich =
  (options: KeysOptions = {}) =>
  <P extends Identity>(provider: P): P => {
    const { jwt } = provider
    if (jwt === undefined || !provider.can.has("metadata.keys")) return provider
    return overOperations(provider, (operation, method) =>
      operation === "introspect"
        ? (introspection(provider, jwt, method as Introspect, options) as typeof method)
        : undefined,
    )
  }

const known: ReadonlySet<string> = new Set(["freshness", "expect", "timeout", "retry"])

const introspection = (provider: Identity, jwt: JwtProfile, live: Introspect, options: KeysOptions): Introspect => {
  const failed = (reason: AuthError["reason"]) =>
    new AuthError({ provider: provider.id, operation: "introspect", reason })
  const refused = (instead: string) =>
    Effect.fail(
      failed({ _tag: "UnsupportedOperation", standard: operations.introspect, argument: "freshness", instead }),
    )
  const fetch = methodOf(provider, "metadata.keys") as () => Effect.Effect<ServerKeys, AuthError>
  const keys = makeKeys(
    Effect.mapError(Effect.suspend(fetch), ({ reason }) => failed(reason)),
    options,
  )
  const { validate, atOnce } = localValidation(jwt, keys)

  const introspect: Introspect = (token, call, ...more: ReadonlyArray<never>) => {
    const local = call?.freshness === "local"
    // What the operation itself refuses, it refuses better.
    const odd =
      typeof token !== "string" || more.length > 0 || (call && Object.keys(call).some((name) => !known.has(name)))
    if (odd) return live(token, call, ...more)
    if (local && call?.expect === "refresh_token")
      return refused('a refresh token is not a JWT; ask with freshness "live"')
    if (!isJwt(token)) return local ? refused('this token is opaque; ask with freshness "live"') : live(token, call)
    if (jwt.audience === undefined) return local ? refused('configure "audience", or "any"') : live(token, call)
    if (call?.expect === "refresh_token") return live(token, call)
    // Options that the operation refuses, it refuses at once.
    const plain = call === undefined || isLocalOnly(call)
    const asked = plain ? undefined : live(token, local ? { ...call, freshness: "live" } : call)
    if (asked !== undefined && Exit.isExit(asked)) return asked
    const answer = Effect.flatMap(validate(token), (validated) => {
      if ("failed" in validated) return Effect.as(rejection(provider.id, validated.failed), inactive)
      const signed = tokenOf(validated.said, new Date(validated.at))
      return local
        ? Effect.succeed(signed)
        : Effect.map(Effect.provideService(asked ?? live(token, call), AudienceIsSigned, true), (state) =>
            state.active ? merge(signed, state) : state,
          )
    })
    return answer
  }
  const peek = (args: ReadonlyArray<unknown>): TokenState | undefined => {
    const [token, call] = args
    if (typeof token !== "string" || !isLocalOnly(call) || args.length > 2) return undefined
    if (jwt.audience === undefined || !isJwt(token)) return undefined
    const now = Date.now()
    const validated = atOnce(token, now)
    if (validated === undefined) return undefined
    if (!("failed" in validated)) return tokenOf(validated.said, new Date(now))
    countRejection(provider.id, validated.failed)
    return inactive
  }
  return withPeek(introspect, peek)
}

const isLocalOnly = (call: unknown): boolean => {
  for (const name in call as object) if (name !== "freshness") return false
  return (call as IntrospectOptions | undefined)?.freshness === "local"
}

/** Seconds by which two expiries may differ and still be one: some vendors round differently. */
const tolerance = 1

const merge = (signed: ActiveToken, live: ActiveToken): TokenState => {
  const differ = (name: "clientId" | "subject") =>
    signed[name] !== undefined && live[name] !== undefined && signed[name] !== live[name]
  if (differ("clientId") || differ("subject")) return inactive
  if (signed.audience.length > 0 && live.audience.length > 0 && !sameMembers(signed.audience, live.audience))
    return inactive
  const expiries = [signed.expiresAt, live.expiresAt].map((date) => date?.getTime())
  if (
    expiries.every((time) => time !== undefined) &&
    Math.abs((expiries[0] ?? 0) - (expiries[1] ?? 0)) > tolerance * 1000
  )
    return inactive
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

const sameMembers = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): boolean =>
  one.every((each) => other.includes(each)) && other.every((each) => one.includes(each))
