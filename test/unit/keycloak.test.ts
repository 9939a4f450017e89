/** The adapter for Keycloak: addresses, parameters and the error table. The realm itself is in test/keycloak. */
import { type AuthError, createAuth } from "latchkey"
import { keycloak } from "latchkey/keycloak"
import { describe, expect, test } from "vitest"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { now, signed, signingKey } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { formOf, json, rawResponse, scripted } from "./scripted-transport.ts"

const issuer = "https://id.example/realms/shop"
const path = `${issuer}/protocol/openid-connect`
const config = {
  ...policiesOff,
  issuer,
  clientId: "web",
  clientSecret: "secret",
  redirectUri: "https://app.example/cb",
}

const open = (...responses: ReadonlyArray<TransportResponse>) => {
  const transport = scripted(...responses)
  return { auth: createAuth(keycloak(config, { transport })), requests: transport.requests }
}

const refused = (status: number, error: string, description: string) =>
  json({ error, error_description: description }, status)

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail("expected an error"),
    ({ reason }: AuthError) => reason,
  )

/** What Keycloak 26.7.3 answers while its database is gone, by the part that it cannot load. */
const broken = {
  session: refused(400, "invalid_request", "Failed to introspect token."),
  client: refused(400, "unauthorized_client", "Unexpected error when authenticating client"),
  realm: refused(500, "unknown_error", "For more on this error consult the server log."),
} as const

describe.each(Object.entries(broken))("a Keycloak that cannot load the %s", (part, answer) => {
  test("is unavailable: its token is not inactive, and its client is not wrong", async () => {
    const { auth } = open(answer, answer, answer)
    expect(await reasonOf(auth.introspect("opaque"))).toMatchObject({ _tag: "Unavailable" })
    if (part === "session") return
    expect(await reasonOf(auth.clientCredentials())).toMatchObject({ _tag: "Unavailable" })
    expect(await reasonOf(auth.revoke("token"))).toMatchObject({ _tag: "Unavailable" })
  })
})

test("an inactive answer of Keycloak is not cached: a session that it cannot load is one", async () => {
  const answer = { active: true, typ: "Bearer", iss: issuer, azp: "web", sub: "alice", exp: now + 300 }
  const transport = scripted(json({ active: false }), json(answer))
  const { cache: _, ...cached } = config
  await using auth = createAuth(keycloak({ ...cached, cache: { maxAge: "1 minute" } }, { transport }))
  expect(await auth.introspect("opaque")).toEqual({ active: false })
  expect(await auth.introspect("opaque")).toMatchObject({ active: true })
})

const tokens = json({ access_token: "a", token_type: "Bearer", expires_in: 300, scope: "" })

describe("the adapter for Keycloak", () => {
  test.each([
    "https://id.example",
    "https://id.example/realms/shop/",
    "https://id.example/realms",
    "https://id.example/realms/",
  ])("rejects %s as the URL of a realm", (wrong) => {
    expect(keycloak.check({ ...config, issuer: wrong })).toMatchObject([
      { path: "issuer", message: expect.stringMatching(/https:\/\/<host>\/realms\/<realm>/) },
    ])
  })

  test.each(["https://id.example/realms/shop", "https://id.example/auth/realms/shop"])("takes %s", (right) => {
    expect(keycloak.check({ ...config, issuer: right })).toEqual([])
  })

  test("knows the endpoints of a realm, and discovers nothing before a request", async () => {
    const answer = json({ active: false })
    const device = json({ device_code: "d", user_code: "u", verification_uri: `${issuer}/device`, expires_in: 600 })
    const { auth, requests } = open(answer, rawResponse(200, undefined, ""), json({ sub: "alice" }), tokens, device)
    await auth.introspect("opaque")
    await auth.revoke("token")
    await auth.userInfo("token")
    await auth.clientCredentials()
    await auth.deviceAuthorization({})
    expect(requests.map(({ url }) => url)).toEqual(
      ["token/introspect", "revoke", "userinfo", "token", "auth/device"].map((each) => `${path}/${each}`),
    )
    expect((await auth.authorize({})).url.startsWith(`${path}/auth?`)).toBe(true)
    expect((await auth.session.end({ idTokenHint: "hint" })).url.startsWith(`${path}/logout?`)).toBe(true)
    expect(requests).toHaveLength(5)
  })

  test("reads the keys of the realm without discovery", async () => {
    const { auth, requests } = open(json({ keys: [] }))
    await auth.metadata.keys()
    expect(requests.map(({ url }) => url)).toEqual([`${path}/certs`])
  })

  test("names the kind of the expected token, because Keycloak filters by it", async () => {
    const { auth, requests } = open(json({ active: false }), json({ active: false }))
    await auth.introspect("opaque")
    await auth.introspect("opaque", { expect: "refresh_token" })
    expect(requests.map((request) => formOf(request).token_type_hint)).toEqual(["access_token", "refresh_token"])
  })

  test("requests offline access by a scope, without a consent page", async () => {
    const { auth } = open()
    const { searchParams } = new URL((await auth.authorize({ offline: true })).url)
    expect(searchParams.get("scope")).toBe("openid offline_access")
    expect(searchParams.has("prompt")).toBe(false)
  })

  test("rejects an audience, which Keycloak would ignore", async () => {
    const { auth, requests } = open()
    for (const call of [
      () => auth.clientCredentials({ audience: ["api"] }),
      () => auth.authorize({ audience: ["api"] }),
    ])
      expect(await reasonOf(call())).toMatchObject({ _tag: "UnsupportedOperation", argument: "audience" })
    expect(requests).toEqual([])
  })

  test.each([
    [401, "unauthorized_client", "Invalid client or Invalid client credentials", "InvalidClient"],
    [401, "invalid_client", "Invalid client or Invalid client credentials", "InvalidClient"],
    [401, "unauthorized_client", "Client not enabled to retrieve service account", "InvalidRequest"],
    [401, "unauthorized_client", "Public client not allowed to retrieve service account", "InvalidRequest"],
    [400, "invalid_client", "Token reuse detected", "InvalidClient"],
    [400, "invalid_scope", "Invalid scopes: orders.read", "InvalidRequest"],
    [403, "access_denied", "Realm not enabled", "AccessDenied"],
    [503, "temporarily_unavailable", "Bootstrap in progress", "Unavailable"],
  ])("reports %i %s, %s, for a token as %s", async (status, error, description, reason) => {
    expect((await reasonOf(open(refused(status, error, description)).auth.clientCredentials()))._tag).toBe(reason)
  })

  test.each([
    [403, "invalid_request", "Client not allowed.", "InvalidClient"],
    [401, "invalid_client", "Client authentication failed.", "InvalidClient"],
    [401, "invalid_request", "Authentication failed.", "InvalidClient"],
    [403, "access_denied", "Realm not enabled", "AccessDenied"],
    [404, "Realm does not exist", "", "UnexpectedResponse"],
    [500, "unknown_error", "For more on this error consult the server log.", "Unavailable"],
  ])("reports %i %s, %s, for an introspection as %s, and never as inactive", async (status, error, text, reason) => {
    expect((await reasonOf(open(refused(status, error, text)).auth.introspect("opaque")))._tag).toBe(reason)
  })

  test.each([
    [400, "invalid_request", "Unmatching clients", "AccessDenied"],
    [400, "unsupported_token_type", "Unsupported token type", "InvalidRequest"],
  ])("reports %i %s, %s, for a revocation as %s", async (status, error, description, reason) => {
    expect((await reasonOf(open(refused(status, error, description)).auth.revoke("token")))._tag).toBe(reason)
  })

  test("reports a user who may not have offline tokens as AccessDenied", async () => {
    const words = "Offline tokens not allowed for the user or client"
    const { auth } = open(refused(400, "not_allowed", words))
    expect(await reasonOf(auth.refresh("token"))).toMatchObject({ _tag: "AccessDenied", code: "not_allowed" })
  })

  test("says where clients are managed", async () => {
    const auth = createAuth({ ...config, provider: "keycloak" })
    for (const call of [() => auth.clients.get("web"), () => auth.registration.remove({} as never)])
      expect(await reasonOf(call())).toMatchObject({
        _tag: "UnsupportedOperation",
        instead: expect.stringContaining("Admin REST API"),
      })
  })

  const subject = { subjectToken: "token", subjectTokenType: "access_token" } as const

  test.each([
    ["actorToken", { actorToken: "token", actorTokenType: "jwt" }],
    ["resource", { resource: ["https://orders.example"] }],
  ] as const)("rejects %s of a token exchange, which Keycloak would ignore", async (argument, more) => {
    const { auth, requests } = open()
    expect(await reasonOf(auth.exchangeToken({ ...subject, ...more }))).toMatchObject({
      ...{ _tag: "UnsupportedOperation", argument, instead: expect.any(String) },
    })
    expect(requests).toEqual([])
  })

  test("takes an unknown audience of a token exchange for a wrong request, and not for a wrong client", async () => {
    const { auth } = open(refused(400, "invalid_client", "Audience not found"))
    expect(await reasonOf(auth.exchangeToken({ ...subject, audience: ["nobody"] }))).toMatchObject({
      _tag: "InvalidRequest",
      detail: "Audience not found",
    })
    const wrong = open(refused(401, "invalid_client", "Invalid client or Invalid client credentials"))
    expect(await reasonOf(wrong.auth.exchangeToken(subject))).toMatchObject({ _tag: "InvalidClient" })
  })

  test("takes a token for a service account's by `client_id`, which the JWT of a user lacks, whatever the user is called", async () => {
    const key = signingKey("RS256")
    const user = { iss: issuer, sub: "id", typ: "Bearer", azp: "web", aud: "web", iat: now - 60, exp: now + 3600 }
    const name = "service-account-web"
    for (const [claims, subjectType] of [
      [user, undefined],
      [{ ...user, client_id: "web" }, "client"],
    ] as const) {
      const answer = { ...claims, client_id: "web", username: name, preferred_username: name, active: true }
      const { auth } = open(json({ keys: [key.jwk] }), json(answer))
      const state = await auth.introspect(signed(key, { typ: "JWT" }, claims))
      expect(state.active && [state.subjectType, state.clientId, state.username]).toEqual([subjectType, "web", name])
    }
  })
})
