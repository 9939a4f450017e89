/** Tokens that are no access tokens for this service, at every adapter: none is accepted. */
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { entra } from "../../src/adapters/entra/index.ts"
import { hmacSigned, signed, signingKey } from "../jwt/signing-keys.ts"
import { accessToken, isAccepted, type Json, open, stranger, type Vendor, vendors } from "./any-vendor.ts"
import { documented } from "./documented-tokens.ts"

const others = {
  client_id: undefined,
  azp: undefined,
  cid: undefined,
  appid: undefined,
  token_use: undefined,
  typ: undefined,
}

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s", (name, vendor) => {
  test("accepts an access token", async () => {
    const { token, claims } = accessToken(vendor)
    // Polar's access tokens are no JWTs.
    expect(await isAccepted(vendor, name === "polar" ? "polar_at_u_1" : token, claims)).toMatchObject({
      accepted: true,
    })
  })

  test.each<[string, Json, Json]>([
    ["with the hash of an access token", { ...others, at_hash: "h", nonce: "n", jti: undefined }, {}],
    ["with the hash of a code", { ...others, c_hash: "h" }, {}],
    ["that says so in typ", { ...others, typ: "ID" }, {}],
    ["that says so in token_use", { ...others, token_use: "id" }, {}],
    ["with a client id beside the hash", { at_hash: "h", token_use: undefined, typ: undefined }, {}],
  ])("accepts no ID token %s, although the server finds it active", async (_, changes, header) => {
    const { token, claims } = accessToken(vendor, changes, header)
    expect(await isAccepted(vendor, token, claims)).toMatchObject({ accepted: false })
  })

  test.each<[string, string, Json]>([
    ["that the server calls so", "refresh-1", { token_type: "refresh_token" }],
    ["that the server calls so in token_use", "refresh-1", { token_use: "refresh_token" }],
    ["that the server calls so in typ", "refresh-1", { typ: "Refresh" }],
    ["for offline access", "refresh-1", { typ: "Offline" }],
  ])("accepts no refresh token %s", async (_, token, answer) => {
    const { claims } = accessToken(vendor, { jti: undefined, token_use: undefined, typ: undefined })
    const text = name === "polar" ? `polar_rt_${token}` : token
    expect(await isAccepted(vendor, text, { ...claims, ...answer })).toMatchObject({ accepted: false })
  })

  test("accepts no refresh token that is a JWT with a key of the server's own", async () => {
    const token = hmacSigned("a key of the server", { typ: "JWT" })
    expect(
      await isAccepted(vendor, token, { ...accessToken(vendor).claims, typ: "Refresh", token_use: undefined }),
    ).toMatchObject({
      accepted: false,
    })
  })

  test("accepts no token of another tenant, realm, pool, environment or vendor", async () => {
    const { issuer } = open(vendor)
    const elsewhere = [
      ...[`${issuer}x`, issuer.replace("https://", "https://evil."), issuer.toUpperCase(), "https://evil.example"],
      ...[
        issuer.endsWith("/") ? issuer.slice(0, -1) : `${issuer}/`,
        issuer.replace("https", "http"),
        `${issuer}?`,
        "",
        null,
      ],
      ...vendors.filter(({ adapter }) => adapter !== vendor.adapter).map((each) => open(each).issuer),
    ].filter((iss) => iss !== issuer)
    for (const iss of elsewhere) {
      // Without `iss` an introspection response says nothing against the token.
      if (!iss && open(vendor).jwt === undefined) continue
      const { token, claims } = accessToken(vendor, { iss, tid: "t", jku: `${issuer}/keys` }, {})
      expect([iss, await isAccepted(vendor, name === "polar" ? "polar_at_u_1" : token, claims)]).toMatchObject([
        iss,
        // A response without `iss` cannot contradict; a signature without `iss` can.
        { accepted: false },
      ])
    }
  })

  test.skipIf(open(vendor).jwt === undefined)(
    "accepts no token of a stranger's key, and does not ask the vendor",
    async () => {
      const { claims } = accessToken(vendor)
      const type = open(vendor).jwt?.types[0] ?? "JWT"
      for (const header of [{}, { kid: stranger.jwk.kid }]) {
        const token = signed(stranger, { typ: type || undefined, ...header }, claims)
        const { introspect, asked } = open(vendor, { answer: () => ({ active: true, ...claims }) })
        expect(await Effect.runPromise(introspect(token))).toEqual({ active: false })
        expect(asked).toEqual([])
      }
    },
  )

  test("accepts no token for another API", async () => {
    const aud = "https://other.example"
    const { token, claims } = accessToken(vendor, { aud, ...(name === "cognito" && { client_id: "other" }) })
    expect(await isAccepted(vendor, name === "polar" ? "polar_at_u_1" : token, claims)).toMatchObject({
      accepted: false,
    })
  })

  test('answers a JWT with the freshness "prefer-local" from its signature, where it verifies signatures', async () => {
    const { token, claims } = accessToken(vendor, {}, name.startsWith("oidc") ? { typ: "at+jwt" } : {})
    const { introspect, asked, jwt } = open(vendor, { answer: () => ({ active: true, ...claims }) })
    const text = name === "polar" ? "polar_at_u_1" : token
    expect(await Effect.runPromise(introspect(text, { freshness: "prefer-local" }))).toMatchObject({ active: true })
    const isSigned = jwt?.answers === "signature" || jwt?.hasFormat === true
    // Without a known format, `typ: at+jwt` and a client id show the kind.
    expect(asked.length).toBe(isSigned || (jwt !== undefined && name.startsWith("oidc")) ? 0 : 1)
  })

  test('answers an opaque token with the freshness "prefer-local" as without it', async () => {
    const { claims } = accessToken(vendor)
    const { introspect, asked, jwt } = open(vendor, { answer: () => ({ active: true, ...claims }) })
    await Effect.runPromise(Effect.exit(introspect("polar_at_u_1", { freshness: "prefer-local" })))
    expect(asked.length).toBe(jwt?.answers === "signature" ? 0 : 1)
  })
})

describe("the issuers of a server", () => {
  test("have their own keys: the key of one tenant signs no token of another one, whatever the token names", async () => {
    const [first, second] = documented.entra.config.tenants
    const [one, two] = [signingKey("RS256", "one"), signingKey("RS256", "two")]
    const cloud = "https://login.microsoftonline.com"
    const vendor: Vendor = { name: "entra", adapter: entra, config: documented.entra.config }
    const published = (url: string) => (url.includes(second) ? [two] : [one])
    const claimsOf = (tenant: string) => accessToken(vendor, { iss: `${cloud}/${tenant}/v2.0`, tid: tenant }).claims
    const judge = (signer: typeof one, claims: Json, header: Json = {}) => {
      const { introspect } = open(vendor, { keys: published })
      return Effect.runPromise(introspect(signed(signer, { typ: "JWT", ...header }, claims)))
    }
    expect(await judge(one, claimsOf(first))).toMatchObject({ active: true })
    expect(await judge(two, claimsOf(second))).toMatchObject({ active: true })
    for (const changes of [{}, { tid: first }, { tid: second }])
      expect(await judge(one, { ...claimsOf(second), ...changes }, { kid: "two" })).toEqual({ active: false })
    expect(await judge(two, claimsOf(first), { kid: "one" })).toEqual({ active: false })
    for (const template of ["{tenantid}", "common", "organizations", "33333333-2222-4333-8444-555555555555"])
      expect(await judge(one, claimsOf(template))).toEqual({ active: false })
  })
})
