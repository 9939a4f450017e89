/** Whether the server or the signature alone decides about a token. */
import type { Reason } from "../../ports/errors.ts"
import type { IntrospectOptions } from "../../ports/introspection.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import { operations } from "../../ports/operations.ts"
import { isJwt } from "./jwt.ts"

/**
 * How a JWT with a valid signature is judged: by the server (`ask`), or by the signature alone, because the server has
 * no introspection (`sign`), or because the call requires it (`local`) or prefers it (`prefer`).
 */
export type Mode = "ask" | "sign" | "local" | "prefer"

export const modeOf = ({ answers }: JwtProfile, options: IntrospectOptions | undefined): Mode => {
  if (options?.freshness === "local") return "local"
  if (answers === "signature") return "sign"
  return options?.freshness === "prefer-local" ? "prefer" : "ask"
}

/** The options without those of local validation, with which the layers below check the remaining ones. */
export const sendable = (options: IntrospectOptions | undefined): IntrospectOptions | undefined =>
  isOfValidation(options?.freshness) ? { ...options, freshness: "live" } : options

/** The options of a call with `"prefer-local"` whose token is introspected after all: the answer may be cached. */
export const asked = (options: IntrospectOptions | undefined): IntrospectOptions | undefined => {
  if (options?.freshness !== "prefer-local") return options
  const { freshness: _, ...others } = options
  return Object.keys(others).length === 0 ? undefined : others
}

/** Returns why the vendor or the token does not support this freshness; `undefined` if both do. */
export const unsupported = (
  { answers, audience }: JwtProfile,
  mode: Mode,
  token: string,
  options: IntrospectOptions | undefined,
): Reason | undefined => {
  if (answers === "signature") {
    if (options?.expect === "refresh_token")
      return unsupportedArgument("expect", "leave it out: only access tokens are signed")
    return options?.freshness === "live"
      ? unsupportedArgument("freshness", "leave it out: this server has no introspection, so the signature decides")
      : undefined
  }
  if (mode !== "local") return undefined
  if (options?.expect === "refresh_token")
    return unsupportedArgument("freshness", 'use freshness "live": a refresh token is not a JWT')
  if (!isJwt(token)) return unsupportedArgument("freshness", 'use freshness "live": this token is not a JWT')
  return audience === undefined ? unsupportedArgument("freshness", 'configure "audience", or "any"') : undefined
}

const unsupportedArgument = (argument: string, instead: string): Reason => ({
  _tag: "UnsupportedOperation",
  standard: operations.introspect,
  argument,
  instead,
})

/** Whether the signature alone decides about a call with these options and no other. */
export const decidesNow = ({ answers }: JwtProfile, options: unknown): boolean => {
  if (options === undefined) return answers === "signature"
  return isPlainFreshness(options)
}

const knownOptions: ReadonlySet<string> = new Set(["freshness", "expect", "timeout", "retry"])

export const hasUnknownOption = (options: IntrospectOptions | undefined): boolean =>
  options !== undefined && options !== null && Object.keys(options).some((name) => !knownOptions.has(name))

/** Returns whether the options are a `freshness` of local validation and nothing else. */
export const isPlainFreshness = (options: unknown): boolean => {
  for (const name in options as object) if (name !== "freshness") return false
  return isOfValidation((options as IntrospectOptions | null)?.freshness)
}

/** Whether this freshness exists in local validation only: the layers below know `"live"`. */
const isOfValidation = (freshness: unknown): boolean => freshness === "local" || freshness === "prefer-local"

/**
 * Whether local validation may decide, so that no answer of the server is cached. Without an audience only the server
 * decides.
 */
export const isLocal = ({ jwt }: { readonly jwt?: JwtProfile }, freshness: unknown, token: string): boolean =>
  freshness === "local" || (freshness === "prefer-local" && jwt?.audience !== undefined && isJwt(token))
