import * as Effect from "effect/Effect"
import { type AuthError, createAuth, type IntrospectOptions } from "latchkey"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, test } from "vitest"
import { hasScheme } from "../../src/adapters/oidc/arguments/fields.ts"
import { isRejected } from "../../src/internal/rejected-call.ts"
import type { Transport } from "../../src/ports/transport.ts"
import { audience, issuer, signingKey, token } from "../jwt/signing-keys.ts"
import { introspection, vendor } from "../jwt/vendor.ts"
import { json } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const key = signingKey("RS256")
const jwt = await token(key)
const sampleJwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl"
const opaque = "ory_at_Tq8vXk2LmZ0s.W7dPc4RjY1"

const withScheme: ReadonlyArray<string> = [
  `Bearer ${sampleJwt}`,
  `bearer ${sampleJwt}`,
  `BEARER ${opaque}`,
  `bEaReR ${opaque}`,
  `  Bearer   ${opaque}  `,
  `\tBearer\t${opaque}\r\n`,
  `Bearer\u00a0${opaque}`,
  `Bearer Bearer ${opaque}`,
  "Bearer x",
  "Bearer undefined",
  'Bearer "quoted"',
  `DPoP ${sampleJwt}`,
  `dpop ${opaque}`,
  "Basic c2VydmljZTpzZWNyZXQ=",
  'Digest username="a", realm="b", response="c"',
  "Negotiate YII=",
  `GNAP ${opaque}`,
  `PrivateToken token="abc="`,
  "SCRAM-SHA-256 data=biwsbj11c2Vy",
  `vapid t=${sampleJwt}, k=abc`,
  `OAuth ${opaque}`,
  `JWT ${sampleJwt}`,
  `Token ${opaque}`,
  "Token abc",
  `ApiKey ${opaque}`,
  `Api-Key ${opaque}`,
  `MAC ${opaque}`,
  `Custom ${sampleJwt}`,
  `X-Custom ${opaque}`,
  `Authorization: Bearer ${opaque}`,
  `authorization:bearer ${opaque}`,
]

const withoutScheme: ReadonlyArray<string> = [
  sampleJwt,
  opaque,
  "Bearer",
  "bearertoken",
  "Bearer.abc",
  "Bearer:abc",
  "",
  " ",
  "Bearer ",
  "a b",
  "two words",
  "not a token",
  "token with spaces",
  "the token",
  ` ${sampleJwt} `,
  ` ${opaque}`,
  `${opaque}\n`,
  "a\0b",
  "ключ",
  "\ud800",
  `${sampleJwt.slice(0, 20)}\n${sampleJwt.slice(20)}`,
  `${sampleJwt} ${sampleJwt}`,
  "x".repeat(4000),
]

const rejected = {
  _tag: "InvalidRequest",
  field: "token",
  detail: 'pass the token without the scheme, such as "Bearer"',
}

const client = { clientId: "service", clientSecret: "a secret of ours" }
const vendors = {
  oidc: (transport: Transport) =>
    createAuth(
      oidc({ ...client, issuer, endpoints: { introspectionEndpoint: `${issuer}/introspect` } }, { transport }),
    ),
  ory: (transport: Transport) =>
    createAuth(
      ory({ ...client, publicUrl: issuer, adminUrl: "https://admin.example", audience: [audience] }, { transport }),
    ),
  "ory without an audience": (transport: Transport) =>
    createAuth(ory({ ...client, publicUrl: issuer, adminUrl: "https://admin.example" }, { transport })),
  kinde: (transport: Transport) => createAuth(kinde({ ...client, issuer, audience: [audience] }, { transport })),
  polar: (transport: Transport) => createAuth(polar({ ...client }, { transport })),
}

const calls: ReadonlyArray<IntrospectOptions | undefined> = [
  undefined,
  {},
  { freshness: "live" },
  { freshness: "local" },
  { freshness: { maxAge: "1 minute" } },
  { freshness: "local", expect: "refresh_token" },
  { freshness: "live", expect: "refresh_token" },
  { timeout: "2 seconds" },
  { retry: false, freshness: "local" },
]

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    ({ reason }: AuthError) => reason,
  )

describe("a token behind an authentication scheme", () => {
  test.each(withScheme)("is rejected, and nothing is sent: %j", async (text) => {
    const { auth, transport } = open()
    const call = auth.introspect(text)
    expect(isRejected(call)).toBe(true)
    const { reason } = await Effect.runPromise(Effect.flip(call))
    expect(reason).toEqual(rejected)
    expect(transport.requests).toEqual([])
  })

  test.each(withoutScheme)("is not any other text, which is asked for or inactive: %j", async (text) => {
    const auth = open([json({ active: false })]).auth
    expect(await Effect.runPromise(auth.introspect(text))).toEqual({ active: false })
  })

  describe.each(Object.entries(vendors))("with %s", (_, auth) => {
    test.each(calls)("is rejected before anything else, with the options %j", async (options) => {
      const transport = vendor(key.jwk)
      await using api = auth(transport)
      for (const text of [`Bearer ${jwt}`, ` dpop\t${jwt} `, `Bearer ${opaque}`])
        expect(await reasonOf(api.introspect(text, options))).toEqual(rejected)
      expect([transport.keyRequests, transport.liveRequests]).toEqual([0, 0])
    })
  })

  test("is rejected although the token itself is in the cache, and leaves it there", async () => {
    const transport = vendor(key.jwk)
    transport.live = introspection({ active: true, token_use: "access_token", sub: "user-1" })
    await using api = vendors.oidc(transport)
    for (let count = 0; count < 2; count++) {
      expect(await api.introspect(opaque)).toMatchObject({ active: true })
      for (const options of calls) expect(await reasonOf(api.introspect(`Bearer ${opaque}`, options))).toEqual(rejected)
    }
    expect(transport.liveRequests).toBe(1)
  })

  test("is never repeated in the error", async () => {
    const { auth } = open()
    const error = await Effect.runPromise(Effect.flip(auth.introspect(`Bearer ${opaque}`)))
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(opaque.slice(0, 9))
  })

  test("is found without delay in a long text", () => {
    const start = performance.now()
    for (const text of [" ".repeat(1e6), `Bearer${" ".repeat(1e6)}`, `a ${"b".repeat(1e6)} c`, "a".repeat(1e6)])
      hasScheme(text)
    expect(performance.now() - start).toBeLessThan(500)
  })
})
