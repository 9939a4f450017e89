import * as Effect from "effect/Effect"
import { type AuthError, createAuth, type IntrospectOptions, type ProvenKeys } from "latchkey"
import { Auth } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { afterEach, describe, expect, test, vi } from "vitest"
import { audience, claims, issuer, signed, signingKey } from "../jwt/signing-keys.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, inactive, type Vendor, vendor } from "./vendor.ts"

const jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
const x5tS256 = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"
const other = "A".repeat(43)

const config = {
  issuer: "https://id.example",
  endpoints: {
    introspectionEndpoint: "https://id.example/introspect",
    revocationEndpoint: "https://id.example/revoke",
  },
  clientId: "api",
  clientSecret: "a secret of ours",
  token: { kind: "hint" },
} as const

const open = (transport: Vendor, more: object = {}) => createAuth(oidc({ ...config, ...more }, { transport }))

const bound = (cnf: object | undefined) => vendor(() => active(cnf && { cnf }))

/** The binding of the token, the keys that are proven, and whether the token is active. */
const cases: ReadonlyArray<readonly [cnf: object | undefined, binding: ProvenKeys, isActive: boolean]> = [
  [undefined, {}, true],
  [undefined, { x5tS256 }, true],
  [undefined, { jkt }, false],
  [{ jkt }, { jkt }, true],
  [{ jkt }, { jkt, x5tS256 }, true],
  [{ jkt }, { jkt: other }, false],
  [{ jkt }, {}, false],
  [{ jkt }, { jkt: undefined }, false],
  [{ jkt }, { x5tS256 }, false],
  [{ "x5t#S256": x5tS256 }, { x5tS256 }, true],
  [{ "x5t#S256": x5tS256 }, { x5tS256: other }, false],
  [{ "x5t#S256": x5tS256 }, {}, false],
  [{ "x5t#S256": x5tS256 }, { x5tS256, jkt }, false],
  [{ jkt, "x5t#S256": x5tS256 }, { jkt, x5tS256 }, true],
  [{ jkt, "x5t#S256": x5tS256 }, { jkt }, false],
  [{ kid: "key-1" }, { jkt, x5tS256 }, false],
  [{ kid: "key-1" }, {}, false],
]

afterEach(() => {
  vi.useRealTimers()
})

describe("introspect with the option binding", () => {
  test.each(cases)("of a token with cnf %j and the proven keys %j: active is %j", async (cnf, binding, isActive) => {
    await using auth = open(bound(cnf))
    const expected = isActive ? { active: true, subject: "user-1" } : { active: false }
    // Asked, cached, and with each other option.
    for (const options of [{}, {}, { timeout: "1 second" }, { freshness: "live" }] as const)
      expect(await auth.introspect("token", { ...options, binding })).toMatchObject(expected)
    expect(await auth.introspect("token")).toMatchObject({ active: true })
  })

  test("judges a cached answer for each caller, and sends one request", async () => {
    const transport = bound({ jkt })
    await using auth = open(transport)
    expect(await auth.introspect("token", { binding: {} })).toEqual({ active: false })
    expect(await auth.introspect("token", { binding: { jkt } })).toMatchObject({ active: true, confirmation: { jkt } })
    expect(await auth.introspect("token", { binding: { jkt: other } })).toEqual({ active: false })
    expect(await auth.introspect("token")).toMatchObject({ active: true, confirmation: { jkt } })
    expect(transport.requests).toHaveLength(1)
    expect(transport.requests[0]?.body).not.toContain(jkt)
  })

  test("has the same meaning in the Effect API", async () => {
    const introspect = (binding: ProvenKeys) =>
      Effect.gen(function* () {
        const auth = yield* Auth
        return yield* auth.introspect("token", { binding })
      }).pipe(Effect.provide(Auth.layer(oidc(config, { transport: bound({ jkt }) }))), Effect.runPromise)
    expect(await introspect({ jkt })).toMatchObject({ active: true })
    expect(await introspect({ jkt: other })).toEqual({ active: false })
  })

  test("holds for refresh tokens", async () => {
    const transport = vendor(() => active({ cnf: { jkt } }))
    await using auth = open(transport)
    const introspect = (binding: ProvenKeys) => auth.introspect("token", { expect: "refresh_token", binding })
    expect(await introspect({ jkt })).toMatchObject({ active: true, use: "refresh_token" })
    expect(await introspect({ jkt: other })).toEqual({ active: false })
    expect(await introspect({})).toEqual({ active: false })
  })

  test.each(["local", "prefer-local"] as const)("holds for a signature that answers (%s)", async (freshness) => {
    const key = signingKey("RS256")
    const transport = vendor(() => Effect.succeed(json({ keys: [key.jwk] })))
    const settings = { publicUrl: issuer, adminUrl: "https://admin.example", clientId: "api", clientSecret: "secret" }
    await using auth = createAuth(ory({ ...settings, audience: [audience] }, { transport }))
    const token = signed(key, {}, { ...claims, cnf: { jkt } })
    for (let count = 0; count < 3; count++) {
      expect(await auth.introspect(token, { freshness, binding: { jkt } })).toMatchObject({ active: true })
      expect(await auth.introspect(token, { freshness, binding: { jkt: other } })).toEqual({ active: false })
    }
    expect(transport.requests).toHaveLength(1)
  })

  test("holds for a stale answer, also for one after the timeout", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const transport = bound({ jkt })
    await using auth = open(transport, { staleIfError: "1 hour", retry: false, circuitBreaker: false })
    await auth.introspect("token")
    vi.setSystemTime(Date.now() + 60_000)
    for (const respond of [() => down, () => Effect.never]) {
      transport.respond = respond
      const introspect = (binding: ProvenKeys) => auth.introspect("token", { timeout: "50 millis", binding })
      expect(await introspect({ jkt })).toMatchObject({ active: true, source: { stale: true } })
      expect(await introspect({ jkt: other })).toEqual({ active: false })
      expect(await introspect({})).toEqual({ active: false })
    }
  })

  test("leaves inactive tokens and errors as they are", async () => {
    const transport = vendor(() => inactive)
    await using auth = open(transport, { retry: false })
    expect(await auth.introspect("token", { binding: { jkt } })).toEqual({ active: false })
    transport.respond = () => down
    await expect(auth.introspect("another", { binding: { jkt } })).rejects.toMatchObject({
      reason: { _tag: "Unavailable" },
    })
  })

  test.each([
    [undefined, "binding"],
    [null, "binding"],
    [jkt, "binding"],
    [[], "binding"],
    [{ thumbprint: jkt }, "binding"],
    [{ "x5t#S256": x5tS256 }, "binding"],
    [{ jkt: "short" }, "binding.jkt"],
    [{ jkt: null }, "binding.jkt"],
    [{ jkt, x5tS256: 5 }, "binding.x5tS256"],
    [{ jkt: `${jkt}=` }, "binding.jkt"],
  ])("rejects the binding %j, naming %s, and sends nothing", async (binding, field) => {
    const transport = bound({ jkt })
    await using auth = open(transport)
    const options = { binding } as IntrospectOptions
    const reason = { _tag: "InvalidRequest", field }
    const rejection = (call: Promise<unknown>) =>
      call.then(
        () => undefined,
        ({ reason }: AuthError) => reason,
      )
    expect(await rejection(auth.introspect("token", options))).toMatchObject(reason)
    expect(await rejection(auth.introspect("token", { ...options, timeout: "1 second" }))).toMatchObject(reason)
    expect(transport.requests).toEqual([])
    // Also when the answer is there.
    await auth.introspect("token")
    expect(await rejection(auth.introspect("token", options))).toMatchObject(reason)
  })

  test("does not hide other wrong arguments", async () => {
    await using auth = open(bound({ jkt }))
    const wrong = { binding: { jkt }, freshnes: "live" } as IntrospectOptions
    await expect(auth.introspect("token", wrong)).rejects.toMatchObject({ reason: { _tag: "InvalidRequest" } })
    await expect(auth.introspect("Bearer token", { binding: { jkt } })).rejects.toMatchObject({
      reason: { _tag: "InvalidRequest", field: "token" },
    })
  })
})
