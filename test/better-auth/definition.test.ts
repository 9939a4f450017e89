/** Every value of the definition, on responses that a real Better Auth 1.7.5 gave. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { betterAuth } from "latchkey/better-auth"
import type { Transport } from "latchkey/effect"
import { describe, expect, it } from "vitest"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { formOf, json, reasonOf, type Step, scripted } from "../unit/scripted-transport.ts"

const issuer = "https://app.example/api/auth"
const api = "https://api.example"
const at = `${issuer}/oauth2`

const document = {
  issuer,
  authorization_endpoint: `${at}/authorize`,
  token_endpoint: `${at}/token`,
  introspection_endpoint: `${at}/introspect`,
  revocation_endpoint: `${at}/revoke`,
  userinfo_endpoint: `${at}/userinfo`,
  end_session_endpoint: `${at}/end-session`,
  jwks_uri: `${issuer}/jwks`,
  registration_endpoint: `${at}/register`,
  grant_types_supported: ["authorization_code", "client_credentials", "refresh_token"],
}

type BetterAuthConfig = Parameters<typeof betterAuth>[0]

const open = (script: ReadonlyArray<Step> = [], change: Partial<BetterAuthConfig> = {}) => {
  const transport = scripted(json(document), ...script)
  const config = { ...policiesOff, issuer, clientId: "app", clientSecret: "a secret of ours", ...change }
  return { auth: Effect.runSync(Effect.scoped(betterAuth(config, { transport }))), transport }
}

const now = Math.floor(Date.now() / 1000)
const opaque = {
  active: true,
  iss: issuer,
  client_id: "app",
  azp: "app",
  exp: now + 3600,
  iat: now,
  scope: "read",
  token_type: "Bearer",
}

describe("Better Auth's definition", () => {
  it("asks for an API with `resource`", async () => {
    const { auth, transport } = open([
      json({ access_token: "opaque", token_type: "Bearer", expires_in: 3600, scope: "read" }),
    ])
    await Effect.runPromise(auth.clientCredentials({ scopes: ["read"], audience: [api] }))
    expect(formOf(transport.requests.at(-1))).toMatchObject({ resource: api })
    expect(formOf(transport.requests.at(-1))).not.toHaveProperty("audience")
  })

  it("asks for a refresh token with the scope offline_access and the prompt consent", async () => {
    const { auth } = open([], { redirectUri: "https://app.example/cb" })
    const { url } = await Effect.runPromise(auth.authorize({ scopes: ["openid"], offline: true }))
    const query = new URL(url).searchParams
    expect([query.get("scope"), query.get("prompt")]).toEqual(["openid offline_access", "consent"])
  })

  it("reads the kind of a token from the hint", async () => {
    for (const expected of ["access_token", "refresh_token"] as const) {
      const { auth, transport } = open([json({ ...opaque, sub: "user-1", sid: "session-1" })])
      const state = await Effect.runPromise(auth.introspect("opaque", { expect: expected }))
      expect(state).toMatchObject({ active: true, use: expected, subject: "user-1", subjectType: "user" })
      expect(formOf(transport.requests.at(-1))).toMatchObject({ token_type_hint: expected })
    }
  })

  it("reads a token without a subject as a client's", async () => {
    const { auth } = open([json(opaque)])
    expect(await Effect.runPromise(auth.introspect("opaque"))).toMatchObject({ active: true, subjectType: "client" })
  })

  it.each([
    ["a wrong PKCE verifier", 401, { error: "invalid_request", error_description: "code verification failed" }],
  ])("reports %s as InvalidGrant", async (_, status, body) => {
    const { auth } = open([json(body, status)], { redirectUri: "https://app.example/cb" })
    const { transaction } = await Effect.runPromise(auth.authorize({ scopes: ["openid"] }))
    const callback = `https://app.example/cb?code=c&state=${transaction.state}&iss=${encodeURIComponent(issuer)}`
    expect(await reasonOf(auth.exchange(callback, transaction))).toMatchObject({ _tag: "InvalidGrant" })
  })

  it("reports userInfo with a token without the scope openid as AccessDenied", async () => {
    const { auth } = open([json({ error: "invalid_scope", error_description: "Missing required scope" }, 400)])
    expect(await reasonOf(auth.userInfo("opaque"))).toMatchObject({ _tag: "AccessDenied", code: "invalid_scope" })
  })

  it("revokes a token that is unknown or revoked already, and no JWT", async () => {
    const { auth, transport } = open([json({ error: "invalid_request", error_description: "token not found" }, 400)])
    await Effect.runPromise(auth.revoke("opaque"))
    const before = transport.requests.length
    expect(await reasonOf(auth.revoke("eyJhbGciOiJFZERTQSJ9.e30.AA"))).toMatchObject({ _tag: "UnsupportedOperation" })
    expect(transport.requests.length).toBe(before)
  })

  it("reads the pause of a 429 from x-retry-after", async () => {
    const limited = {
      status: 429,
      headers: { "content-type": "text/plain", "x-retry-after": "60" },
      body: '{"message":"Too many requests."}',
    }
    const { auth } = open([limited])
    const error = await Effect.runPromise(Effect.flip(auth.introspect("opaque")))
    expect(error).toMatchObject({ reason: { _tag: "RateLimited" }, retryAfterSeconds: 60 })
  })

  it("rejects an issuer with a slash at the end, naming the fix", () => {
    const { check } = betterAuth
    const issues = check({ issuer: `${issuer}/`, clientId: "app", clientSecret: "secret" })
    expect(issues).toEqual([{ path: "issuer", message: expect.stringContaining("remove the slash") }])
  })

  it("names Better Auth's own API for the management of clients", () => {
    const { auth } = open()
    for (const operation of ["clients.create", "clients.get", "clients.remove"] as const)
      expect(auth.instead?.[operation]).toContain("auth.api.adminCreateOAuthClient")
  })
})

/** A server with these keys that reports every token as active. */
const judge = async (tokenOf: (key: ReturnType<typeof signingKey>) => string, algorithm: string, local = false) => {
  const key = signingKey(algorithm)
  const asked: Array<string> = []
  const transport: Transport = {
    send: ({ url }) => {
      if (url.includes("/oauth2/")) asked.push(url)
      const body = url.includes(".well-known") ? document : url.endsWith("/jwks") ? { keys: [key.jwk] } : opaque
      return Effect.succeed(json(body))
    },
  }
  const config = { ...policiesOff, issuer, clientId: "app", clientSecret: "a secret of ours", audience: [api] }
  const auth = createAuth(betterAuth(config, { transport }))
  const state = await auth.introspect(tokenOf(key), local ? { freshness: "local" } : {})
  await auth.close()
  return { state, asked }
}

const claims = {
  iss: issuer,
  sub: "user-1",
  aud: api,
  client_id: "app",
  azp: "app",
  scope: "read",
  iat: now,
  exp: now + 3600,
  jti: "t",
}

describe("Better Auth's JWTs", () => {
  it.each(["EdDSA", "ES256", "ES512", "PS256", "RS256"])("may be signed with %s", async (algorithm) => {
    const { state } = await judge((key) => signed(key, { typ: "at+jwt" }, claims), algorithm, true)
    expect(state).toMatchObject({ active: true, subject: "user-1", subjectType: "user", scopes: ["read"] })
  })

  it.each(["ES384", "RS512", "PS384"])("are not signed with %s, which Better Auth does not have", async (algorithm) => {
    const { state, asked } = await judge((key) => signed(key, { typ: "at+jwt" }, claims), algorithm)
    expect([state, asked]).toEqual([{ active: false }, []])
  })

  it("of another type, such as ID tokens, are inactive", async () => {
    for (const typ of [undefined, "JWT"]) {
      const { state } = await judge((key) => signed(key, { typ }, claims), "EdDSA", true)
      expect(state).toEqual({ active: false })
    }
  })

  it("are sent only if their signature holds", async () => {
    const forged = (key: ReturnType<typeof signingKey>) =>
      `${signed(key, { typ: "at+jwt" }, claims).slice(0, -8)}AAAAAAAA`
    expect(await judge(forged, "EdDSA")).toEqual({ state: { active: false }, asked: [] })
    const { state, asked } = await judge((key) => signed(key, { typ: "at+jwt" }, claims), "EdDSA")
    expect([state.active, asked]).toEqual([true, [`${at}/introspect`]])
  })
})
