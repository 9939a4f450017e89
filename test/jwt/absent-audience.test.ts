/** JWTs without an audience, whose audience only the server names. */
import { createAuth, type IntrospectOptions } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { json, scripted } from "../unit/scripted-transport.ts"
import { now, signed, signingKey } from "./signing-keys.ts"

const issuer = "https://id.example"
const key = signingKey("RS256")
const claims = { iss: issuer, sub: "alice", client_id: "web", iat: now - 60, exp: now + 3600 }
const token = signed(key, { typ: "at+jwt" }, claims)

const introspect = async (
  answer: object,
  options?: IntrospectOptions,
  { presented = token, audienceUnsaid = true } = {},
) => {
  const transport = scripted(json({ keys: [key.jwk] }), json(answer))
  const endpoints = { jwksUri: `${issuer}/keys`, introspectionEndpoint: `${issuer}/introspect` }
  const config = { ...policiesOff, issuer, endpoints, clientId: "api", clientSecret: "secret", audience: ["api"] }
  const profile = { ...config, token: { audienceUnsaid } }
  await using auth = createAuth(oidc(profile, { transport }))
  return { state: await auth.introspect(presented, options), urls: transport.requests.map(({ url }) => url) }
}

const active = { ...claims, active: true }

describe("a JWT without an audience", () => {
  test.each([undefined, { freshness: "prefer-local" }] as const)(
    "is introspected, and has the audience of the response (%o)",
    async (options) => {
      const { state, urls } = await introspect({ ...active, aud: ["api", "other"] }, options)
      expect(state).toMatchObject({ active: true, subject: "alice", audience: ["api", "other"] })
      expect(urls).toEqual([`${issuer}/keys`, `${issuer}/introspect`])
    },
  )

  test.each([
    ["has none either", active],
    ["names another audience", { ...active, aud: "other" }],
    ["says so", { active: false }],
  ])("is inactive if the response %s", async (_, answer) => {
    expect((await introspect(answer)).state).toEqual({ active: false })
  })

  test("is inactive, and the vendor is not asked, if only the signature may answer", async () => {
    const { state, urls } = await introspect(active, { freshness: "local" })
    expect(state).toEqual({ active: false })
    expect(urls).not.toContain(`${issuer}/introspect`)
  })

  test("is inactive, and the vendor is not asked, unless the server's tokens may lack it", async () => {
    const { state, urls } = await introspect({ ...active, aud: "api" }, undefined, { audienceUnsaid: false })
    expect(state).toEqual({ active: false })
    expect(urls).toEqual([])
  })

  test("is inactive, and the vendor is not asked, if it is forged", async () => {
    const forged = `${token.slice(0, token.lastIndexOf("."))}.${Buffer.alloc(256, 1).toString("base64url")}`
    const { state, urls } = await introspect({ ...active, aud: "api" }, undefined, { presented: forged })
    expect(state).toEqual({ active: false })
    expect(urls).toEqual([`${issuer}/keys`])
  })

  test("of another audience is inactive, and the vendor is not asked", async () => {
    const other = signed(key, { typ: "at+jwt" }, { ...claims, aud: "other" })
    const { state, urls } = await introspect({ ...active, aud: "api" }, undefined, { presented: other })
    expect(state).toEqual({ active: false })
    expect(urls).toEqual([])
  })
})
