import * as Effect from "effect/Effect"
import type { IntrospectOptions } from "latchkey"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { audience, claims, issuer, now, signingKey, token } from "./signing-keys.ts"
import { down, kindeOf, oryOf, published, run, says, type Vendor, vendor } from "./vendor.ts"

const key = signingKey("RS256")
const presented = await token(key)
const inactive = { active: false }

type Json = Readonly<Record<string, unknown>>

/** What Kinde says of an active token, and nothing more. */
const kindeSays = { active: true, client_id: "app", aud: [audience], iat: claims.iat, exp: claims.exp }

/** What Hydra says of the same. */
const orySays = {
  ...kindeSays,
  sub: "user-1",
  iss: issuer,
  scope: "read write",
  token_use: "access_token",
  nbf: claims.iat,
  ext: { tenant: "acme" },
}

const saying = (state: Json): Vendor => {
  const door = vendor(key.jwk)
  door.live = says(state)
  return door
}

const askKinde = (changes: Json, token = presented, options: IntrospectOptions = { freshness: "live" }) =>
  run(kindeOf(saying({ ...kindeSays, ...changes })).introspect(token, options))

const askOry = (changes: Json, token = presented) => run(oryOf(saying({ ...orySays, ...changes })).introspect(token))

describe("freshness live", () => {
  test("merges what the signature says with what the vendor says, and tells when each was asked", async () => {
    const state = await askKinde({ exp: claims.exp, iat: claims.iat + 1 })
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
    "takes the audience of the signature where the vendor names none: %j",
    async (changes) => {
      expect(await askKinde(changes)).toMatchObject({ active: true, audience: [audience] })
      expect(await askOry(changes)).toMatchObject({ active: true, audience: [audience] })
      // Of an opaque token nothing else says whom it is for.
      expect(await askOry(changes, "ory_at_opaque")).toEqual(inactive)
    },
  )

  test.each(["\n", " ", "\t"])("asks nobody about a token with %j before or behind it", async (blank) => {
    for (const spelling of [blank + presented, presented + blank]) {
      const door = saying(orySays)
      expect(await run(oryOf(door).introspect(spelling))).toEqual(inactive)
      expect(door.liveAsked).toBe(0)
    }
  })

  test("keeps the vendor's own claims beside those of the token", async () => {
    expect(await askOry({ username: "ada" })).toMatchObject({
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
  ])("takes a token for inactive when Kinde says %j", async (changes) => {
    expect(await askKinde(changes)).toEqual(inactive)
  })

  test.each([
    { sub: "user-2" },
    { client_id: "another" },
    { aud: [audience, "https://more.example"] },
    { exp: claims.exp + 2 },
    { exp: claims.exp - 2 },
    { iss: "https://evil.example" },
    { token_use: "refresh_token" },
    { active: false },
  ])("takes a token for inactive when Ory says %j", async (changes) => {
    expect(await askOry(changes)).toEqual(inactive)
  })

  test.each([
    { iat: claims.iat - 1, nbf: claims.iat - 1 },
    { iat: claims.iat + 1, nbf: claims.iat + 1 },
    { exp: claims.exp + 1 },
    { exp: claims.exp - 1 },
    { sub: undefined, client_id: undefined, exp: undefined },
    { scope: "other words" },
  ])("takes a token for active when Ory says %j", async (changes) => {
    expect(await askOry(changes)).toMatchObject({ active: true, subject: "user-1", scopes: ["read", "write"] })
  })

  test("does not mind the order of audiences", async () => {
    const both = await token(key, { aud: [audience, "https://more.example"] })
    expect(await askOry({ aud: ["https://more.example", audience] }, both)).toMatchObject({ active: true })
  })

  test("tells audiences apart that are as many, and not the same", async () => {
    const doubled = await token(key, { aud: [audience, audience] })
    expect(await askOry({ aud: [audience, "https://more.example"] }, doubled)).toEqual(inactive)
  })

  test("does not ask the vendor about a token that fails here", async () => {
    const door = saying(kindeSays)
    const auth = kindeOf(door)
    const bad = [await token(signingKey("RS256")), await token(key, { aud: "https://other.example" }), `${presented}A`]
    for (const each of bad) expect(await run(auth.introspect(each, { freshness: "live" }))).toEqual(inactive)
    expect(door.liveAsked).toBe(0)
  })

  test("is an error while the vendor is down, also for a token checked here before", async () => {
    const door = saying(kindeSays)
    const auth = kindeOf(door)
    expect(await run(auth.introspect(presented, { freshness: "local" }))).toMatchObject({ active: true })
    door.live = down
    expect((await run(Effect.flip(auth.introspect(presented)))).reason._tag).toBe("Unavailable")
    door.live = Effect.succeed(json({ error: "no" }, 500))
    expect((await run(Effect.flip(auth.introspect(presented)))).reason._tag).toBe("Unavailable")
  })

  test("is an error while the keys cannot be had, and the vendor is not believed alone", async () => {
    const door = saying(kindeSays)
    door.keys = down
    expect((await run(Effect.flip(kindeOf(door).introspect(presented)))).reason._tag).toBe("Unavailable")
    door.keys = published(key.jwk)
    expect(await run(kindeOf(door).introspect(presented))).toMatchObject({ active: true })
  })

  test("is the vendor's word alone for an opaque token, and without a configured audience", async () => {
    const opaque = await askOry({}, "ory_at_opaque")
    expect(opaque).toMatchObject({ active: true, subject: "user-1", source: { live: expect.any(Date) } })
    expect(opaque).not.toHaveProperty("source.local")
    const door = saying(orySays)
    const state = await run(oryOf(door, { audience: undefined }).introspect(presented))
    expect(state).toMatchObject({ active: true, source: { live: expect.any(Date) } })
    expect(state).not.toHaveProperty("source.local")
    expect([door.keysAsked, door.liveAsked]).toEqual([0, 1])
  })
})

describe("a maximum age, and nothing said", () => {
  test.each([{ freshness: { maxAge: 10 } }, { freshness: { maxAge: 0 } }, {}, undefined])(
    "asks live each time with %j",
    async (options) => {
      const door = saying(kindeSays)
      const auth = kindeOf(door)
      const ask = auth.introspect(presented, options)
      const states = await run(Effect.forEach([ask, ask, ask], (each) => each))
      expect(states.map((state) => state.active)).toEqual([true, true, true])
      expect([door.keysAsked, door.liveAsked]).toEqual([1, 3])
    },
  )
})
