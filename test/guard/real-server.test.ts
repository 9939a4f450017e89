/** Rows 8 to 10 of the table, with tokens of a real server on loopback: the certified `oidc-provider`. */
import { makeBrowser, type OidcEmulator, startOidc } from "@latchkey/testing"
import { createAuth, type LogEvent } from "latchkey"
import { makeGuard } from "latchkey/guard"
import { oidc } from "latchkey/oidc"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { coreRequest } from "./core-request.ts"
import { invalidToken } from "./row.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const scope = "openid offline_access read"
const credentials = { clientId: "shop", clientSecret: "a secret of the shop", redirectUri }

/** In introspection responses of `oidc-provider`, only access tokens have a token type. */
const kind = [
  { name: "token_type", use: "access_token" },
  { name: "token_type", absent: true, use: "refresh_token" },
] as const

let server: OidcEmulator
let auth: ReturnType<typeof open>
const events: Array<LogEvent> = []

const open = (more: { readonly audience?: ReadonlyArray<string> } = {}) =>
  createAuth(
    oidc({
      issuer: server.issuer,
      insecureOrigins: [server.issuer],
      token: { kind, answers: "introspection_or_signature" },
      log: (event) => events.push(event),
      ...credentials,
      ...more,
    }),
  )

beforeAll(async () => {
  server = await startOidc({
    accessTokenLifespan: "1 hour",
    clients: [
      {
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token", "client_credentials"],
        response_types: ["code"],
        scope,
      },
    ],
  })
  auth = open()
})
afterAll(async () => {
  await auth.close()
  await server.close()
})

const logIn = async () => {
  const { url, transaction } = await auth.authorize({ scopes: scope.split(" "), prompt: "consent" })
  return auth.exchange(await makeBrowser().go(url, [server.issuer]), transaction)
}

const decide = (client: typeof auth, token: string) =>
  makeGuard(client)({ freshness: "live" })(coreRequest({ authorization: `Bearer ${token}` }))

describe("with tokens of a real server, a guard", () => {
  test("lets an access token pass", async () => {
    const { accessToken } = await logIn()
    expect(await decide(auth, accessToken)).toMatchObject({ ok: true, principal: { clientId: "shop" } })
  })

  test.each<[string, () => Promise<string>]>([
    ["an unknown token (row 8)", async () => "unknown"],
    ["a refresh token (row 9)", async () => (await logIn()).refreshToken ?? ""],
    [
      "a revoked token (row 8)",
      async () => {
        const { accessToken } = await logIn()
        await auth.revoke(accessToken)
        return accessToken
      },
    ],
  ])("refuses %s with 401, as every token that is not valid", async (_, get) => {
    const token = await get()
    expect(token).not.toBe("")
    const decision = await decide(auth, token)
    expect(decision).toMatchObject({ ok: false, refusal: { situation: "inactive-token", ...invalidToken } })
  })

  test("refuses an ID token (row 9) by its signed audience: this server does not introspect JWTs", async () => {
    const { idToken = "" } = await logIn()
    await using strict = open({ audience: ["https://orders.example"] })
    expect(await decide(strict, idToken)).toMatchObject({
      ok: false,
      refusal: { situation: "inactive-token", ...invalidToken },
    })
  })

  test("refuses a token for another audience as every other (row 10), and only the log says why", async () => {
    const { accessToken } = await logIn()
    await using strict = open({ audience: ["https://orders.example"] })
    events.length = 0
    const decision = await decide(strict, accessToken)
    expect(decision).toMatchObject({ ok: false, refusal: { situation: "inactive-token", ...invalidToken } })
    expect(JSON.stringify(decision)).not.toContain("audience")
    expect(events).toContainEqual({ _tag: "TokenRejected", provider: "oidc", check: "audience" })
  })
})
