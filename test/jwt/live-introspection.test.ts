import * as Effect from "effect/Effect"
import type { IntrospectOptions } from "latchkey"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { audience, claims, issuer, now, signingKey, token } from "./signing-keys.ts"
import { down, introspection, jwkSet, kindeOf, oryOf, run, type Vendor, vendor } from "./vendor.ts"

const key = signingKey("RS256")
const accessToken = await token(key)
const inactive = { active: false }

type Json = Readonly<Record<string, unknown>>

/** Kinde's introspection response for an active token, with every member that Kinde sends. */
const kindeResponse = { active: true, client_id: "app", aud: [audience], iat: claims.iat, exp: claims.exp }

/** Hydra's introspection response for the same token. */
const oryResponse = {
  ...kindeResponse,
  sub: "user-1",
  iss: issuer,
  scope: "read write",
  token_use: "access_token",
  nbf: claims.iat,
  ext: { tenant: "acme" },
}

const vendorWith = (state: Json): Vendor => {
  const transport = vendor(key.jwk)
  transport.live = introspection(state)
  return transport
}

const introspectKinde = (changes: Json, token = accessToken, options: IntrospectOptions = { freshness: "live" }) =>
  run(kindeOf(vendorWith({ ...kindeResponse, ...changes })).introspect(token, options))

const introspectOry = (changes: Json, token = accessToken) =>
  run(oryOf(vendorWith({ ...oryResponse, ...changes })).introspect(token))

describe("freshness live", () => {
  test("merges the token's claims with the vendor's response, and gives the time of both checks", async () => {
    const state = await introspectKinde({ exp: claims.exp, iat: claims.iat + 1 })
    expect(state).toMatchObject({
      active: true,
      use: "access_token",
      subject: "user-1",
      subjectType: "user",
      clientId: "app",
      issuer,
      tokenId: "token-1",
      audience: [audience],
      scopes: ["read", "write"],
      issuedAt: new Date((claims.iat + 1) * 1000),
      expiresAt: new Date(claims.exp * 1000),
      claims: { sub: "user-1", azp: "app", client_id: "app" },
      source: { local: new Date(now * 1000), live: expect.any(Date), stale: false },
    })
  })

  test.each([{ aud: undefined }, { aud: [] }, { aud: null }])(
    "takes the audience from the token where the response has %j",
    async (changes) => {
      expect(await introspectKinde(changes)).toMatchObject({ active: true, audience: [audience] })
      expect(await introspectOry(changes)).toMatchObject({ active: true, audience: [audience] })
      // An opaque token has no other source of an audience.
      expect(await introspectOry(changes, "ory_at_opaque")).toEqual(inactive)
    },
  )

  test.each(["\n", " ", "\t"])("makes no request for a token with %j before or after it", async (blank) => {
    for (const spelling of [blank + accessToken, accessToken + blank]) {
      const transport = vendorWith(oryResponse)
      expect(await run(oryOf(transport).introspect(spelling))).toEqual(inactive)
      expect(transport.liveRequests).toBe(0)
    }
  })

  test("adds claims that only the vendor's response has", async () => {
    expect(await introspectOry({ username: "ada" })).toMatchObject({
      active: true,
      username: "ada",
      claims: { ext: { tenant: "acme" }, azp: "app", scp: ["read", "write"] },
    })
  })

  test.each([
    { client_id: "another" },
    { aud: ["https://orders.example", "https://more.example"] },
    { exp: claims.exp + 2 },
    { exp: claims.exp - 2 },
    { exp: String(claims.exp + 3600) },
  ])('returns "inactive" when Kinde responds with %j', async (changes) => {
    expect(await introspectKinde(changes)).toEqual(inactive)
  })

  test.each([
    { sub: "user-2" },
    { client_id: "another" },
    { aud: [audience, "https://more.example"] },
    { exp: claims.exp + 2 },
    { exp: claims.exp - 2 },
    { token_use: "refresh_token" },
    { active: false },
  ])('returns "inactive" when Ory responds with %j', async (changes) => {
    expect(await introspectOry(changes)).toEqual(inactive)
  })

  test("is an error that shows both issuers when the vendor's response has another issuer", async () => {
    await expect(introspectOry({ iss: "https://evil.example" })).rejects.toMatchObject({
      reason: {
        _tag: "UnexpectedResponse",
        path: "iss",
        detail: `found issuer "https://evil.example", expected "${issuer}"`,
      },
    })
  })

  test.each([{ sub: "", client_id: "", jti: "", iss: "", aud: [""] }, { exp: claims.iat }, { exp: 0 }])(
    'returns "active" when Ory responds with %j, which is absent',
    async (changes) => {
      expect(await introspectOry(changes)).toMatchObject({
        active: true,
        subject: "user-1",
        expiresAt: new Date(claims.exp * 1000),
      })
    },
  )

  test.each([
    { iat: claims.iat - 1, nbf: claims.iat - 1 },
    { iat: claims.iat + 1, nbf: claims.iat + 1 },
    { exp: claims.exp + 1 },
    { exp: claims.exp - 1 },
    { sub: undefined, client_id: undefined, exp: undefined },
    { scope: "other words" },
  ])('returns "active" when Ory responds with %j', async (changes) => {
    expect(await introspectOry(changes)).toMatchObject({ active: true, subject: "user-1", scopes: ["read", "write"] })
  })

  test("ignores the order of audiences", async () => {
    const both = await token(key, { aud: [audience, "https://more.example"] })
    expect(await introspectOry({ aud: ["https://more.example", audience] }, both)).toMatchObject({ active: true })
  })

  test("compares the audiences themselves and not only their number", async () => {
    const doubled = await token(key, { aud: [audience, audience] })
    expect(await introspectOry({ aud: [audience, "https://more.example"] }, doubled)).toEqual(inactive)
  })

  test("makes no request for a token that fails local validation", async () => {
    const transport = vendorWith(kindeResponse)
    const auth = kindeOf(transport)
    const invalidTokens = [
      await token(signingKey("RS256")),
      await token(key, { aud: "https://other.example" }),
      `${accessToken}A`,
    ]
    for (const each of invalidTokens) expect(await run(auth.introspect(each, { freshness: "live" }))).toEqual(inactive)
    expect(transport.liveRequests).toBe(0)
  })

  test("fails while the vendor is down, even for a token that was validated locally before", async () => {
    const transport = vendorWith(kindeResponse)
    const auth = kindeOf(transport)
    expect(await run(auth.introspect(accessToken, { freshness: "local" }))).toMatchObject({ active: true })
    transport.live = down
    expect((await run(Effect.flip(auth.introspect(accessToken)))).reason._tag).toBe("Unavailable")
    transport.live = Effect.succeed(json({ error: "no" }, 500))
    expect((await run(Effect.flip(auth.introspect(accessToken)))).reason._tag).toBe("Unavailable")
  })

  test("fails while the keys are unavailable if the response has no audience, because nothing decides then", async () => {
    const { aud: _aud, ...withoutAudience } = kindeResponse
    const transport = vendorWith(withoutAudience)
    transport.keys = down
    expect((await run(Effect.flip(kindeOf(transport).introspect(accessToken)))).reason._tag).toBe("Unavailable")
    transport.keys = jwkSet(key.jwk)
    expect(await run(kindeOf(transport).introspect(accessToken))).toMatchObject({ active: true })
  })

  test("is the vendor's own answer while the keys are unavailable, if the response has the audience", async () => {
    const transport = vendorWith(oryResponse)
    transport.keys = down
    const state = await run(oryOf(transport).introspect(accessToken))
    expect(state).toMatchObject({ active: true, subject: "user-1", source: { live: expect.any(Date) } })
    expect(state).not.toHaveProperty("source.local")
    transport.live = Effect.succeed(json({ active: false }))
    expect(await run(oryOf(transport).introspect(accessToken))).toEqual({ active: false })
    transport.live = down
    expect((await run(Effect.flip(oryOf(transport).introspect(accessToken)))).reason._tag).toBe("Unavailable")
  })

  test("uses the vendor's response alone for an opaque token", async () => {
    const opaque = await introspectOry({}, "ory_at_opaque")
    expect(opaque).toMatchObject({ active: true, subject: "user-1", source: { live: expect.any(Date) } })
    expect(opaque).not.toHaveProperty("source.local")
  })

  test("verifies the signature also without a configured audience: the vendor is not asked about a forged token", async () => {
    const transport = vendorWith(oryResponse)
    const auth = oryOf(transport, { audience: undefined })
    expect(await run(auth.introspect(accessToken))).toMatchObject({ active: true, source: { local: expect.any(Date) } })
    const forged = `${accessToken.slice(0, accessToken.lastIndexOf("."))}.AAAA`
    expect(await run(auth.introspect(forged))).toEqual({ active: false })
    expect([transport.keyRequests, transport.liveRequests]).toEqual([1, 1])
  })
})

describe("introspection with the cache off", () => {
  test.each([
    { freshness: { maxAge: "10 seconds" } } as const,
    { freshness: { maxAge: "0 seconds" } } as const,
    {},
    undefined,
  ])("makes a request for each call with %j", async (options) => {
    const transport = vendorWith(kindeResponse)
    const auth = kindeOf(transport)
    const call = auth.introspect(accessToken, options)
    const states = await run(Effect.forEach([call, call, call], (each) => each))
    expect(states.map((state) => state.active)).toEqual([true, true, true])
    expect([transport.keyRequests, transport.liveRequests]).toEqual([1, 3])
  })
})
