import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createAuth, fromConfig, fromEnv } from "latchkey"
import { betterAuth } from "latchkey/better-auth"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, it } from "vitest"
import { variableOf } from "../../src/environment.ts"
import { printedError } from "./leaks.ts"
import { oidcAt } from "./providers.ts"

const adapters = { "better-auth": betterAuth, kinde, oidc, ory, polar }

/** What somebody may paste into the wrong member. */
const pasted = [
  "s3cr3t-Pa55word",
  "sesameopenwide",
  "5f3cr3t seconds",
  "http:s3cr3tPa55",
  "https://me:s3cr3tPa55@a.example",
  '{"s3cr3tPa55"',
]

const valuesOf = (secret: string): ReadonlyArray<unknown> => [
  ...[secret, [secret], [[secret]], { [secret]: secret }, { tokenEndpoint: secret, maxAge: secret, attempts: secret }],
  ...[
    { kty: secret, alg: secret },
    { clientId: 5, clientSecret: [secret] },
  ],
]

const printedProblem = async (make: Effect.Effect<unknown, unknown, Scope.Scope>): Promise<string> => {
  const exit = await Effect.runPromiseExit(Effect.scoped(make))
  if (exit._tag === "Success") return ""
  return [JSON.stringify(exit.cause), ...printedError(Effect.runSync(Effect.flip(Effect.suspend(() => exit))))].join(
    "\n",
  )
}

const holds = (text: string, secret: string): boolean =>
  [secret, "s3cr3t", "sesame"].some((part) => secret.includes(part) && text.includes(part))

const members = Object.entries(adapters).flatMap(([name, { members }]) =>
  Object.keys(members).map((member) => [name as keyof typeof adapters, member] as const),
)

describe("a secret in the wrong member", () => {
  it.each(members)("of %s, %s, is not repeated in the error", async (name, member) => {
    for (const secret of pasted)
      for (const value of valuesOf(secret)) {
        const config = { provider: name, clientSecret: "other", clientId: "app", [member]: value }
        const text = await printedProblem(fromConfig(config as never))
        // A name made of letters is repeated, because it may be a misspelt member.
        const isName = typeof value === "object" && /^[a-z]+$/.test(secret)
        if (!isName) expect([member, value, holds(text, secret)]).toEqual([member, value, false])
      }
  })

  it.each(members)("of %s, %s, is not repeated when it is in an environment variable", async (name, member) => {
    for (const secret of pasted)
      for (const text of [secret, JSON.stringify([secret]), JSON.stringify({ a: secret }), `{${secret}`]) {
        const env = { LATCHKEY_PROVIDER: name, LATCHKEY_CLIENT_SECRET: "other", [variableOf(member)]: text }
        const printed = await printedProblem(fromEnv(env))
        expect([member, text, holds(printed, secret)]).toEqual([member, text, false])
      }
  })

  it("is not repeated as the vendor, a variable or a whole configuration", async () => {
    const secret = "s3cr3t-Pa55word"
    for (const make of [
      fromEnv({ LATCHKEY_PROVIDER: secret }),
      fromEnv({ LATCHKEY_PROVIDER: "oidc", [`LATCHKEY_${secret}`]: secret }),
      fromConfig({ provider: secret } as never),
      fromConfig(secret as never),
    ]) {
      const text = await printedProblem(make)
      expect(text).toContain("InvalidConfig")
      expect(text).not.toContain("s3cr3t")
    }
    expect(() => createAuth(secret as never)).toThrowError(/provider: expected one of/)
  })

  it("names the member, and the methods that it can have, for clientAuth", async () => {
    const text = await printedProblem(oidcAt("https://a.example", { clientAuth: "s3cr3t-Pa55word" as never }))
    expect(text).toContain("clientAuth")
    expect(text).toContain("client_secret_basic")
    expect(text).not.toContain("s3cr3t")
  })

  it("is not repeated when it is an argument", async () => {
    const secret = "s3cr3t-Pa55word"
    const auth = await Effect.runPromise(Effect.scoped(oidcAt("https://a.example", { insecureOrigins: [] })))
    const wrong = { [secret]: secret }
    const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
      auth.authorize({ prompt: secret, scopes: [`${secret} x`], redirectUri: secret } as never),
      auth.authorize(wrong as never),
      auth.exchange(secret, { provider: secret } as never),
      auth.introspect("token", { freshness: secret } as never),
      auth.introspect("token", { timeout: secret } as never),
      auth.introspect(`Bearer ${secret}`),
      auth.introspect("token", wrong as never),
      auth.refresh("token", { retry: secret } as never),
      auth.userInfo("token", wrong as never),
      auth.clientCredentials({ scopes: secret } as never),
      auth.session.end({ returnTo: secret }),
    ]
    for (const call of calls) {
      const text = await printedProblem(call)
      expect(text).toContain("InvalidRequest")
      expect(text).not.toContain("s3cr3t")
    }
  })
})
