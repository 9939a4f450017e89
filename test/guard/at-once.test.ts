/** A guard decides without a promise where the client has the answer. */
import { createAuth } from "latchkey"
import { makeGuard, type Needs } from "latchkey/guard"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { ifPresentOf } from "../../src/internal/if-present.ts"
import { audience, issuer, now, signed, signingKey } from "../jwt/signing-keys.ts"
import { playingServer } from "../token/playing-server.ts"

const key = signingKey("RS256")
const answer = (active: boolean) => () => ({ active, token_type: "access_token", exp: now + 3600, client_id: "app" })
const jwt = signed(key, { typ: "at+jwt" })

const requestWith = (token: string) => ({
  method: "GET",
  target: "/",
  header: (name: string) => (name === "authorization" ? `Bearer ${token}` : undefined),
})

describe("the second request with a token is decided at once:", () => {
  test.each([
    ["a JWT that its signature answers", jwt, "signature", true],
    ["an active token in the cache", "opaque", "introspection", true],
    ["an inactive token in the cache", "opaque", "introspection", false],
  ] as const)("%s", async (_, token, answers, active) => {
    const server = playingServer({ issuer, keys: () => [key], answer: answer(active) })
    const config = { issuer, clientId: "app", clientSecret: "secret", token: { answers } } as const
    const own =
      answers === "signature"
        ? { ...config, audience: [audience] }
        : { ...config, cache: { inactiveMaxAge: "1 minute" } as const }
    await using auth = createAuth(oidc(own, { transport: server.transport }))
    const check = makeGuard(auth)()
    const first = check(requestWith(token))
    expect(first).toBeInstanceOf(Promise)
    expect((await first).ok).toBe(active)
    const second = check(requestWith(token))
    expect(second).not.toBeInstanceOf(Promise)
    expect((await second).ok).toBe(active)
    expect(server.asked.length).toBeLessThanOrEqual(1)
  })
})

describe("a text with characters that no token has is refused with 400", () => {
  const inactive = async () => ({ active: false }) as const
  const auth = { id: "oidc", introspect: Object.assign(inactive, { [ifPresentOf]: () => ({ active: false }) }) }
  const statusOf = async (text: string, needs: Needs) => {
    const decision = await makeGuard(auth)(needs)(requestWith(text))
    return decision.ok ? 200 : decision.refusal.status
  }
  test.each(["a b", "a\u00e9", 'a"', "a=b", ""])(
    "%j, although the client says at once that it is inactive",
    async (text) => {
      expect(await statusOf(text, {})).toBe(400)
      expect(await statusOf("a", {})).toBe(401)
    },
  )

  test.each(["a b", "a=b"])("%j, although a signature alone cannot answer about it", async (text) => {
    expect(await statusOf(text, { freshness: "local" })).toBe(400)
    expect(await statusOf("a", { freshness: "local" })).toBe(401)
  })
})
