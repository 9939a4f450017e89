import * as Redacted from "effect/Redacted"
import { describe, expect, test } from "vitest"
import { checkArguments } from "../../src/adapters/oidc/arguments/check-arguments.ts"
import { optionsIndex } from "../../src/ports/operations.ts"
import type { Operation } from "../../src/ports/provider.ts"
import { reasonOf } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

type Row = [operation: Operation, args: ReadonlyArray<unknown>, field?: string]

const registered = { clientId: "c", registration: { token: Redacted.make("t"), uri: Redacted.make("u") } }
const issuer = { issuer: "i", scopes: [], jwk: { kty: "RSA", kid: "1" }, expiresAt: new Date(0) }
const device = { deviceCode: "d", expiresAt: new Date(0), intervalSeconds: 5, scopes: [] }

const accepted: ReadonlyArray<Row> = [
  ["authorize", [{}]],
  ["authorize", [{ scopes: ["openid"], offline: true, prompt: "login", extra: { a: ["b", "c"] } }]],
  ["introspect", [""]],
  [
    "introspect",
    ["t", { freshness: { maxAge: "0 seconds" }, expect: "refresh_token", timeout: "2 seconds", retry: false }],
  ],
  ["refresh", ["t", { scopes: ["a"] }]],
  ["clientCredentials", []],
  ["clientCredentials", [undefined, { timeout: "5s" }]],
  ["pollDevice", [device]],
  ["pollDevice", [JSON.parse(JSON.stringify(device))]],
  ["clients.get", ["c"]],
  ["clients.get", [{ clientId: "c", raw: {} }]],
  ["clients.patch", [{ client: "c", changes: { name: null, scopes: ["a"] } }]],
  ["clients.list", [{ pageSize: 500, cursor: "x" }]],
  ["registration.read", [registered]],
  ["trust.create", [{ ...issuer, anySubject: true }]],
  ["consent.revokeSessions", [{ subject: "u", all: true }]],
]

const rejected: ReadonlyArray<Row> = [
  ["authorize", [{ scopes: ["two words"] }], "scopes.0"],
  ["authorize", [{ prompt: "sometimes" }], "prompt"],
  ["authorize", [{ redirectUri: "back" }], "redirectUri"],
  ["authorize", [{ unknown: 1 }]],
  ["authorize", []],
  ["exchange", ["https://app.example/back", { provider: "oidc" }], "issuer"],
  ["introspect", [undefined]],
  ["introspect", ["t", { freshness: "fresh" }], "freshness"],
  ["introspect", ["t", { freshness: { maxAge: 10 } }], "freshness.maxAge"],
  ["introspect", ["t", { freshness: { maxAge: "-1 seconds" } }], "freshness.maxAge"],
  ["introspect", ["t", { timeout: "soon" }], "timeout"],
  ["introspect", ["t", { timeout: "0 seconds" }], "timeout"],
  ["introspect", ["t", { retry: true }], "retry"],
  ["introspect", ["t", { cache: true }]],
  ["introspect", ["t", {}, "more"]],
  ["revoke", [""]],
  ["refresh", ["t", { scopes: "a b" }], "scopes"],
  ["clientCredentials", [{ audience: "one" }], "audience"],
  ["pollDevice", [{ ...device, intervalSeconds: 1.5 }], "intervalSeconds"],
  ["clients.get", [""]],
  ["clients.get", [{ clientId: "c" }]],
  ["clients.create", [{ name: null }], "name"],
  ["clients.create", [{ tokenEndpointAuthMethod: "tls" }], "tokenEndpointAuthMethod"],
  ["clients.patch", [{ client: "c", changes: { clientId: "d" } }], "changes"],
  ["clients.replace", [{ client: "c", record: { clientId: "d" } }], "record"],
  ["clients.list", [{ pageSize: 0 }], "pageSize"],
  ["clients.list", [{ pageSize: 501 }], "pageSize"],
  ["clients.setLifespans", [{ client: "c", lifespans: { password: {} } }], "lifespans"],
  [
    "clients.setLifespans",
    [{ client: "c", lifespans: { implicit: { idToken: "1500 millis" } } }],
    "lifespans.implicit.idToken",
  ],
  ["registration.read", [{ clientId: "c", registration: { token: "clear", uri: "u" } }]],
  ["trust.create", [issuer]],
  ["trust.create", [{ ...issuer, subject: "s", anySubject: true }]],
  ["consent.revokeSessions", [{ subject: "u" }]],
  ["consent.revokeSessions", [{ subject: "u", all: false }]],
  ["consent.revokeSessions", [{ subject: "u", client: "c", all: true }]],
  ["consent.revokeLoginSessions", [{}]],
  ["consent.rejectLogin", [{ challenge: "c", error: "e", statusCode: 200 }], "statusCode"],
  ["session.end", [{ returnTo: "home" }], "returnTo"],
  ["metadata.keys", [{ signal: 1 }]],
]

describe("checkArguments", () => {
  test.each<Row>(accepted)("accepts %s with %j", (operation, args) => {
    expect(checkArguments(operation, args)).toBeUndefined()
  })

  test.each<Row>(rejected)("rejects %s with %j", (operation, args, field) => {
    const reason = checkArguments(operation, args)
    expect(reason).toMatchObject({ _tag: "InvalidRequest", detail: expect.any(String) })
    if (field !== undefined) expect(reason).toHaveProperty("field", field)
  })

  test.each<Row>(accepted)("rejects %s with %j and an unknown option", (operation, args) => {
    const input = [...args, undefined].slice(0, optionsIndex(operation))
    expect(checkArguments(operation, [...input, { colour: "red" }])).toMatchObject({
      _tag: "InvalidRequest",
      detail: expect.stringContaining("colour"),
    })
  })

  test("runs before a request is sent", async () => {
    const { auth, transport } = open()
    expect(await reasonOf(auth.revoke(""))).toMatchObject({ _tag: "InvalidRequest" })
    expect(transport.requests).toEqual([])
  })

  test("never repeats an argument in its reason", async () => {
    const { auth } = open()
    const secret = "sentinel-4f9a"
    const calls = [
      auth.refresh(secret, { scopes: [`two ${secret}`] }),
      auth.authorize({ loginHint: secret, redirectUri: `not-a-url-${secret}` }),
    ]
    for (const call of calls) expect(JSON.stringify(await reasonOf(call))).not.toContain(secret)
  })
})
