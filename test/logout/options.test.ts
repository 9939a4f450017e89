/** The options of the logout handler: each is honoured, or rejected with its name and what it must be. */
import { testAuth } from "@latchkey/testing"
import { AuthError, createAuth } from "latchkey"
import { backChannelLogout, type LogoutOptions } from "latchkey/logout"
import { backChannelLogout as expressLogout } from "latchkey/logout/express"
import { describe, expect, it } from "vitest"
import { provider } from "../policies/vendor.ts"
import { form } from "./bindings.ts"
import { formWith, issuerServer, logoutToken, recordedClient } from "./logout-tokens.ts"

const issuesOf = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    if (error instanceof AuthError && error.reason._tag === "InvalidConfig") return error.reason.issues
  }
  return expect.fail("expected an AuthError with the reason InvalidConfig")
}

const wrong: ReadonlyArray<readonly [name: keyof LogoutOptions, value: unknown]> = [
  ["clientId", ""],
  ["clientId", []],
  ["clientId", ["web", 1]],
  ["onLogout", "log"],
  ["onOutcome", {}],
  ["replayStore", new Map()],
  ["types", []],
  ["types", "logout+jwt"],
  ["maxAge", 180],
  ["maxAge", "0 seconds"],
  ["clockSkew", "-1 second"],
  ["timeout", "soon"],
]

const seconds = () => Math.floor(Date.now() / 1000)

const statusOf = async (options: LogoutOptions, token: string): Promise<number> => {
  const handle = backChannelLogout(recordedClient().client, options)
  const headers = { "content-type": form }
  const request = new Request("https://app.example/logout", { method: "POST", headers, body: formWith(token) })
  return (await handle(request)).status
}

describe("the logout handler", () => {
  it.each(wrong)("rejects the option %s: %j", (name, value) => {
    const { client } = recordedClient()
    const issues = [{ path: name, message: expect.stringMatching(/^expected /) }]
    expect(issuesOf(() => backChannelLogout(client, { [name]: value }))).toEqual(issues)
    expect(issuesOf(() => expressLogout(client, { [name]: value }))).toEqual(issues)
  })

  it("lists every problem, unknown options among them", () => {
    const options: LogoutOptions = JSON.parse('{ "maxage": "1 minute", "timeout": 1 }')
    expect(issuesOf(() => backChannelLogout(recordedClient().client, options))).toEqual([
      { path: "maxage", message: expect.stringContaining("unknown; expected one of clientId, onLogout") },
      { path: "timeout", message: expect.stringContaining('such as "3 seconds"') },
    ])
  })

  it("rejects what is no client, a client without a key set, and options that are none", () => {
    const withoutClient = [{ path: "auth", message: "expected a client of createAuth, or the Auth service" }]
    expect(issuesOf(() => backChannelLogout({ id: "other" }))).toEqual(withoutClient)
    expect(issuesOf(() => backChannelLogout(JSON.parse("null")))).toEqual(withoutClient)
    expect(issuesOf(() => backChannelLogout(testAuth({ tokens: {} })))).toEqual([
      { path: "auth", message: "expected a client with introspection and a key set: test lacks one of them" },
    ])
    const { client } = recordedClient()
    expect(issuesOf(() => backChannelLogout(client, JSON.parse("null")))).toEqual([
      { path: "", message: "expected the options of a logout handler" },
    ])
  })

  it("requires a client id if the configuration has none", () => {
    const { client } = recordedClient()
    const issues = [{ path: "clientId", message: "required: the configuration has no client id" }]
    expect(issuesOf(() => backChannelLogout({ ...client, backend: {} }))).toEqual(issues)
  })

  it.each([
    ["clientId as a text", { clientId: "web" }, { aud: "web" }, {}],
    ["clientId as a list", { clientId: ["app", "web"] }, { aud: ["x", "web"] }, {}],
    ["types with another type", { types: ["JWT"] }, {}, { typ: "jwt" }],
    ["types with a media type", {}, {}, { typ: "application/logout+JWT" }],
    ["types without a type", { types: ["", "logout+jwt"] }, {}, { typ: undefined }],
    ["maxAge", { maxAge: "10 minutes" }, { iat: seconds() - 600 }, {}],
    ["clockSkew for iat", { clockSkew: "5 minutes" }, { iat: seconds() + 240 }, {}],
    ["clockSkew for exp", { clockSkew: "5 minutes" }, { exp: seconds() - 240 }, {}],
  ] as const)("honours %s", async (_, options, changes, header) => {
    const isDefault = Object.keys(options).length === 0
    expect(await statusOf(options, logoutToken(changes, header))).toBe(200)
    expect(await statusOf({}, logoutToken(changes, header))).toBe(isDefault ? 200 : 400)
  })

  it("takes the client id of the configuration by default", async () => {
    const auth = createAuth(provider(issuerServer(), { clientId: "another" }))
    expect(auth.backend).toMatchObject({ clientId: "another" })
    expect(await statusOf({}, logoutToken({ aud: "service" }))).toBe(200)
  })
})
