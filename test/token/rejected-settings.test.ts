/** Settings of `token` that nothing would honour, or that would let somebody in: rejected when the client is made. */
import * as Effect from "effect/Effect"
import { createAuth, fromEnv } from "latchkey"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { playingServer } from "./playing-server.ts"

type Token = NonNullable<OidcConfig["token"]>

const client = { issuer: "https://id.example", clientId: "app", clientSecret: "secret", audience: ["api"] }
const issuesOf = (token: Token, more: Partial<OidcConfig> = {}) => oidc.check({ ...client, ...more, token })

const absentAndIs = { name: "sub", is: "a", absent: true } as const
const isAndStarts = { name: "sub", is: "a", starts: "a" } as const
const http = "http://keys.example"

describe("the configuration rejects", () => {
  test.each<[string, Token, string, string]>([
    ["a type with its prefix", { jwt: { types: ["application/at+jwt"] } }, "token.jwt.types.0", "without application/"],
    ["a condition with absent and is", { machine: [absentAndIs] }, "token.machine.0", "expected one comparison"],
    ["a condition with is and starts", { jwt: { access: [isAndStarts] } }, "token.jwt.access.0", "one comparison"],
    ["a rule with absent and is", { kind: [{ ...absentAndIs, use: "other" }] }, "token.kind.0", "one comparison"],
    ["a list without rules", { kind: [] }, "token.kind", "at least one rule"],
    ["an error row for every response", { errors: [{ reason: "InvalidGrant" }] }, "token.errors.0", '"status"'],
    [
      "an outage as an inactive token",
      { errors: [{ status: 503, operations: ["introspect"], reason: "Inactive" }] },
      "token.errors.0",
      "has not judged the token",
    ],
    [
      "a limit as a finished revocation",
      { errors: [{ status: 429, operations: ["revoke"], reason: "Done" }] },
      "token.errors.0",
      "has not judged the token",
    ],
    [
      "a key set without https",
      { issuers: [{ issuer: "https://b.example", jwksUri: `${http}/keys` }] },
      "token.issuers.0.jwksUri",
      '"insecureOrigins"',
    ],
    ["an origin without https", { origins: [http] }, "token.origins.0", '"insecureOrigins"'],
    [
      "a JWT format that nothing checks",
      { answers: "introspection", jwt: {} },
      "token.jwt",
      "no signature is verified",
    ],
    [
      "clientUnsaid that nothing reads",
      { answers: "introspection", clientUnsaid: true },
      "token.clientUnsaid",
      "remove",
    ],
    ["kind that nothing reads", { answers: "signature", kind: "hint" }, "token.kind", "no introspection response"],
    [
      "audienceUnsaid beside the only answer",
      { answers: "signature", audienceUnsaid: true },
      "token.audienceUnsaid",
      "remove",
    ],
  ])("%s, with the member and what to do", (_, token, path, message) => {
    expect(issuesOf(token)).toEqual([{ path, message: expect.stringContaining(message) }])
  })

  test("no key set and no origin that insecureOrigins lists", () => {
    const token = { issuers: [{ issuer: "b", jwksUri: `${http}/keys` }], origins: [http] }
    expect(issuesOf(token, { insecureOrigins: [http] })).toEqual([])
  })

  test.each<Token>([
    { machine: [{ name: "sub", starts: "a", ends: "b" }] },
    { answers: "introspection", kind: "hint", clientUnsaid: false },
    { answers: "signature", jwt: {}, clientUnsaid: true },
  ])("no token settings that are read: %j", (token) => {
    expect(issuesOf(token)).toEqual([])
  })
})

test.each([
  ["LATCHKEY_TOKEN_CLIENT_UNSAID", "yes", "expected true or false"],
  ["LATCHKEY_TOKEN_ISSUERS", "https://b.example", "expected JSON, such as [...]"],
  ["LATCHKEY_TOKEN_JWT", "at+jwt", "expected JSON, such as {...}"],
  ["LATCHKEY_TOKEN_MACHINE", '[{"name":"sub","is":true}]', "expected a text, or a list of texts"],
])("the variable %s=%s is rejected with what it should be", async (name, text, message) => {
  const env = { LATCHKEY_PROVIDER: "oidc", LATCHKEY_ISSUER: "https://id.example", LATCHKEY_CLIENT_ID: "app" }
  const error = await Effect.runPromise(
    Effect.flip(Effect.scoped(fromEnv({ ...env, LATCHKEY_CLIENT_SECRET: "s", [name]: text }))),
  )
  expect(error.message).toContain(name)
  expect(error.message).toContain(message)
})

test("a web page is no answer of the server, whatever the error table says of its status", async () => {
  const page = { status: 404, headers: { "content-type": "text/html" }, body: "<html>gone</html>" }
  const gone = { status: 404, headers: { "content-type": "application/json" }, body: '{"error":"not_found"}' }
  const open = (answer: object) =>
    createAuth(
      oidc(
        {
          ...client,
          retry: false,
          token: { errors: [{ status: 404, operations: ["introspect"], reason: "Inactive" }] },
        },
        { transport: playingServer({ issuer: client.issuer, answer: () => answer }).transport },
      ),
    )
  expect(await open(gone).introspect("opaque")).toEqual({ active: false })
  await expect(open(page).introspect("opaque")).rejects.toMatchObject({ _tag: "AuthError" })
})
