import { createPublicKey, type JsonWebKey, verify } from "node:crypto"
import { type PolarEmulator, type PolarEmulatorOptions, type PolarReadings, startPolar } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import {
  acme,
  authorizeQuery,
  callback,
  codeFor,
  cookie,
  eve,
  get,
  introspect,
  post,
  refresh,
  seed,
  sendJson,
  userInfo,
  userTokens,
  visit,
} from "./polar-steps.ts"

const start = (options: PolarEmulatorOptions = {}) => startPolar({ seed, ...options })
const startWith = (readings: Partial<PolarReadings>) => start({ readings })

const decodePart = (token: unknown, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split(".")[index] ?? "", "base64url").toString("utf8"))

const keysOf = async (polar: PolarEmulator): Promise<ReadonlyArray<JsonWebKey & { kid?: string }>> => {
  const { json } = await get(polar, "/.well-known/jwks.json")
  return Array.isArray(json.keys) ? json.keys : []
}

const isSignedBy = (key: JsonWebKey, token: unknown): boolean => {
  const [header, claims, signature = ""] = String(token).split(".")
  const signingInput = Buffer.from(`${header}.${claims}`)
  return verify("sha256", signingInput, createPublicKey({ key, format: "jwk" }), Buffer.from(signature, "base64url"))
}

const openid = "/.well-known/openid-configuration"
const authorizationServer = "/.well-known/oauth-authorization-server"

describe("production", () => {
  it("uses its API URL as issuer, sends iss in redirects, and has both metadata documents", async () => {
    await using polar = await start()
    const { json } = await get(polar, openid)
    expect(json).toMatchObject({
      issuer: polar.apiUrl,
      authorization_endpoint: polar.authorizeUrl,
      token_endpoint: `${polar.apiUrl}/v1/oauth2/token`,
      authorization_response_iss_parameter_supported: true,
    })
    expect((await get(polar, authorizationServer)).json).toEqual(json)
    expect((await visit(polar)).searchParams.get("iss")).toBe(polar.apiUrl)
    expect((await visit(polar, { scope: "nonsense" })).searchParams.get("iss")).toBe(polar.apiUrl)
  })

  it("sets the kid of an ID token, and publishes the previous key too", async () => {
    await using polar = await start()
    const { id_token } = await userTokens(polar, { nonce: "n1" })
    const { kid } = decodePart(id_token, 0)
    const keys = await keysOf(polar)
    expect(keys.map((key) => key.kid === kid && isSignedBy(key, id_token))).toEqual([false, true])
    expect(keys[0]).not.toHaveProperty("alg")
    polar.rotateKeys()
    expect((await keysOf(polar)).map((key) => key.kid === kid)).toEqual([true, false])
    expect(decodePart((await userTokens(polar)).id_token, 0).kid).not.toBe(kid)
  })

  it("issues an ID token with a lifetime of one hour, and a null nonce if the request has none", async () => {
    await using polar = await start()
    const { id_token } = await userTokens(polar, { nonce: "n1" })
    const claims = decodePart(id_token, 1)
    expect(claims).toMatchObject({ iss: polar.apiUrl, aud: ["shop"], nonce: "n1", email: "ada@example.com" })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
    expect(Object.keys(claims).sort()).toEqual(
      ["iss", "aud", "iat", "exp", "auth_time", "nonce", "at_hash", "sub", "email", "email_verified"].sort(),
    )
    expect(decodePart((await userTokens(polar)).id_token, 1).nonce).toBeNull()
  })
})

describe("the published source", () => {
  it("has a constant issuer, one metadata document, and one key without a kid in the token", async () => {
    await using polar = await start({ drift: "source" })
    const { json } = await get(polar, openid)
    expect([json.issuer, polar.issuer]).toEqual(["https://polar.sh", "https://polar.sh"])
    expect(json).not.toHaveProperty("authorization_response_iss_parameter_supported")
    expect((await get(polar, authorizationServer)).status).toBe(404)
    expect((await visit(polar)).searchParams.has("iss")).toBe(false)
    const { id_token, access_token } = await userTokens(polar)
    expect(decodePart(id_token, 0)).toEqual({ typ: "JWT", alg: "RS256" })
    expect(decodePart(id_token, 1).iss).toBe("https://polar.sh")
    expect((await introspect(polar, access_token)).json.iss).toBe("https://polar.sh")
    expect((await keysOf(polar)).map((key) => isSignedBy(key, id_token))).toEqual([true])
  })
})

describe("an emulator option", () => {
  it("changes the issuer of tokens, the missing nonce and the algorithm of keys", async () => {
    await using polar = await startWith({ tokenIssuer: "constant", absentNonce: "omitted", publishedAlg: "present" })
    const { id_token } = await userTokens(polar)
    expect(decodePart(id_token, 1)).toMatchObject({ iss: "https://polar.sh" })
    expect(decodePart(id_token, 1)).not.toHaveProperty("nonce")
    expect((await keysOf(polar))[0]).toMatchObject({ alg: "RS256" })
  })

  it("keeps the organizations of a remembered consent", async () => {
    await using polar = await startWith({ consentedOrganizations: "kept" })
    const query = authorizeQuery({ sub_type: "organization" })
    await post(polar, `/v1/oauth2/consent?${query}`, { action: "allow", organizations: acme }, cookie)
    expect((await get(polar, `/v1/oauth2/authorize?${query}`, cookie)).status).toBe(302)
  })

  it("changes the response to a silent request and to an anonymous visitor", async () => {
    const silent = `/v1/oauth2/authorize?${authorizeQuery({ prompt: "none" })}`
    const visitor = `/v1/oauth2/authorize?${authorizeQuery({ scope: "email" })}`
    for (const [readings, expected] of [
      [{}, [200, 200]],
      [{ silentConsent: "code", anonymousAuthorize: "login" }, [302, 401]],
    ] as const) {
      await using polar = await startWith(readings)
      await visit(polar)
      expect([(await get(polar, silent, cookie)).status, (await get(polar, visitor)).status]).toEqual(expected)
    }
  })

  it("keeps the tokens of deleted clients active, and makes those of blocked users inactive", async () => {
    await using polar = await startWith({ deletedClientTokens: "live", blockedUserIntrospection: "inactive" })
    polar.seed({ clients: [{ client_id: "brief", registration_access_token: "polar_crt_brief" }] })
    polar.seed({ tokens: [{ client_id: "brief", sub: eve, access_token: "polar_at_u_brief" }] })
    expect((await userInfo(polar, "polar_at_u_brief")).status).toBe(200)
    const headers = { authorization: "Bearer polar_crt_brief" }
    await fetch(`${polar.apiUrl}/v1/oauth2/register/brief`, { method: "DELETE", headers })
    expect((await userInfo(polar, "polar_at_u_brief")).status).toBe(200)
    const { access_token } = await userTokens(polar, { login_hint: eve })
    polar.seed({ users: [{ id: eve, email: "eve@example.com", blocked: true }] })
    expect((await introspect(polar, access_token)).json).toEqual({ active: false })
  })

  it("keeps redirect URIs verbatim, and returns 404 for a wrong slash", async () => {
    await using polar = await startWith({ registeredUris: "verbatim", wrongSlash: "missing" })
    const uris = ["https://app.example.com"]
    const registered = await sendJson(polar, "POST", "/v1/oauth2/register", { redirect_uris: uris, client_name: "x" })
    expect(registered.json.redirect_uris).toEqual(uris)
    expect((await get(polar, "/v1/oauth2")).status).toBe(404)
  })

  it("delays the effect of a response", async () => {
    let clock = Date.now()
    await using polar = await start({ now: () => clock, readings: { commitLagMs: 50 } })
    const { access_token, refresh_token } = await userTokens(polar)
    expect((await userInfo(polar, access_token)).status).toBe(401)
    clock += 50
    expect((await userInfo(polar, access_token)).status).toBe(200)
    const responses = [await refresh(polar, refresh_token), await refresh(polar, refresh_token)]
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    clock += 50
    expect((await refresh(polar, refresh_token)).status).toBe(400)
    expect((await userInfo(polar, access_token)).status).toBe(401)
  })

  it("changes lifetimes", async () => {
    await using polar = await start({ lifespans: { accessToken: "1 minute", refreshedAccessToken: "30 seconds" } })
    const { expires_in, refresh_token } = await userTokens(polar)
    expect([expires_in, (await refresh(polar, refresh_token)).json.expires_in]).toEqual([60, 30])
  })
})

describe("an emulator without a seed", () => {
  it("has a user who can log in", async () => {
    await using polar = await startPolar()
    polar.seed({ clients: [{ client_id: "shop", redirect_uris: [callback] }] })
    expect(await codeFor(polar)).toMatch(/^polar_ac_/)
  })
})
