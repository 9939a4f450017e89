/**
 * The texts of tokens and errors in a fleet. Their times are relative, because the clocks of two processes may differ.
 */
import * as Duration from "effect/Duration"
import { readJson } from "../../internal/json.ts"
import { AuthError, type Reason } from "../../ports/errors.ts"
import type { Tokens } from "../../ports/issuance.ts"

/** The result of a request for tokens. */
export type TokenResult = { readonly tokens: Tokens } | { readonly error: AuthError }

interface TokensText extends Omit<Tokens, "expiresAt"> {
  /** In milliseconds since the request. */
  readonly expiresIn?: number
}

interface ErrorText extends Pick<AuthError, "provider" | "operation" | "url"> {
  readonly reason: Reason
  /** `after` of the reason, in milliseconds. */
  readonly after?: number
}

/** Returns the text of a result. `startedAt`: when the request started, by the clock of the tokens. */
export const resultText = (result: TokenResult, startedAt: number): string => {
  if ("tokens" in result) {
    const { expiresAt, ...others } = result.tokens
    const tokens: TokensText = {
      ...others,
      ...(expiresAt !== undefined && { expiresIn: expiresAt.getTime() - startedAt }),
    }
    return JSON.stringify({ tokens })
  }
  const { provider, operation, reason, retryAfter, url } = result.error
  const error: ErrorText = {
    ...{ provider, operation, reason },
    ...(retryAfter !== undefined && { after: Duration.toMillis(retryAfter) }),
    ...(url !== undefined && { url }),
  }
  return JSON.stringify({ error })
}

/**
 * Reads the text of a result; `undefined` for any other text.
 *
 * @param startedAt when the request started, in milliseconds since 1970 by the clock of this process
 */
export const readResult = (text: string, startedAt: number): TokenResult | undefined => {
  const { tokens, error } = Object(readJson(text)) as { readonly tokens?: unknown; readonly error?: unknown }
  if (isTokens(tokens)) {
    const { expiresIn, ...others } = tokens
    return { tokens: { ...others, ...(expiresIn !== undefined && { expiresAt: new Date(startedAt + expiresIn) }) } }
  }
  return isError(error) ? { error: errorOf(error) } : undefined
}

const errorOf = ({ reason, after, ...others }: ErrorText): AuthError =>
  new AuthError({
    ...others,
    reason: after === undefined ? reason : ({ ...reason, after: Duration.millis(after) } as Reason),
  })

const isTokens = (value: unknown): value is TokensText => {
  const { accessToken, tokenType, scopes, expiresIn = 0 } = Object(value) as Record<string, unknown>
  return (
    typeof accessToken === "string" &&
    typeof tokenType === "string" &&
    Array.isArray(scopes) &&
    Number.isFinite(expiresIn)
  )
}

const isError = (value: unknown): value is ErrorText => {
  const { provider, operation, reason } = Object(value) as Record<string, unknown>
  const { _tag } = Object(reason) as Record<string, unknown>
  return typeof provider === "string" && typeof operation === "string" && typeof _tag === "string"
}
