/** Keys that name the issuer whose tokens they verify, in a key set of several tenants. */
import * as Effect from "effect/Effect"
import type { IntrospectOptions, JsonWebKey } from "latchkey"
import { make } from "latchkey/effect"
import { entra } from "latchkey/entra"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { isKeyOf } from "../../src/internal/key-issuer.ts"
import { policiesOff } from "../policies-off.ts"
import { documented } from "../token/documented-tokens.ts"
import { playingServer } from "../token/playing-server.ts"
import { json } from "../unit/scripted-transport.ts"
import { now, signed, signingKey } from "./signing-keys.ts"

const cloud = "https://login.microsoftonline.com"
const [own, second] = documented.entra.config.tenants
const [apis] = documented.entra.config.audience
const stranger = "9188040d-6c67-4c5b-b112-36a304b66dad"
const v2 = (tenant: string) => `${cloud}/${tenant}/v2.0`
const v1 = (tenant: string) => `https://sts.windows.net/${tenant}/`
const template = v2("{tenantid}")

const key = signingKey("RS256", "one")
const other = signingKey("RS256", "two")
const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours" }

const claims = (iss: string) => ({
  ...{ iss, aud: apis, sub: "u", azp: "web", appid: "web", client_id: "web", scp: "read" },
  ...{ iat: now - 60, nbf: now - 60, exp: now + 3600 },
})

const tokenOf = (iss: string, signer = key) => signed(signer, { typ: "JWT" }, claims(iss))

/** A server that publishes these keys at every address. */
const server = (issuer: string, keys: ReadonlyArray<JsonWebKey>) =>
  playingServer({ issuer, keys: () => json({ keys }), answer: () => ({ active: false }) })

const entraWith = (...keys: ReadonlyArray<JsonWebKey>) =>
  Effect.runSync(
    Effect.scoped(
      make(entra({ ...client, ...documented.entra.config }, { transport: server(v2(own), keys).transport })),
    ),
  )

const oidcWith = (keys: ReadonlyArray<JsonWebKey>, token: OidcConfig["token"] = {}) => {
  const config = { ...client, issuer: v2(own), audience: documented.entra.config.audience }
  const format = { answers: "signature", client: ["azp"], ...token } as const
  const { transport } = server(v2(own), keys)
  return Effect.runSync(Effect.scoped(make(oidc({ ...config, token: format }, { transport }))))
}

const active = async (
  auth: ReturnType<typeof entraWith> | ReturnType<typeof oidcWith>,
  token: string,
  options?: IntrospectOptions,
) => (await Effect.runPromise(auth.introspect(token, options))).active

describe("a key that names an issuer", () => {
  test.each([
    ["the token's", v2(own), true],
    ["every tenant", template, true],
    ["another tenant", v2(stranger), false],
    ["a second tenant of the configuration", v2(second), false],
    ["the issuer of version 1", v1(own), false],
    ["no text, so that the key is unusable", {}, false],
    ["nothing, as null", null, true],
    ["nothing, as an empty text", "", true],
  ])("verifies a token of the server only if it is that issuer: %s", async (_, issuer, expected) => {
    const published = { ...key.jwk, issuer } as JsonWebKey
    expect(await active(entraWith(published, other.jwk), tokenOf(v2(own)))).toBe(expected)
    expect(await active(oidcWith([published, other.jwk]), tokenOf(v2(own)))).toBe(expected)
    expect(await active(entraWith(published, other.jwk), tokenOf(v2(own)), { freshness: "local" })).toBe(expected)
  })

  test.each([
    [v2(own), v2(own), true],
    [v2(own), v1(own), true],
    [v2(own), v2(second), false],
    [v2(own), v1(second), false],
    [v2(second), v2(own), false],
    [v2(second), v1(own), false],
    [v2(second), v2(second), true],
    [v2(second), v1(second), true],
    [template, v1(own), true],
    [template, v2(second), true],
    [v2(stranger), v1(own), false],
    [v2(stranger), v2(second), false],
  ])("of %s judges a token of %s, of either version: %s", async (issuer, iss, expected) => {
    expect(await active(entraWith({ ...key.jwk, issuer }), tokenOf(iss))).toBe(expected)
  })

  test("of one tenant does not verify the token of another one with a shared key set, in any order", async () => {
    const keys = [
      { ...key.jwk, kid: "same", issuer: v2(own) },
      { ...other.jwk, kid: "same", issuer: v2(second) },
    ]
    const auth = oidcWith(keys, { issuers: [{ issuer: v2(second) }] })
    const from = (iss: string, signer: typeof key) => signed(signer, { typ: "JWT", kid: "same" }, claims(iss))
    const judged = [from(v2(own), key), from(v2(second), other), from(v2(own), other), from(v2(second), key)]
    for (const order of [judged, judged.toReversed(), judged])
      expect(await Promise.all(order.map((token) => active(auth, token)))).toEqual(
        order.map((token) => judged.indexOf(token) < 2),
      )
  })

  test("of another tenant does not verify a token without kid", async () => {
    const auth = oidcWith([{ ...key.jwk, issuer: v2(stranger) }, other.jwk])
    expect(await active(auth, signed(key, { typ: "JWT", kid: undefined }, claims(v2(own))))).toBe(false)
    expect(await active(auth, signed(other, { typ: "JWT", kid: undefined }, claims(v2(own))))).toBe(true)
  })

  test("is named by the explanation of a token that it does not verify", async () => {
    const auth = entraWith({ ...key.jwk, issuer: v2(stranger) })
    const { active: isActive, checks } = await Effect.runPromise(auth.explain(tokenOf(v2(own))))
    expect(isActive).toBe(false)
    expect(checks.filter(({ passed }) => !passed)).toEqual([
      {
        check: "jwt.key",
        passed: false,
        expected: `a key of ${v2(own)} for RS256 with kid one`,
        found: `one (RS256, of ${v2(stranger)})`,
      },
    ])
  })
})

test("the explanation of a token of a second tenant uses the keys of that tenant", async () => {
  const { transport } = playingServer({ issuer: v2(own), keys: (url) => [url.includes(second) ? other : key] })
  const auth = Effect.runSync(Effect.scoped(make(entra({ ...client, ...documented.entra.config }, { transport }))))
  for (const [token, expected] of [
    [tokenOf(v2(second), other), true],
    [tokenOf(v2(own), key), true],
    [signed(key, { typ: "JWT", kid: "two" }, claims(v2(second))), false],
  ] as const) {
    expect((await Effect.runPromise(auth.explain(token))).active).toBe(expected)
    expect(await active(auth, token)).toBe(expected)
  }
})

test.each<[unknown, string, boolean]>([
  ["https://a.example/{tenantid}/v2.0", "https://a.example/t/v2.0", true],
  ["https://a.example/{TenantId}/v2.0", "https://a.example/t/v2.0", true],
  ["https://a.example/{tenantid}/v2.0", "https://a.example//v2.0", false],
  ["https://a.example/{tenantid}/v2.0", "https://a.example/t/u/v2.0", false],
  ["https://a.example/{tenantid}/v2.0", "https://a.example/v2.0", false],
  ["https://a.example/{tenantid}/v2.0", "https://b.example/t/v2.0", false],
  ["https://a.example/{tenantid}", "https://a.example/t", true],
  ["https://{host}/{tenantid}", "https://a.example/t", false],
  ["https://a.example/{}", "https://a.example/t", false],
  [["https://a.example"], "https://a.example", false],
])("a key of %j verifies the tokens of %s: %s", (named, issuer, expected) => {
  expect(isKeyOf({ kty: "RSA", issuer: named }, issuer)).toBe(expected)
})
