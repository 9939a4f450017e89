import { generateKeyPairSync } from "node:crypto"
import * as Effect from "effect/Effect"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { formOf, json, scripted } from "./scripted-transport.ts"

const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" })
const privateKey = { ...jwk, d: jwk.d ?? "", kty: "EC", alg: "ES256", kid: "k" } as const

const publicUrl = "https://hydra.internal"

/** The claims of the client assertion that a request carries. */
const claimsOf = (assertion = ""): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString())

/** The audience of the client assertion of a token request. */
const audienceWith = async (issuer: string | undefined, assertionAudience?: string): Promise<unknown> => {
  const transport = scripted(json({ access_token: "a", token_type: "bearer" }))
  const config = {
    publicUrl,
    adminUrl: "https://admin.internal",
    issuer,
    clientId: "app",
    privateKey,
    assertionAudience,
  }
  const auth = Effect.runSync(Effect.scoped(ory(config, { transport })))
  await Effect.runPromise(auth.clientCredentials())
  expect(transport.requests[0]?.url).toBe(`${publicUrl}/oauth2/token`)
  return claimsOf(formOf(transport.requests[0]).client_assertion).aud
}

/** A Hydra accepts an assertion if one audience is its own token URL: that of `urls.self.public`, or of the issuer. */
describe("the audience of a client assertion for Ory", () => {
  test("is the token URL when the issuer is the public address", async () => {
    expect(await audienceWith(undefined)).toBe(`${publicUrl}/oauth2/token`)
    expect(await audienceWith(publicUrl)).toBe(`${publicUrl}/oauth2/token`)
  })

  test.each(["https://id.example", "https://id.example/"])(
    "has the token URL of the issuer %s too, when the server is reached by another address",
    async (issuer) => {
      expect(await audienceWith(issuer)).toEqual([`${publicUrl}/oauth2/token`, "https://id.example/oauth2/token"])
    },
  )

  test("is the configured one when the server's own address is a third", async () => {
    const audience = "https://hydra.internal/oauth2/token"
    expect(await audienceWith("https://id.example", audience)).toBe(audience)
  })

  test("is rejected in a configuration without a private key", () => {
    const assertionAudience = "https://hydra.internal/oauth2/token"
    const config = {
      publicUrl,
      adminUrl: "https://admin.internal",
      clientId: "app",
      clientSecret: "s",
      assertionAudience,
    }
    expect(ory.check(config).map(({ path }) => path)).toEqual(["assertionAudience"])
  })

  test("keeps the path of the issuer", async () => {
    expect(await audienceWith("https://id.example/tenant/")).toContain("https://id.example/tenant/oauth2/token")
  })
})
