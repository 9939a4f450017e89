/** JWTs of a server whose format is not configured: only the type of RFC 9068 shows that one is an access token. */
import { AuthError, createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { audience, issuer, signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { playingServer } from "./playing-server.ts"

const key = signingKey("RS256")

const open = () => {
  const server = playingServer({ issuer, keys: () => [key], answer: () => ({ active: false }) })
  const config = { ...policiesOff, issuer, audience: [audience], clientId: "app", clientSecret: "secret" }
  return { auth: createAuth(oidc(config, { transport: server.transport })), asked: server.asked }
}

describe.each(["JWT", undefined])("a signed JWT with a client id and the type %s", (typ) => {
  const token = signed(key, { typ })

  test('is judged by the server with "prefer-local": a refresh token looks the same', async () => {
    const { auth, asked } = open()
    expect(await auth.introspect(token, { freshness: "prefer-local" })).toEqual({ active: false })
    expect(asked).toEqual([token])
  })

  test('fails with "local", naming the setting', async () => {
    const { auth, asked } = open()
    const error = await auth.introspect(token, { freshness: "local" }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(AuthError)
    expect(String(error)).toContain("token.jwt")
    expect(asked).toEqual([])
  })
})

test("a signed JWT with a client id and the type at+jwt is an access token by its signature", async () => {
  const { auth, asked } = open()
  const token = signed(key, { typ: "at+jwt" })
  expect(await auth.introspect(token, { freshness: "local" })).toMatchObject({ active: true })
  expect(asked).toEqual([])
})
