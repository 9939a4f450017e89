import * as Duration from "effect/Duration"
import { AuthError, hasScopes, type TokenState, type Tokens, tokensFromJson } from "latchkey"
import { describe, expect, test } from "vitest"

const token = (scopes?: ReadonlyArray<string>): TokenState => ({
  active: true,
  use: "access_token",
  audience: [],
  ...(scopes && { scopes }),
  claims: {},
  source: { stale: false },
})

describe("hasScopes", () => {
  test.each<[TokenState, [string, ...Array<string>], boolean]>([
    [token(["a", "b", "c"]), ["a"], true],
    [token(["a", "b", "c"]), ["a", "c"], true],
    [token(["a"]), ["a", "b"], false],
    [token(["ab"]), ["a"], false],
    [token(["a", "b"]), ["a b"], false],
    [token([]), ["a"], false],
    [token(), ["a"], false],
    [{ active: false }, ["a"], false],
  ])("of %j with %j is %s", (state, scopes, expected) => {
    expect(hasScopes(state, ...scopes)).toBe(expected)
  })

  test("is false without a scope, which only plain JavaScript can pass", () => {
    expect(hasScopes(token(["a"]), ...([] as Array<string> as [string]))).toBe(false)
  })
})

const tokens: Tokens = {
  accessToken: "an access token",
  tokenType: "bearer",
  expiresAt: new Date(1_800_000_000_123),
  scopes: ["openid"],
  refreshToken: "a refresh token",
  idToken: "an ID token",
  idClaims: { sub: "user-1", nested: [1] },
}

const messageOf = (json: unknown): string => {
  try {
    tokensFromJson(json)
    return "accepted"
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError)
    return String(error)
  }
}

describe("tokensFromJson", () => {
  test("restores tokens from their text, with a Date", () => {
    expect(tokensFromJson(JSON.stringify(tokens))).toStrictEqual(tokens)
    expect(tokensFromJson(JSON.parse(JSON.stringify(tokens)))).toStrictEqual(tokens)
    expect(tokensFromJson(structuredClone(tokens))).toStrictEqual(tokens)
    const least = { accessToken: "a", tokenType: "bearer", scopes: [] }
    expect(tokensFromJson(JSON.stringify(least))).toStrictEqual(least)
  })

  test("leaves out members that tokens do not have", () => {
    expect(tokensFromJson({ ...tokens, userId: "u" })).toStrictEqual(tokens)
  })

  test.each<[string, unknown]>([
    ["accessToken", { ...tokens, accessToken: "" }],
    ["accessToken", {}],
    ["tokenType", { ...tokens, tokenType: 1 }],
    ["expiresAt", { ...tokens, expiresAt: "tomorrow" }],
    ["expiresAt", { ...tokens, expiresAt: 1_800_000_000 }],
    ["expiresAt", { ...tokens, expiresAt: null }],
    ["expiresAt", { ...tokens, expiresAt: new Date(Number.NaN) }],
    ["expiresAt", { ...tokens, expiresAt: "2026-99-01T00:00:00.000Z" }],
    ["scopes", { ...tokens, scopes: "openid" }],
    ["refreshToken", { ...tokens, refreshToken: 1 }],
    ["idToken", { ...tokens, idToken: {} }],
    ["idClaims", { ...tokens, idClaims: [] }],
    ["JSON object", "an access token"],
    ["JSON object", "[]"],
    ["JSON object", null],
    ["JSON object", undefined],
  ])("names %s when it is wrong, and repeats no value: %j", (named, json) => {
    const message = messageOf(json)
    expect(message).toContain(named)
    for (const secret of ["an access token", "a refresh token", "an ID token"]) expect(message).not.toContain(secret)
  })
})

describe("retryAfterSeconds", () => {
  const error = (after?: Duration.Duration) =>
    new AuthError({ provider: "p", operation: "o", reason: { _tag: "RateLimited", ...(after && { after }) } })

  test("is retryAfter in whole seconds, rounded up", () => {
    expect(error(Duration.seconds(12)).retryAfterSeconds).toBe(12)
    expect(error(Duration.millis(1001)).retryAfterSeconds).toBe(2)
    expect(error(Duration.zero).retryAfterSeconds).toBe(0)
  })

  test("is absent without retryAfter", () => {
    expect(error().retryAfterSeconds).toBeUndefined()
  })
})
