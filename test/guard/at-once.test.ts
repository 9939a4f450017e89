/** A guard decides without a promise where the client has the answer. */
import { createAuth } from "latchkey"
import { makeGuard } from "latchkey/guard"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
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
