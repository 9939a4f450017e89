/** Who answers: the rules of `token.answers`, and the errors that tell what to configure. */
import * as Effect from "effect/Effect"
import { AuthError, createAuth } from "latchkey"
import { define, type OidcConfig, oidc, settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { audience, claims, issuer, now, signed, signingKey, unsigned } from "../jwt/signing-keys.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { type Played, playingServer } from "./playing-server.ts"

const key = signingKey("RS256")
const other = signingKey("RS256")
const keys = () => [key]
const good = signed(key, {})
const forged = signed(other, {})
const anyone = () => ({
  active: true,
  sub: "user-1",
  token_use: "access_token",
  exp: now + 3600,
  client_id: "app",
  aud: audience,
})
const inactive = { active: false }

const open = (config: Partial<OidcConfig>, played: Partial<Played> = { keys, answer: anyone }) => {
  const server = playingServer({ issuer, ...played })
  const client = { ...policiesOff, issuer, clientId: "app", clientSecret: "secret" }
  return { auth: createAuth(oidc({ ...client, ...config }, { transport: server.transport })), ...server }
}

const signature = { token: { answers: "signature" }, audience: [audience] } as const
const both = { token: { answers: "introspection_or_signature" } } as const

const messageOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.catch((caught: unknown) => caught)
  return error instanceof AuthError ? error.message : expect.unreachable(`no error: ${JSON.stringify(error)}`)
}

const unavailable = { reason: { _tag: "Unavailable" } }

describe('answers: "signature"', () => {
  test("answers from the signature, and does not ask the vendor", async () => {
    const { auth, asked } = open(signature)
    const state = await auth.introspect(good)
    expect(state).toMatchObject({ active: true, subject: "user-1", source: { local: expect.any(Date), stale: false } })
    expect(state).not.toHaveProperty("source.live")
    expect(await auth.introspect(good, { freshness: "local" })).toMatchObject({ active: true })
    expect(await auth.introspect(good, { freshness: "prefer-local" })).toMatchObject({ active: true })
    expect(await auth.introspect(good, { freshness: { maxAge: "5 seconds" } })).toMatchObject({ active: true })
    expect(asked).toEqual([])
  })

  const encrypted = `${unsigned({ alg: "RSA-OAEP", enc: "A256GCM" }, "a")}.b.c`
  test.each([
    ["an opaque token", "opaque"],
    ["an encrypted token", encrypted],
    ["a forged token", forged],
  ])("makes %s inactive, and does not ask the vendor", async (_, token) => {
    const { auth, asked } = open(signature)
    expect(await auth.introspect(token)).toEqual(inactive)
    expect(asked).toEqual([])
  })

  test.each([good, "opaque"])('refuses freshness "live", with the reason: %s', async (token) => {
    const { auth, asked, fetched } = open(signature)
    const message = await messageOf(auth.introspect(token, { freshness: "live" }))
    expect(message).toContain("UnsupportedOperation: argument freshness")
    expect(message).toContain("this server has no introspection, so the signature decides")
    expect([asked, fetched]).toEqual([[], []])
  })

  test("requires the audience when the client is made, also of a definition that does not check it", () => {
    const path = "audience"
    expect(() => createAuth(oidc({ issuer, clientId: "app", clientSecret: "s", token: signature.token }))).toThrow(path)
    const acme = define({
      id: "acme",
      config: z.strictObject(settings),
      can: ["introspect", "metadata.keys"],
      server: () => ({ issuer, metadataUrl: `${issuer}/m`, clientAuth: "none", token: signature.token }),
    })
    expect(() => createAuth(acme({ clientId: "app", clientAuth: "none" }))).toThrow(path)
    expect(() => createAuth(acme({ clientId: "app", clientAuth: "none", audience: "any" }))).not.toThrow()
  })

  test("is Unavailable without a key set, with the setting to configure, also if the server would answer", async () => {
    const { auth, asked } = open(signature, { answer: anyone })
    const error = await auth.introspect(good).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ operation: "introspect", isRetryable: false, ...unavailable })
    expect(String(error)).toContain("endpoints.jwksUri")
    expect(asked).toEqual([])
  })

  test("is Unavailable while the key set is, and never inactive", async () => {
    const { auth, asked } = open(signature, { keys: () => json({}, 503), answer: anyone })
    await expect(auth.introspect(good)).rejects.toMatchObject({ operation: "introspect", ...unavailable })
    expect(asked).toEqual([])
  })

  test.each([
    ["a good token", good, true, "jwt.signature"],
    ["a forged token", forged, false, "jwt.signature"],
    ["an opaque token", "opaque", false, "jwt.format"],
  ])("explains %s by the checks of the signature, and does not ask the vendor", async (_, token, active, last) => {
    const { auth, asked } = open(signature)
    const explanation = await auth.explain(token)
    expect(explanation.active).toBe(active)
    expect(explanation.checks.at(-1)).toMatchObject({ check: last, passed: active })
    expect(explanation.checks.filter(({ check }) => /^(response|merge)/.test(check))).toEqual([])
    expect(asked).toEqual([])
  })

  test.each([
    ["has none", undefined],
    ["fails", () => json({}, 503)],
  ] as const)("explains a token of a server whose key set %s as a failed check of the key", async (_, published) => {
    const { auth } = open(signature, { keys: published, answer: anyone })
    const { active, checks } = await auth.explain(good)
    expect(active).toBe(false)
    expect(checks.filter(({ passed }) => !passed)).toMatchObject([{ check: "jwt.key", found: /^no key set/ }])
  })
})

describe('answers: "introspection_or_signature"', () => {
  test("asks about what the signature confirms, and about opaque tokens", async () => {
    const { auth, asked } = open(both)
    expect(await auth.introspect(good)).toMatchObject({
      active: true,
      source: { live: expect.any(Date), local: expect.any(Date) },
    })
    expect(await auth.introspect("opaque")).toMatchObject({ active: true, source: { live: expect.any(Date) } })
    expect(asked).toEqual([good, "opaque"])
  })

  test.each([
    ["any audience configured", { audience: [audience] }],
    ["no audience configured", {}],
  ])(
    "never asks about forged tokens, with %s: nothing that calls share changes, whatever the server would say",
    async (_, config) => {
      // A server that fails for every token that it did not issue, as some do.
      const answer = (token: string) => (token === good ? anyone() : json({}, 500))
      const server = playingServer({ issuer, keys, answer })
      const client = { issuer, clientId: "app", clientSecret: "secret", ...both, ...config }
      await using auth = createAuth(oidc(client, { transport: server.transport }))
      expect(await auth.introspect(good)).toMatchObject({ active: true })
      const { fetched, asked } = server
      const before = fetched.length
      const forgeries = Array.from({ length: 30 }, (__, at) => signed(other, {}, { ...claims, jti: `forged-${at}` }))
      for (const forgery of [
        ...forgeries,
        unsigned({ alg: "none" }),
        unsigned({ alg: "RS256", kid: key.jwk.kid ?? "" }, "AAAA"),
      ])
        expect(await auth.introspect(forgery, { freshness: "prefer-local" })).toEqual(inactive)
      for (const forgery of forgeries) expect(await auth.introspect(forgery)).toEqual(inactive)
      expect(fetched).toHaveLength(before)
      expect(await auth.introspect(good, { freshness: "live" })).toMatchObject({ active: true })
      expect(new Set(asked)).toEqual(new Set([good]))
    },
  )

  test.each([
    "v1.access.token",
    `${Buffer.from("opaque{}bytes").toString("base64url")}.second.third`,
    `${Buffer.from('opaque{"bytes}').toString("base64url")}.second.third`,
  ])("asks about an opaque token with dots: %s", async (token) => {
    const { auth, asked } = open(both)
    expect(await auth.introspect(token)).toMatchObject({ active: true })
    expect(asked).toEqual([token])
  })

  test.each([
    ["has none", undefined],
    ["fails", () => json({}, 503)],
  ] as const)("asks the server whose key set %s, with any freshness that allows it", async (_, published) => {
    const { auth, asked } = open({ ...both, audience: [audience] }, { keys: published, answer: anyone })
    expect(await auth.introspect(good)).toMatchObject({ active: true, source: { live: expect.any(Date) } })
    expect(await auth.introspect(good, { freshness: "prefer-local" })).toMatchObject({ active: true })
    await expect(auth.introspect(good, { freshness: "local" })).rejects.toBeInstanceOf(AuthError)
    expect(asked).toEqual([good, good])
  })

  test("is Unavailable if neither the keys nor the server can be had", async () => {
    const { auth } = open(both, { keys: () => json({}, 503), answer: () => json({}, 503) })
    await expect(auth.introspect(good)).rejects.toMatchObject(unavailable)
  })
})

describe("a server without an introspection endpoint", () => {
  test.each([good, "opaque"])("is told apart by an error that names token.answers and audience: %s", async (token) => {
    const { auth } = open({}, { keys })
    for (const call of [auth.introspect(token), auth.explain(token)]) {
      const message = await messageOf(call)
      expect(message).toContain('"token.answers": "signature"')
      expect(message).toContain('"audience"')
    }
  })
})

test("an answer that tells no kind is an error that names token.kind, and each of its settings", async () => {
  const { token_use: _, ...untold } = anyone()
  const { auth } = open({}, { answer: () => untold })
  const message = await messageOf(auth.introspect("opaque"))
  for (const text of ["token.kind", '"access_only"', '"hint"', "rules"]) expect(message).toContain(text)
  expect(
    await open({ token: { kind: "access_only" } }, { answer: () => untold }).auth.introspect("opaque"),
  ).toMatchObject({
    ...{ active: true, use: "access_token" },
  })
})

test('with kind "hint" a token is what was asked for', async () => {
  const { token_use: _, ...untold } = anyone()
  const { auth } = open({ token: { kind: "hint" } }, { answer: () => untold })
  expect(await auth.introspect("opaque")).toMatchObject({ active: true, use: "access_token" })
  expect(await auth.introspect("opaque", { expect: "refresh_token" })).toMatchObject({
    active: true,
    use: "refresh_token",
  })
})

test('with answers "introspection" the freshness "prefer-local" asks the server, and its answer is cached', async () => {
  const server = playingServer({ issuer, keys, answer: anyone })
  const config = { issuer, clientId: "app", clientSecret: "secret", token: { answers: "introspection" } } as const
  await using auth = createAuth(oidc(config, { transport: server.transport }))
  for (let call = 0; call < 3; call++)
    expect(await auth.introspect(good, { freshness: "prefer-local" })).toMatchObject({ active: true })
  expect(server.asked).toEqual([good])
})

describe("without an audience", () => {
  test.each([
    ["a JWT whose keys are known", good],
    ["an opaque token", "opaque"],
  ])('the freshness "prefer-local" introspects %s, and its answer is cached', async (_, token) => {
    const server = playingServer({ issuer, keys, answer: anyone })
    const config = { issuer, clientId: "app", clientSecret: "secret", ...both, cache: { maxAge: "1 minute" } } as const
    await using auth = createAuth(oidc(config, { transport: server.transport }))
    for (let call = 0; call < 3; call++)
      expect(await auth.introspect(token, { freshness: "prefer-local" })).toMatchObject({ active: true })
    expect(await auth.introspect(token)).toMatchObject({ active: true })
    expect(server.asked).toEqual([token])
    await auth.introspect(token, { freshness: "live" })
    expect(server.asked).toEqual([token, token])
  })
})

test('with an audience the freshness "prefer-local" introspects no JWT, and caches nothing', async () => {
  const server = playingServer({ issuer, keys, answer: anyone })
  const config = { issuer, clientId: "app", clientSecret: "secret", ...both, audience: [audience] } as const
  await using auth = createAuth(oidc(config, { transport: server.transport }))
  const typed = signed(key, { typ: "at+jwt" })
  for (let call = 0; call < 2; call++)
    expect(await auth.introspect(typed, { freshness: "prefer-local" })).not.toHaveProperty("source.live")
  expect(server.asked).toEqual([])
  expect(await auth.introspect(typed)).toHaveProperty("source.live")
})

test("a definition that needs signatures declares metadata.keys", async () => {
  const acme = define({
    id: "acme",
    config: z.strictObject(settings),
    can: ["introspect"],
    server: () => ({ issuer, metadataUrl: `${issuer}/m`, clientAuth: "none", token: both.token }),
  })
  await expect(Effect.runPromise(Effect.scoped(acme({ clientId: "app", clientAuth: "none" })))).rejects.toThrow(
    'acme: "token.answers" needs signatures, but "metadata.keys" is not in "can"',
  )
})
