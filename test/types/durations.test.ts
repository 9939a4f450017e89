import * as Duration from "effect/Duration"
import type { ActiveToken, createAuth, DurationInput, TokenState, Tokens } from "latchkey"
import { hasScopes, tokensFromJson } from "latchkey"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

declare const auth: ReturnType<typeof createAuth>
declare const token: TokenState
declare const config: (config: Parameters<typeof createAuth>[0]) => void
const client = { provider: "polar", clientId: "app", clientSecret: "secret" } as const
const member = (value: DurationInput): DurationInput => value

describe("a duration", () => {
  test("is a text with a unit, or a Duration", () => {
    compiled(() => {
      const texts = ["5 seconds", "5s", "300ms", "300 millis", "1.5 hours", "2d"] as const satisfies DurationInput[]
      return [...texts, member(Duration.seconds(5))]
    })
  })

  test("does not compile without a unit or with another one", () => {
    compiled(() => {
      // @ts-expect-error a number
      member(5)
      // @ts-expect-error a bigint
      member(5n)
      // @ts-expect-error a number as a text
      member("5")
      // @ts-expect-error no such unit
      member("5 apples")
      // @ts-expect-error not finite
      member("Infinity")
      // @ts-expect-error no unit
      config({ ...client, timeout: 5 })
      // @ts-expect-error no unit
      config({ ...client, attemptTimeout: 5 })
      // @ts-expect-error no unit
      config({ ...client, clockSkew: 5 })
      // @ts-expect-error no unit
      config({ ...client, staleIfError: 5 })
      // @ts-expect-error no unit
      config({ ...client, cache: { maxAge: 5 } })
      config({ ...client, timeout: "5s", attemptTimeout: "300ms", cache: { maxAge: Duration.seconds(5) } })
    })
  })

  test("is the form of every argument that is a duration", () => {
    compiled(() => {
      // @ts-expect-error no unit
      auth.introspect("token", { timeout: 5 })
      // @ts-expect-error no unit
      auth.introspect("token", { freshness: { maxAge: 5 } })
      // @ts-expect-error no unit
      auth.consent.acceptLogin({ challenge: "c", subject: "u", rememberFor: 5 })
      // @ts-expect-error no unit
      auth.clients.setLifespans({ client: "c", lifespans: { implicit: { idToken: 5 } } })
      auth.introspect("token", { freshness: { maxAge: "5s" }, timeout: "2 seconds" })
    })
  })
})

describe("hasScopes", () => {
  test("narrows a token state to a token with scopes, and leaves the others", () => {
    compiled(() => {
      if (hasScopes(token, "read")) {
        expectTypeOf(token).toExtend<ActiveToken>()
        expectTypeOf(token.scopes).toEqualTypeOf<ReadonlyArray<string>>()
      } else expectTypeOf(token).toEqualTypeOf<TokenState>()
    })
  })

  test("does not compile without a scope", () => {
    compiled(() => {
      // @ts-expect-error a scope is required
      hasScopes(token)
    })
  })
})

test("tokensFromJson returns tokens", () => {
  expectTypeOf(tokensFromJson).returns.toEqualTypeOf<Tokens>()
})
