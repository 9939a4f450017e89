/** Rows of `token.errors` that end in a result, and `token.revokes`: what is sent, and what comes back. */
import { AuthError, createAuth } from "latchkey"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { json, scripted } from "../unit/scripted-transport.ts"

const issuer = "https://id.example"
const endpoints = {
  introspectionEndpoint: `${issuer}/introspect`,
  revocationEndpoint: `${issuer}/revoke`,
  userinfoEndpoint: `${issuer}/userinfo`,
  tokenEndpoint: `${issuer}/token`,
}
const client = { ...policiesOff, issuer, clientId: "app", clientSecret: "secret", endpoints }

const open = (token: OidcConfig["token"], status = 401, error = "unknown_token") => {
  const transport = scripted(json({ error }, status), json({ error }, status))
  return { auth: createAuth(oidc({ ...client, token }, { transport })), requests: transport.requests }
}

const tagOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no error",
    (error: unknown) => (error instanceof AuthError ? error.reason._tag : expect.unreachable("no AuthError")),
  )

describe('a row that ends in "Inactive"', () => {
  const errors = [{ status: 401, code: "unknown_token", operations: ["introspect"], reason: "Inactive" }] as const

  test("makes the token inactive, where an introspection gets its response", async () => {
    expect(await open({ errors }).auth.introspect("opaque")).toEqual({ active: false })
  })

  test("explains the token as inactive", async () => {
    expect(await open({ errors }).auth.explain("opaque")).toMatchObject({ active: false })
  })

  test.each([
    ["another code", 401, "invalid_client", "InvalidClient"],
    ["another status", 400, "unknown_token", "InvalidRequest"],
    ["an outage", 503, "unknown_token", "Unavailable"],
  ])("leaves %s an error, and never an inactive token", async (_, status, error, tag) => {
    expect(await tagOf(open({ errors }, status, error).auth.introspect("opaque"))).toBe(tag)
  })

  test("decides no other operation", async () => {
    expect(await tagOf(open({ errors }).auth.revoke("opaque"))).toBe("InvalidClient")
  })
})

describe('a row that ends in "Done"', () => {
  const errors = [{ status: 400, code: "unknown_token", operations: ["revoke"], reason: "Done" }] as const

  test("makes the revocation a success, where it gets the response", async () => {
    expect(await open({ errors }, 400).auth.revoke("opaque")).toBeUndefined()
  })

  test.each([
    ["another code", 400, "invalid_request", "InvalidRequest"],
    ["another status", 401, "unknown_token", "InvalidClient"],
    ["an outage", 503, "unknown_token", "Unavailable"],
  ])("leaves %s an error", async (_, status, error, tag) => {
    expect(await tagOf(open({ errors }, status, error).auth.revoke("opaque"))).toBe(tag)
  })

  test("decides no other operation", async () => {
    expect(await tagOf(open({ errors }, 400).auth.introspect("opaque"))).toBe("InvalidRequest")
  })
})

test.each([
  ["Inactive", ["introspect"], []],
  ["Done", ["revoke"], []],
  ["Inactive", undefined, ["token.errors.0"]],
  ["Done", undefined, ["token.errors.0"]],
  ["Inactive", ["revoke"], ["token.errors.0"]],
  ["Done", ["introspect"], ["token.errors.0"]],
  ["Done", ["revoke", "introspect"], ["token.errors.0"]],
])("a row that ends in %s for the operations %o has the problems %o", (reason, operations, paths) => {
  const errors = [{ status: 401, reason, ...(operations && { operations }) }]
  expect(oidc.check({ ...client, token: { errors } }).map(({ path }) => path)).toEqual(paths)
})

const jwt = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"

test.each([
  [undefined, "opaque", true],
  [undefined, jwt, true],
  ["any", jwt, true],
  ["opaque", "opaque", true],
  ["opaque", jwt, false],
  ["refresh_token", "opaque", true],
  ["refresh_token", jwt, false],
  ["nothing", "opaque", false],
  ["nothing", jwt, false],
] as const)("with revokes %o, the revocation of %s is sent: %o", async (revokes, token, isSent) => {
  const { auth, requests } = open(revokes && { revokes }, 503)
  const error = await auth.revoke(token).catch((caught: unknown) => caught)
  expect(requests).toHaveLength(isSent ? 1 : 0)
  expect(error).toMatchObject({
    reason: isSent
      ? { _tag: "Unavailable" }
      : { _tag: "UnsupportedOperation", argument: "token", instead: expect.stringMatching(/expire/) },
  })
})
