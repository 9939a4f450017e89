import { type IssueRequest, startKinde, startOidc, startOry, startPolar } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { basic, post } from "./ory-steps.ts"

interface Emulator extends AsyncDisposable {
  readonly issue: (request: IssueRequest) => Promise<string>
}

interface Row<Started extends Emulator> {
  readonly name: string
  /** Starts the emulator, with the client `app` (secret `app-secret`) or without clients. */
  readonly start: (hasClient: boolean) => Promise<Started>
  readonly introspect: (started: Started, token: string) => Promise<unknown>
  readonly userInfo: (started: Started) => string
}

const row = <Started extends Emulator>(each: Row<Started>) => ({
  name: each.name,
  /** Issues a token and returns what introspection and UserInfo say. */
  observe: async (request: IssueRequest) => {
    await using started = await each.start(true)
    const token = await started.issue(request)
    const response = await fetch(each.userInfo(started), { headers: { authorization: `Bearer ${token}` } })
    return {
      introspection: await each.introspect(started, token),
      status: response.status,
      user: await response.json(),
    }
  },
  issueWithoutClient: async () => {
    await using started = await each.start(false)
    return started.issue({ subject: "ada" })
  },
})

const secret = { client_id: "app", client_secret: "app-secret" }
const redirect_uris = ["http://127.0.0.1:9/cb"]

const rows = [
  row({
    name: "Kinde",
    start: (hasClient) =>
      startKinde({ seed: hasClient ? { applications: [{ id: "app", type: "reg", secret: "app-secret" }] } : {} }),
    introspect: async ({ issuer }, token) =>
      (await post(`${issuer}/oauth2/introspect`, { token }, basic("app", "app-secret"))).json,
    userInfo: ({ issuer }) => `${issuer}/oauth2/v2/user_profile`,
  }),
  row({
    name: "Ory",
    start: (hasClient) => startOry({ seed: { clients: hasClient ? [secret] : [] } }),
    introspect: async ({ adminUrl }, token) => (await post(`${adminUrl}/admin/oauth2/introspect`, { token })).json,
    userInfo: ({ publicUrl }) => `${publicUrl}/userinfo`,
  }),
  row({
    name: "Polar",
    start: (hasClient) => startPolar({ seed: { clients: hasClient ? [secret] : [] } }),
    introspect: async ({ apiUrl }, token) => (await post(`${apiUrl}/v1/oauth2/introspect`, { token, ...secret })).json,
    userInfo: ({ apiUrl }) => `${apiUrl}/v1/oauth2/userinfo`,
  }),
  row({
    name: "OpenID",
    start: (hasClient) => startOidc({ clients: hasClient ? [{ ...secret, redirect_uris }] : [] }),
    introspect: async ({ issuer }, token) =>
      (await post(`${issuer}/token/introspection`, { token }, basic("app", "app-secret"))).json,
    userInfo: ({ issuer }) => `${issuer}/me`,
  }),
]

describe.each(rows)("an access token that the $name emulator issues in one call", ({ observe, issueWithoutClient }) => {
  it("is active and belongs to the user", async () => {
    const { introspection, status, user } = await observe({ subject: "ada", scopes: ["openid", "email"] })
    expect(introspection).toMatchObject({ active: true, client_id: "app" })
    expect([status, user]).toMatchObject([200, { sub: "ada" }])
  })

  it("is issued to a client of its own if there is no other", async () => {
    expect(await issueWithoutClient()).toMatch(/.{20}/)
  })

  it("is not issued to a client that does not exist", async () => {
    await expect(observe({ subject: "ada", clientId: "nope" })).rejects.toThrow('there is no client "nope"')
  })
})

it("carries its scopes", async () => {
  await using ory = await startOry()
  const token = await ory.issue({ subject: "ada", scopes: ["read", "write"] })
  const { json } = await post(`${ory.adminUrl}/admin/oauth2/introspect`, { token })
  expect(json).toMatchObject({ sub: "ada", scope: "read write", client_id: "emulator" })
})
