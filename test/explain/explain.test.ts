import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { type AnyAuth, createAuth, type Explanation, type Operation } from "latchkey"
import { make } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, test } from "vitest"
import { allOperations } from "../../src/ports/operations.ts"
import { audience, claims, issuer, now, signed, signingKey, token } from "../jwt/signing-keys.ts"
import { introspection, jwkSet, kindeOf, oryOf, run, type Vendor, vendor } from "../jwt/vendor.ts"
import { policiesOff } from "../policies-off.ts"
import { json, scripted } from "../unit/scripted-transport.ts"
import { configuration } from "../unit/standard-server.ts"

const key = signingKey("RS256")
const other = signingKey("RS256")

type Json = Readonly<Record<string, unknown>>

const response = {
  active: true,
  token_use: "access_token",
  client_id: "app",
  sub: "user-1",
  aud: [audience],
  iss: issuer,
  exp: claims.exp,
}

const vendorWith = (state: Json): Vendor => {
  const transport = vendor(key.jwk)
  transport.live = introspection(state)
  return transport
}

const failedOf = ({ checks }: Explanation) => checks.find(({ passed }) => !passed)

const ofJwt = async (changes: Json, header: Json = {}, state: Json = response) => {
  const { alg: _alg, ...rest } = header
  const accessToken = "alg" in header ? signed(key, header) : await token(key, changes, rest)
  return run(oryOf(vendorWith(state)).explain(accessToken))
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()

describe("explain names the check that a JWT fails, with what was expected and found", () => {
  test.each([
    ["another issuer", { iss: "https://other.example" }, "jwt.issuer", issuer, "https://other.example"],
    ["a slash after the issuer", { iss: `${issuer}/` }, "jwt.issuer", issuer, `${issuer}/`],
    [
      "another audience",
      { aud: ["https://other.example"] },
      "jwt.audience",
      `one of ${audience}`,
      '["https://other.example"]',
    ],
    ["no audience", { aud: undefined }, "jwt.audience", `one of ${audience}`, "no aud"],
    ["no expiry", { exp: undefined }, "jwt.exp", "a number of seconds", "no exp"],
    ["no client id", { client_id: undefined }, "jwt.client", /client_id/, /client_id/],
    ["the claim of an ID token", { at_hash: "x" }, "jwt.forbidden", /at_hash/, "at_hash"],
    ["an expiry in the past", { exp: now - 3600 }, "jwt.times", /exp after/, new RegExp(`exp ${iso(now - 3600)}`)],
    ["a beginning in the future", { nbf: now + 3600 }, "jwt.times", /nbf/, new RegExp(`nbf ${iso(now + 3600)}`)],
  ] as const)("%s", async (_what, changes, check, expected, found) => {
    const failed = failedOf(await ofJwt(changes))
    expect(failed).toMatchObject({ check, passed: false })
    expect(failed?.expected).toMatch(expected)
    expect(failed?.found).toMatch(found)
  })

  test.each([
    ["another type", { typ: "logout+jwt" }, "jwt.typ", "logout+jwt"],
    ["an algorithm that the vendor does not use", { alg: "none" }, "jwt.alg", "none"],
    ["a key id that is no text", { alg: "RS256", kid: 1 }, "jwt.kid", "1"],
    ["a header member that names its own key", { alg: "RS256", jku: "https://evil.example" }, "jwt.format", undefined],
    ["an unknown key id", { alg: "RS256", kid: "unknown" }, "jwt.key", "key-RS256 (RS256)"],
  ] as const)("%s", async (_what, header, check, found) => {
    expect(failedOf(await ofJwt({}, header))).toMatchObject({ check, ...(found !== undefined && { found }) })
  })

  test("a signature of another key", async () => {
    const explanation = await run(oryOf(vendorWith(response)).explain(await token(other)))
    expect(failedOf(explanation)).toMatchObject({ check: "jwt.signature", found: "invalid" })
  })
})

describe("explain names the check that an introspection response fails", () => {
  test.each<readonly [what: string, state: Json, check: string, expected: unknown, found: unknown]>([
    ["not active", { active: false }, "response.active", "true", "false"],
    ["another issuer", { iss: `${issuer}/` }, "response.issuer", issuer, `${issuer}/`],
    ["another audience", { aud: "other" }, "response.audience", `one of ${audience}`, "other"],
    ["no audience", { aud: undefined }, "response.audience", `one of ${audience}`, "absent"],
    ["a refresh token", { token_use: "refresh_token" }, "response.kind", "access_token", "refresh_token"],
    [
      "expired",
      { exp: now - 3600 },
      "response.times",
      expect.stringContaining("30 s"),
      expect.stringContaining(iso(now - 3600)),
    ],
    ["a member of another type", { sub: 5 }, "response.members", expect.stringContaining("sub"), "5"],
  ])("%s", async (_what, changes, check, expected, found) => {
    const explanation = await run(oryOf(vendorWith({ ...response, ...changes })).explain("opaque-token"))
    expect(failedOf(explanation)).toEqual({ check, passed: false, expected, found })
  })

  test.each([
    ["an error", json({ error: "x" }, 503), "response.status", "503"],
    ["a page", { ...json({}), headers: { "content-type": "text/html" } }, "response.json", "text/html"],
  ] as const)("%s", async (_what, live, check, found) => {
    const transport = vendor(key.jwk)
    transport.live = Effect.succeed(live)
    expect(failedOf(await run(oryOf(transport).explain("opaque-token")))).toMatchObject({ check, found })
  })

  test("no response: the error of the vendor is the failed check, and explain succeeds", async () => {
    const transport = vendor(key.jwk)
    transport.live = Effect.fail({ _tag: "Unavailable", detail: "connect ECONNREFUSED" })
    expect(failedOf(await run(oryOf(transport).explain("opaque-token")))).toMatchObject({
      check: "response.usable",
      found: expect.stringContaining("ECONNREFUSED"),
    })
  })
})

describe("explain names the claim in which a JWT and the introspection response differ", () => {
  test.each([
    [{ client_id: "another" }, "merge.client", "app", "another"],
    [{ sub: "user-2" }, "merge.subject", "user-1", "user-2"],
    [{ aud: [audience, "more"] }, "merge.audience", audience, `${audience}, more`],
    [{ exp: claims.exp + 60 }, "merge.expiry", iso(claims.exp), iso(claims.exp + 60)],
  ])("%j", async (changes, check, expected, found) => {
    const explanation = await ofJwt({}, {}, { ...response, ...changes })
    expect(failedOf(explanation)).toEqual({ check, passed: false, expected, found })
  })
})

describe("explain lists", () => {
  test("the checks in the order in which introspect makes them", async () => {
    const { checks, active } = await ofJwt({})
    expect(active).toBe(true)
    expect(checks.map(({ check }) => check)).toEqual([
      ...["jwt.format", "jwt.alg", "jwt.kid", "jwt.typ"],
      ...[
        "jwt.issuer",
        "jwt.exp",
        "jwt.client",
        "jwt.access",
        "jwt.forbidden",
        "jwt.kind",
        "jwt.audience",
        "jwt.times",
      ],
      ...["jwt.key", "jwt.signature"],
      ...["response.status", "response.json", "response.active", "response.times", "response.issuer"],
      ...["response.audience", "response.kind"],
      ...["merge.client", "merge.subject", "merge.audience", "merge.expiry"],
    ])
  })

  test("the response of the vendor also when a check of the JWT has failed", async () => {
    const { checks } = await ofJwt({ iss: "https://other.example" })
    expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(["jwt.signature", "response.active"]))
  })

  test("the checks of the JWT also without a configured audience", async () => {
    const auth = oryOf(vendorWith(response), { audience: undefined })
    const { checks } = await run(auth.explain(await token(key)))
    expect(checks.find(({ check }) => check === "jwt.audience")).toMatchObject({ passed: true, expected: "any" })
  })
})

describe("explain sends", () => {
  test("one introspection request, and for a JWT one request for the key set, each time", async () => {
    const transport = vendorWith(response)
    const auth = oryOf(transport)
    await run(auth.explain("opaque-token"))
    expect([transport.keyRequests, transport.liveRequests]).toEqual([0, 1])
    const good = await token(key)
    await run(auth.explain(good))
    await run(auth.explain(good))
    expect([transport.keyRequests, transport.liveRequests]).toEqual([2, 3])
    await run(auth.explain(await token(other, {}, { kid: "unknown" })))
    expect([transport.keyRequests, transport.liveRequests]).toEqual([3, 4])
  })

  test("no request for a text that cannot be a token", async () => {
    const transport = vendorWith(response)
    expect(failedOf(await run(oryOf(transport).explain("two words")))).toMatchObject({ check: "token.format" })
    expect(transport.liveRequests).toBe(0)
  })
})

describe("explain leaves alone", () => {
  const open = (transport: Vendor) =>
    make(
      ory(
        {
          clientId: "app",
          clientSecret: "a secret of ours",
          publicUrl: issuer,
          adminUrl: "https://admin.example",
          audience: [audience],
        },
        { transport },
      ),
    )

  test("the cache: it neither reads nor writes a cached answer", async () => {
    const transport = vendorWith(response)
    const states = await run(
      Effect.gen(function* () {
        const auth = yield* open(transport)
        const first = yield* auth.introspect("opaque-token")
        transport.live = introspection({ active: false })
        const explanation = yield* auth.explain("opaque-token")
        return [first.active, explanation.active, (yield* auth.introspect("opaque-token")).active]
      }).pipe(Effect.scoped),
    )
    expect(states).toEqual([true, false, true])
    expect(transport.liveRequests).toBe(2)
  })

  test("the circuit: failures in explanations do not open it, and an open one does not stop an explanation", async () => {
    const transport = vendor(key.jwk)
    const broken = Effect.succeed(json({}, 503))
    transport.live = broken
    const tags = await run(
      Effect.gen(function* () {
        const auth = yield* open(transport)
        const introspect = Effect.match(auth.introspect("opaque-token", { freshness: "live", retry: false }), {
          onFailure: ({ message }) => (message.includes("circuit open") ? "open" : "503"),
          onSuccess: ({ active }) => active,
        })
        for (const _ of [1, 2, 3, 4]) yield* auth.explain("opaque-token")
        const before = [yield* introspect, yield* introspect, yield* introspect, yield* introspect, yield* introspect]
        transport.live = introspection(response)
        const { active } = yield* auth.explain("opaque-token")
        return [...before, active, yield* introspect]
      }).pipe(Effect.scoped),
    )
    expect(tags).toEqual(["503", "503", "503", "503", "503", true, "open"])
  })

  test("the metrics", async () => {
    const registry = new Map()
    const accessToken = await token(key, { iss: "https://other.example" })
    const measured = run(
      Effect.gen(function* () {
        const auth = yield* open(vendorWith({ ...response, aud: "other" }))
        yield* auth.explain(accessToken)
        yield* auth.explain("opaque-token")
      }).pipe(Effect.scoped, Effect.provideService(Metric.MetricRegistry, registry)),
    )
    await measured
    expect([...registry.values()].filter(({ id }) => String(id).startsWith("latchkey"))).toEqual([])
  })

  test("the client secret in use, when the vendor rejects it", async () => {
    const transport = scripted(
      json({ error: "invalid_client" }, 401),
      json(response),
      json({ error: "invalid_client" }, 401),
      json({ active: false }),
    )
    const secrets = {
      ...configuration,
      ...policiesOff,
      clientSecret: ["the first secret", "the second secret"],
    } as const
    await using auth = createAuth(oidc(secrets, { transport }))
    await auth.explain("opaque-token")
    await auth.introspect("opaque-token")
    const authorizations = transport.requests.map(({ headers }) => headers.authorization)
    expect(authorizations[2]).toBe(authorizations[0])
  })
})

describe("explain never repeats", () => {
  const secret = "a secret of ours that is long enough"

  test.each(["aud", "iss", "sub", "client_id", "token_use", "active"])(
    "the token or a secret that a vendor sends back in %s",
    async (name) => {
      const accessToken = await token(key)
      for (const echoed of [accessToken, `Bearer ${accessToken}`, accessToken.split(".")[2], secret, `x${secret}`]) {
        const auth = oryOf(vendorWith({ ...response, [name]: echoed }), { clientSecret: secret, clientId: "app" })
        const text = JSON.stringify(await run(auth.explain(accessToken)))
        for (const part of accessToken.split(".")) expect(text).not.toContain(part.slice(0, 20))
        if (echoed?.includes(secret) && ["aud", "iss"].includes(name)) expect(text).not.toContain("a secret of ours")
      }
    },
  )

  test("the token: its fingerprint is 8 digits of its SHA-256", async () => {
    const { fingerprint } = await run(oryOf(vendorWith(response)).explain("opaque-token"))
    expect(fingerprint).toBe(createHash("sha256").update("opaque-token").digest("hex").slice(0, 8))
  })

  test("a line break or more than 200 characters of a value", async () => {
    const { checks } = await run(
      oryOf(vendorWith({ ...response, iss: `https://x\n${"y".repeat(1000)}` })).explain("opaque-token"),
    )
    const texts = checks.flatMap(({ expected = "", found = "" }) => [expected, found])
    for (const text of texts) expect([text.length <= 200, text.includes("\n")]).toEqual([true, false])
  })
})

describe("explain is", () => {
  const script = () => scripted(json(response))
  const client = { ...policiesOff, clientId: "app", clientSecret: "a secret of ours" }

  test.each<readonly [string, () => AnyAuth | Pick<AnyAuth, "explain" | "can">]>([
    ["oidc", () => createAuth(oidc({ ...configuration, ...policiesOff }, { transport: script() }))],
    ["ory", () => createAuth(ory({ ...client, publicUrl: issuer, adminUrl: issuer }, { transport: script() }))],
    ["kinde", () => createAuth(kinde({ ...client, issuer, audience: "any" }, { transport: script() }))],
    ["polar", () => createAuth(polar(client, { transport: script() }))],
  ])("a promise on the Promise API of %s, and no operation", async (_vendor, open) => {
    const auth = open()
    const { checks } = await auth.explain("opaque-token")
    expect(checks.map(({ check }) => check)).toContain("response.active")
    expect([...auth.can]).not.toContain("explain")
    expect(allOperations).not.toContain("explain")
  })

  test("unsupported by a provider without introspection", async () => {
    const provider = { id: "acme", can: new Set<Operation>(), instead: { introspect: "use userInfo" } }
    await expect(createAuth(Effect.succeed(provider)).explain("opaque-token")).rejects.toMatchObject({
      provider: "acme",
      operation: "explain",
      reason: { _tag: "UnsupportedOperation", instead: "use userInfo" },
    })
  })

  test("rejected for an argument that is no text", async () => {
    // @ts-expect-error
    await expect(Effect.runPromise(kindeOf(vendorWith(response)).explain(5))).rejects.toMatchObject({
      operation: "explain",
      reason: { _tag: "InvalidRequest" },
    })
  })

  test("made with the keys that the vendor has now", async () => {
    const transport = vendorWith(response)
    const auth = oryOf(transport)
    const rotated = await token(other, {}, { kid: "new" })
    transport.keys = jwkSet({ ...other.jwk, kid: "new" })
    expect((await run(auth.explain(rotated))).active).toBe(true)
  })
})
