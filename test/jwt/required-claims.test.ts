/** The claims that a JWT profile requires: each must have its type. */
import { describe, expect, test } from "vitest"
import { jwtProfile } from "../../src/adapters/oidc/jwt-profile.ts"
import { claimsOf } from "../../src/core/jwt/claims.ts"
import { claims, signed, signingKey } from "./signing-keys.ts"
import { kindeOf, local, oryOf } from "./vendor.ts"

const key = signingKey("RS256", "k")

/** Values of a required claim that are not a string with at least one character. */
const wrong: ReadonlyArray<unknown> = [undefined, null, "", 0, 7, true, false, [], ["user-1"], {}, { value: "user-1" }]

const requiredBy = [
  ["ory", "sub", oryOf],
  ["ory", "client_id", oryOf],
  ["ory", "jti", oryOf],
  ["kinde", "azp", kindeOf],
] as const

describe("an access token is rejected", () => {
  const rows = requiredBy.flatMap(([vendor, name, open]) =>
    wrong.map(
      (value) => [vendor, name, JSON.stringify(value) ?? "absent", { ...claims, [name]: value }, open] as const,
    ),
  )
  test.each(rows)("by the profile of %s when %s is %s", async (_vendor, _name, _value, changed, open) => {
    expect(await local([key.jwk], signed(key, {}, changed), { open })).toEqual({ active: false })
  })
})

describe("an access token is accepted", () => {
  test.each(requiredBy)("by the profile of %s when %s is a string", async (_vendor, _name, open) => {
    expect(await local([key.jwk], signed(key, {}, claims), { open })).toMatchObject({ active: true })
  })

  test.each([
    ["null", null],
    ["empty", ""],
  ])("when claims that its profile does not require are %s: they count as absent", async (_, value) => {
    const changed = { ...claims, sub: value, jti: value, nbf: value, iat: value }
    const state = await local([key.jwk], signed(key, {}, changed), { open: kindeOf })
    expect(state).toMatchObject({ active: true, clientId: "app" })
    for (const name of ["subject", "tokenId", "notBefore", "issuedAt"]) expect(state).not.toHaveProperty(name)
  })
})

describe("a profile of another vendor", () => {
  const access = ["application", "scp", "iat", "aud"].map((name) => ({ name }))
  const profile = jwtProfile(
    {
      ...{ issuer: claims.iss, metadataUrl: `${claims.iss}/m`, clientAuth: "none" },
      token: { jwt: { algorithms: ["RS256"], types: ["jwt"], access }, client: ["application"], scopes: ["scp"] },
    },
    { audience: "any", clockSkew: 0 },
  )
  const header = { algorithm: "RS256", keyId: "k", type: "jwt", fields: {} }
  const check = (changes: object) =>
    claimsOf(JSON.stringify({ ...claims, application: "app", ...changes }), header, profile)

  test.each<[string, object]>([
    ["the client id, under its name at this vendor, is an object", { application: {} }],
    ["the client id, under its name at this vendor, is empty", { application: "" }],
    ["the scopes are a number", { scp: 7 }],
    ["the scopes are a list of numbers", { scp: [7] }],
    ["the time of issue is a string", { iat: "now" }],
    ["the audience is empty", { aud: "" }],
  ])("rejects a token when %s", (_, changes) => {
    expect(check(changes)).toBe("format")
  })

  test("accepts a token whose scopes are an empty list", () => {
    expect(check({ scp: [] })).toBeTypeOf("object")
  })
})
