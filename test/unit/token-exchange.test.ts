import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { createAuth } from "latchkey"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { define, type Server, settings } from "../../src/adapters/oidc/index.ts"
import type { ExchangedTokens, ExchangeTokenRequest } from "../../src/ports/token-exchange.ts"
import { json, reasonOf, scripted } from "./scripted-transport.ts"
import { configuration, issuer, open } from "./standard-server.ts"

const urn = (name: string) => `urn:ietf:params:oauth:token-type:${name}`

const subject = { subjectToken: "the-subject-token", subjectTokenType: "access_token" } as const
const actor = { actorToken: "the-actor-token", actorTokenType: "jwt" } as const

const response = (more: object = {}) =>
  json({ access_token: "a", token_type: "Bearer", issued_token_type: urn("access_token"), ...more })

const exchange = (body: object, request: Partial<ExchangeTokenRequest> = {}): Promise<ExchangedTokens> =>
  Effect.runPromise(open([response(body)]).auth.exchangeToken({ ...subject, ...request } as ExchangeTokenRequest))

const failure = (body: object, request: Partial<ExchangeTokenRequest> = {}) =>
  reasonOf(open([response(body)]).auth.exchangeToken({ ...subject, ...request } as ExchangeTokenRequest))

const sent = async (request: ExchangeTokenRequest, changes: Parameters<typeof open>[1] = {}) => {
  const { auth, transport } = open([response()], changes)
  await Effect.runPromise(auth.exchangeToken(request))
  return Array.from(new URLSearchParams(transport.requests[0]?.body)).filter(([name]) => name !== "client_id")
}

describe("the request of a token exchange", () => {
  test("has the parameters of RFC 8693, and types as identifiers", async () => {
    expect(
      await sent({
        ...subject,
        ...actor,
        audience: ["orders", "stock"],
        resource: ["https://orders.example/api", "urn:example:stock"],
        scopes: ["read", "write"],
        requestedTokenType: "urn:example:ticket",
      }),
    ).toEqual(
      expect.arrayContaining([
        ["grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"],
        ["subject_token", "the-subject-token"],
        ["subject_token_type", urn("access_token")],
        ["actor_token", "the-actor-token"],
        ["actor_token_type", urn("jwt")],
        ["audience", "orders"],
        ["audience", "stock"],
        ["resource", "https://orders.example/api"],
        ["resource", "urn:example:stock"],
        ["scope", "read write"],
        ["requested_token_type", "urn:example:ticket"],
      ]),
    )
  })

  test("has nothing else by default, the configured scopes neither", async () => {
    const expected = [
      ["grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"],
      ["subject_token", "the-subject-token"],
      ["subject_token_type", urn("access_token")],
    ]
    const form = await sent(subject, { scopes: ["configured"] })
    expect(form.toSorted()).toEqual(expected)
  })

  test("repeats every text as it is", async () => {
    const text = fc.stringMatching(/^[\x20-\x7e]{1,40}$/).filter((each) => !/^\s*[\w-]{1,32}[\s:]/.test(each))
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((each) => each.isWellFormed())
    await fc.assert(
      fc.asyncProperty(text, text, fc.array(name), async (subjectToken, actorToken, audience) => {
        const form = await sent({ ...subject, ...actor, subjectToken, actorToken, audience })
        const valuesOf = (wanted: string) => form.filter(([each]) => each === wanted).map(([, value]) => value)
        expect(valuesOf("subject_token")).toEqual([subjectToken])
        expect(valuesOf("actor_token")).toEqual([actorToken])
        expect(valuesOf("audience")).toEqual(audience)
      }),
      { numRuns: 200 },
    )
  })

  test.each<[field: string, request: object]>([
    ["subjectToken", { subjectTokenType: "access_token" }],
    ["subjectToken", { ...subject, subjectToken: "" }],
    ["subjectToken", { ...subject, subjectToken: "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln" }],
    ["subjectToken", { ...subject, subjectToken: "tökên" }],
    ["subjectTokenType", { subjectToken: "token" }],
    ["subjectTokenType", { ...subject, subjectTokenType: "acces_token" }],
    ["subjectTokenType", { ...subject, subjectTokenType: "toString" }],
    ["subjectTokenType", { ...subject, subjectTokenType: "urn:a b" }],
    ["actorToken", { ...subject, ...actor, actorToken: "DPoP abc.def.ghi" }],
    ["actorToken", { ...subject, actorTokenType: "jwt" }],
    ["actorTokenType", { ...subject, actorToken: "token" }],
    ["audience.0", { ...subject, audience: [""] }],
    ["audience", { ...subject, audience: "orders" }],
    ["resource.0", { ...subject, resource: ["/orders"] }],
    ["resource.1", { ...subject, resource: ["https://a.example", "https://a.example/#part"] }],
    ["scopes.0", { ...subject, scopes: ["two scopes"] }],
    ["requestedTokenType", { ...subject, requestedTokenType: "token" }],
  ])("is not sent with a wrong %s", async (field, request) => {
    const { auth, transport } = open()
    const reason = await reasonOf(auth.exchangeToken(request as ExchangeTokenRequest))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field })
    expect(JSON.stringify(reason)).not.toMatch(/eyJ|abc\.def|tökên/)
    expect(transport.requests).toEqual([])
  })

  test("is not sent with a member that no RFC has", async () => {
    const { auth, transport } = open()
    const request = { ...subject, scope: "read" } as ExchangeTokenRequest
    expect(await reasonOf(auth.exchangeToken(request))).toMatchObject({ detail: 'unknown member: "scope"' })
    expect(transport.requests).toEqual([])
  })
})

describe("the response of a token exchange", () => {
  test("has the tokens and the short name of the issued type", async () => {
    expect(await exchange({ scope: "a b", refresh_token: "r" })).toEqual({
      accessToken: "a",
      tokenType: "bearer",
      scopes: ["a", "b"],
      refreshToken: "r",
      issuedTokenType: "access_token",
    })
  })

  test("without scopes has the requested ones, or none", async () => {
    expect((await exchange({}, { scopes: ["read"] })).scopes).toEqual(["read"])
    expect((await exchange({})).scopes).toEqual([])
  })

  test.each<[found: string, type: string, request: Partial<ExchangeTokenRequest>]>([
    [urn("jwt"), "jwt", {}],
    ["urn:example:ticket", "urn:example:ticket", {}],
    [urn("jwt"), "jwt", { requestedTokenType: "access_token" }],
    [urn("access_token"), "access_token", { requestedTokenType: "jwt" }],
    [urn("refresh_token"), "refresh_token", { requestedTokenType: "refresh_token" }],
    [urn("id_token"), "id_token", { requestedTokenType: "urn:ietf:params:oauth:token-type:id_token" }],
    [urn("access_token"), "access_token", { requestedTokenType: "urn:example:ticket" }],
  ])("with the type %s has it as %s when the request is %j", async (found, type, request) => {
    expect(await exchange({ issued_token_type: found }, request)).toMatchObject({ issuedTokenType: type })
  })

  test.each([
    [urn("id_token"), "id_token"],
    [urn("saml2"), "saml2"],
    ["urn:example:ticket", "urn:example:ticket"],
  ] as const)("may have the token type N_A for a requested %s", async (found, requestedTokenType) => {
    const body = { token_type: "N_A", issued_token_type: found }
    expect(await exchange(body, { requestedTokenType })).toMatchObject({ accessToken: "a", tokenType: "n_a" })
  })

  test.each<[found: string, request: Partial<ExchangeTokenRequest>]>([
    ["id_token", {}],
    ["refresh_token", {}],
    ["saml1", {}],
    ["id_token", { requestedTokenType: "access_token" }],
    ["refresh_token", { requestedTokenType: "id_token" }],
    ["access_token", { requestedTokenType: "refresh_token" }],
    ["id_token", { requestedTokenType: "urn:example:ticket" }],
  ])("is unexpected with the type %s when the request is %j", async (found, request) => {
    expect(await failure({ issued_token_type: urn(found) }, request)).toMatchObject({
      _tag: "UnexpectedResponse",
      path: "issued_token_type",
      detail: expect.stringContaining(`found "${found}"`),
    })
  })

  test.each<[type: unknown]>([[undefined], [null], [5], [""], ["access_token"], ["https://a.example/\u0000"]])(
    "is unexpected without an identifier of the issued type: %j",
    async (issued_token_type) => {
      expect(await failure({ issued_token_type })).toMatchObject({
        _tag: "UnexpectedResponse",
        path: "issued_token_type",
      })
    },
  )

  test.each<[body: object, request: Partial<ExchangeTokenRequest>]>([
    [{ token_type: "N_A" }, {}],
    [{ token_type: "N_A" }, { requestedTokenType: "access_token" }],
    [{ token_type: "N_A", issued_token_type: urn("jwt") }, {}],
    [{ token_type: "N_A", issued_token_type: urn("jwt") }, { requestedTokenType: "access_token" }],
    [{ token_type: "DPoP" }, {}],
  ])("with a token that is no bearer token is unexpected: %j for the request %j", async (body, request) => {
    expect(await failure(body, request)).toMatchObject({ _tag: "UnexpectedResponse" })
  })
})

describe("a failed token exchange", () => {
  test.each<[code: string, status: number, tag: string]>([
    ["invalid_request", 400, "InvalidRequest"],
    ["invalid_target", 400, "InvalidRequest"],
    ["invalid_scope", 400, "InvalidRequest"],
    ["unsupported_grant_type", 400, "InvalidRequest"],
    ["invalid_grant", 400, "InvalidGrant"],
    ["invalid_client", 401, "InvalidClient"],
    ["access_denied", 403, "AccessDenied"],
  ])("has the reason of the code %s", async (code, status, tag) => {
    const { auth } = open([json({ error: code }, status)])
    expect(await reasonOf(auth.exchangeToken(subject))).toMatchObject({ _tag: tag, code })
  })

  test("contains neither token, whatever the server repeats, and no span has one", async () => {
    const attributes: Array<unknown> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        attributes.push(span.attributes)
        return span
      },
    })
    // They look like words: only redaction by value finds them.
    const tokens = { subjectToken: "quietmarmalade", actorToken: "copperwindmill" }
    const words = `${tokens.subjectToken} was issued to another client, ${tokens.actorToken} too`
    const transport = scripted(json({ error: "invalid_request", error_description: words }, 400))
    const program = Effect.flatMap(make(oidc(configuration, { transport })), (auth) =>
      Effect.flip(auth.exchangeToken({ ...subject, ...actor, ...tokens })),
    )
    const error = await Effect.runPromise(Effect.scoped(program).pipe(Effect.withTracer(tracer)))
    const spans = attributes.map((each) => JSON.stringify(Array.from(each as Map<string, unknown>)))
    expect(spans).toHaveLength(1)
    expect(`${error} ${JSON.stringify(error)} ${spans.join(" ")}`).not.toMatch(/marmalade|windmill/)
    expect(error.reason).toMatchObject({ detail: expect.stringContaining("was issued to another client") })
  })

  test("ends with the timeout of the call, and is sent once", async () => {
    const transport = scripted(new Promise<never>(() => undefined))
    const program = Effect.gen(function* () {
      const auth = yield* make(oidc(configuration, { transport }))
      const fiber = yield* Effect.forkChild(Effect.flip(auth.exchangeToken(subject, { timeout: "3 seconds" })), {
        startImmediately: true,
      })
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))
      yield* TestClock.adjust("3 seconds")
      return yield* Fiber.join(fiber)
    })
    const error = await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide(TestClock.layer())))
    expect(error).toMatchObject({ operation: "exchangeToken", url: `${issuer}/token` })
    expect(error.reason).toMatchObject({ _tag: "Unavailable", detail: expect.stringContaining("3") })
    expect(transport.requests).toHaveLength(1)
  })

  test("is sent again with the other secret when the server rejects the first one", async () => {
    const transport = scripted(json({ error: "invalid_client" }, 401), response())
    await using auth = createAuth(oidc({ ...configuration, clientSecret: ["new one", "old one"] }, { transport }))
    expect(await auth.exchangeToken(subject)).toMatchObject({ accessToken: "a" })
    expect(transport.requests).toHaveLength(2)
  })

  test("is sent for each caller: two callers at once may be two actors", async () => {
    const transport = scripted(response(), response({ access_token: "b" }))
    await using auth = createAuth(oidc(configuration, { transport }))
    const tokens = await Promise.all([auth.exchangeToken(subject), auth.exchangeToken(subject)])
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(["a", "b"])
  })
})

describe("a vendor without token exchange", () => {
  const client = { clientId: "app", clientSecret: "a secret" }

  test.each([
    ["kinde", { ...client, provider: "kinde", issuer: "https://a.kinde.com", audience: "any" }, /clientCredentials/],
    ["ory", { ...client, provider: "ory", publicUrl: issuer, adminUrl: issuer }, /jwtBearer/],
    ["polar", { ...client, provider: "polar" }, /authorize/],
  ] as const)("names an alternative: %s", async (_, config, instead) => {
    const transport = scripted()
    await using auth = createAuth(config, { transport })
    await expect(auth.exchangeToken(subject)).rejects.toMatchObject({
      reason: {
        _tag: "UnsupportedOperation",
        standard: "RFC 8693 section 2",
        instead: expect.stringMatching(instead),
      },
    })
    expect(transport.requests).toEqual([])
  })
})

describe("a server", () => {
  const document = (more: object) => json({ issuer, token_endpoint: `${issuer}/token`, ...more })
  const { endpoints: _, ...discovering } = configuration
  const grants = ["authorization_code"]

  test.each<[text: string, endpoints: object]>([
    ["", {}],
    [" also when the authorization endpoint is configured", { authorizationEndpoint: `${issuer}/auth` }],
  ])("whose metadata lists its grants without this one does not get the tokens%s", async (_text, endpoints) => {
    const transport = scripted(document({ grant_types_supported: grants }))
    await using auth = createAuth(oidc({ ...discovering, endpoints }, { transport }))
    await expect(auth.exchangeToken(subject)).rejects.toMatchObject({
      reason: {
        _tag: "UnsupportedOperation",
        standard: "RFC 8693 section 2",
        instead: expect.stringContaining("grant_types_supported"),
      },
    })
    expect(transport.requests).toHaveLength(1)
  })

  test.each([
    ["lists it", { grant_types_supported: [...grants, "urn:ietf:params:oauth:grant-type:token-exchange"] }],
    ["lists no grants", {}],
  ])("whose metadata %s is asked", async (_text, more) => {
    const transport = scripted(document(more), response())
    await using auth = createAuth(oidc(discovering, { transport }))
    expect(await auth.exchangeToken(subject)).toMatchObject({ issuedTokenType: "access_token" })
  })

  test("whose token endpoint is configured is asked without its metadata", async () => {
    const transport = scripted(response())
    const endpoints = { tokenEndpoint: `${issuer}/token` }
    await using auth = createAuth(oidc({ ...discovering, endpoints }, { transport }))
    expect(await auth.exchangeToken(subject)).toMatchObject({ issuedTokenType: "access_token" })
  })

  const ignoring = (unsupportedArguments: NonNullable<Server["unsupportedArguments"]>, transport = scripted()) =>
    Effect.runSync(
      Effect.scoped(
        define({
          id: "acme",
          config: z.strictObject(settings),
          can: ["exchangeToken"],
          server: () => ({
            issuer,
            metadataUrl: `${issuer}/m`,
            endpoints: { tokenEndpoint: `${issuer}/token` },
            clientAuth: "client_secret_basic",
            unsupportedArguments,
          }),
        })({ clientId: "app", clientSecret: "a secret" }, { transport }),
      ),
    )

  test.each([
    ["actorToken", actor],
    ["audience", { audience: ["orders"] }],
    ["resource", { resource: ["https://orders.example"] }],
    ["scopes", { scopes: ["read"] }],
    ["requestedTokenType", { requestedTokenType: "jwt" }],
  ] as const)("that would ignore %s does not get it", async (argument, more) => {
    const auth = ignoring({ [`exchangeToken.${argument}`]: "something else" })
    expect(await reasonOf(auth.exchangeToken({ ...subject, ...more } as ExchangeTokenRequest))).toMatchObject({
      ...{ _tag: "UnsupportedOperation", argument, instead: "something else" },
    })
  })

  test("needs no parameter for audiences of its own: RFC 8693 has one", async () => {
    const auth = ignoring({}, scripted(response()))
    expect(await Effect.runPromise(auth.exchangeToken({ ...subject, audience: ["orders"] }))).toMatchObject({
      accessToken: "a",
    })
  })
})
