import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { down, open, run, runToEnd, type ScriptedResponse, tokens, vendor } from "./vendor.ts"

/** A vendor whose token endpoint issues a new token for each request. */
const issuing = (more: Readonly<Record<string, unknown>> = {}) => {
  const transport = vendor(({ url }) =>
    url.endsWith("/token")
      ? Effect.suspend(() => tokens({ access_token: `token ${transport.count("/token")}`, ...more }))
      : Effect.succeed({ status: 200, headers: {}, body: "" }),
  )
  return transport
}

const accessTokenOf = (
  auth: ReturnType<typeof open>,
  ...args: Parameters<ReturnType<typeof open>["clientCredentials"]>
) => Effect.map(auth.clientCredentials(...args), ({ accessToken }) => accessToken)

/** Lets a refresh in the background end: loading openid-client and its promises take turns of the event loop. */
const untilRefreshed = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))

describe("a cached service token", () => {
  test("is fetched once for a thousand concurrent callers and for later ones", async () => {
    const transport = issuing()
    const auth = open(transport)
    const all = await run(
      Effect.andThen(
        Effect.all(
          Array.from({ length: 1000 }, () => accessTokenOf(auth)),
          { concurrency: "unbounded" },
        ),
        accessTokenOf(auth),
      ),
    )
    expect(all).toBe("token 1")
    expect(transport.count("/token")).toBe(1)
  })

  test("is cached per set of scopes and audiences, in any order", async () => {
    const auth = open(issuing(), { token: { audienceParameter: "audience" } })
    const requests = [
      {},
      { scopes: ["a", "b"] },
      { scopes: ["b", "a"] },
      { scopes: ["a"] },
      { scopes: ["a"], audience: ["https://api.example"] },
      { scopes: ["a"] },
    ]
    expect(await run(Effect.forEach(requests, (request) => accessTokenOf(auth, request)))).toEqual([
      "token 1",
      "token 2",
      "token 2",
      "token 3",
      "token 4",
      "token 3",
    ])
  })

  test.each([
    [600, 540],
    [3600, 3540],
    [10, 9],
  ])("with a lifetime of %d seconds is renewed after %d", async (lifetime, renewedAfter) => {
    const auth = open(issuing({ expires_in: lifetime }))
    const accessTokens = await run(
      Effect.gen(function* () {
        const first = yield* accessTokenOf(auth)
        yield* TestClock.adjust(`${renewedAfter - 1} seconds`)
        const second = yield* accessTokenOf(auth)
        yield* TestClock.adjust("1500 millis")
        const duringRefresh = yield* accessTokenOf(auth)
        yield* untilRefreshed
        return [first, second, duringRefresh, yield* accessTokenOf(auth)]
      }),
    )
    expect(accessTokens).toEqual(["token 1", "token 1", "token 1", "token 2"])
  })

  test("is used until it expires when renewal fails, and not after", async () => {
    const transport = issuing()
    const auth = open(transport, { retry: false })
    const accessTokens = await run(
      Effect.gen(function* () {
        yield* accessTokenOf(auth)
        transport.respond = () => down
        yield* TestClock.adjust("570 seconds")
        const late = yield* accessTokenOf(auth)
        yield* TestClock.adjust("31 seconds")
        return [late, (yield* Effect.flip(accessTokenOf(auth))).reason._tag]
      }),
    )
    expect(accessTokens).toEqual(["token 1", "Unavailable"])
  })

  test.each<[string, ScriptedResponse, string]>([
    ["invalid_client", Effect.succeed(json({ error: "invalid_client" }, 401)), "InvalidClient"],
    ["invalid_scope", Effect.succeed(json({ error: "invalid_scope" }, 400)), "InvalidRequest"],
    ["unauthorized_client", Effect.succeed(json({ error: "unauthorized_client" }, 400)), "InvalidRequest"],
    ["a 403", Effect.succeed(json({}, 403)), "AccessDenied"],
    ["a 404", Effect.succeed(json({}, 404)), "UnexpectedResponse"],
    ["a response of another shape", Effect.succeed(json({})), "UnexpectedResponse"],
    ["a 429", Effect.succeed(json({}, 429)), "RateLimited"],
    ["a 503", Effect.succeed(json({}, 503)), "Unavailable"],
    ["no response", down, "Unavailable"],
  ])("is used until it expires when its renewal fails with %s", async (_, failure, tag) => {
    const transport = issuing()
    const auth = open(transport, { retry: false, circuitBreaker: false })
    const accessTokens = await run(
      Effect.gen(function* () {
        const first = yield* accessTokenOf(auth)
        transport.respond = () => failure
        yield* TestClock.adjust("541 seconds")
        const later: Array<string> = []
        for (let call = 0; call < 3; call++) {
          later.push(yield* accessTokenOf(auth))
          yield* untilRefreshed
          yield* TestClock.adjust("15 seconds")
        }
        yield* TestClock.adjust("15 seconds")
        return [first, ...later, (yield* Effect.flip(accessTokenOf(auth))).reason._tag]
      }),
    )
    expect(accessTokens).toEqual(["token 1", "token 1", "token 1", "token 1", tag])
    // The first one, a renewal for each call, and the last one.
    expect(transport.count("/token")).toBe(5)
  })

  test("is dropped when an API rejects it, although its renewal fails", async () => {
    const transport = issuing()
    const auth = open(transport, { retry: false })
    const tags = await run(
      Effect.gen(function* () {
        const refused = yield* accessTokenOf(auth)
        transport.respond = () => Effect.succeed(json({ error: "invalid_client" }, 401))
        const first = yield* Effect.flip(accessTokenOf(auth, {}, { refused }))
        return [first.reason._tag, (yield* Effect.flip(accessTokenOf(auth))).reason._tag]
      }),
    )
    expect(tags).toEqual(["InvalidClient", "InvalidClient"])
  })

  test("of another call is returned when the timeout of a call that shares no request expires", async () => {
    const transport = issuing()
    const { respond } = transport
    transport.respond = () => Effect.never
    const auth = open(transport)
    const accessTokens = await run(
      Effect.gen(function* () {
        const hanging = yield* Effect.forkChild(accessTokenOf(auth, {}, { retry: false, timeout: "1 second" }))
        while (transport.count("/token") === 0) yield* untilRefreshed
        transport.respond = respond
        const other = yield* accessTokenOf(auth)
        yield* TestClock.adjust("1 second")
        return [other, yield* Fiber.join(hanging)]
      }),
    )
    expect(accessTokens).toEqual(["token 2", "token 2"])
  })

  test("is not cached when the response has no expires_in", async () => {
    const auth = open(issuing({ expires_in: undefined }))
    expect(await run(Effect.all([accessTokenOf(auth), accessTokenOf(auth)]))).toEqual(["token 1", "token 2"])
  })

  test("is not cached when the token cache is off", async () => {
    const auth = open(issuing(), { tokenCache: false })
    expect(await run(Effect.all([accessTokenOf(auth), accessTokenOf(auth)]))).toEqual(["token 1", "token 2"])
  })

  test("is dropped once when an API rejects it, however many callers report it", async () => {
    const transport = issuing()
    const auth = open(transport)
    const accessTokens = await run(
      Effect.gen(function* () {
        const rejected = yield* accessTokenOf(auth)
        const report = accessTokenOf(auth, {}, { refused: rejected })
        const reports = yield* Effect.all(
          Array.from({ length: 50 }, () => report),
          { concurrency: "unbounded" },
        )
        return [...reports, yield* report]
      }),
    )
    expect(new Set(accessTokens)).toEqual(new Set(["token 2"]))
    expect(transport.count("/token")).toBe(2)
  })

  test("is dropped when it is revoked, and when userInfo rejects it", async () => {
    const transport = issuing()
    const auth = open(transport)
    const accessTokens = await run(
      Effect.gen(function* () {
        const first = yield* accessTokenOf(auth)
        yield* auth.revoke(first)
        const second = yield* accessTokenOf(auth)
        const { respond } = transport
        transport.respond = (request) =>
          request.url.endsWith("/userinfo")
            ? Effect.succeed(
                json({ error: "invalid_token" }, 401, { "www-authenticate": 'Bearer error="invalid_token"' }),
              )
            : respond(request)
        yield* Effect.flip(auth.userInfo(second))
        return [first, second, yield* accessTokenOf(auth)]
      }),
    )
    expect(accessTokens).toEqual(["token 1", "token 2", "token 3"])
  })

  test("cannot be changed by one caller for the next", async () => {
    const auth = open(issuing())
    const first = await run(auth.clientCredentials())
    first.expiresAt?.setTime(0)
    expect((await run(auth.clientCredentials())).expiresAt?.getTime()).toBeGreaterThan(0)
    expect(() => (first.scopes as Array<string>).push("admin")).toThrow(TypeError)
  })
})
describe("calls for a service token", () => {
  const issuingBy = (body: (form: URLSearchParams) => Readonly<Record<string, unknown>> | undefined) =>
    vendor(({ body: text }) => {
      const fields = body(new URLSearchParams(text))
      return fields === undefined ? Effect.succeed(json({ error: "invalid_scope" }, 400)) : tokens(fields)
    })

  test("with `retry: false` do not turn off the retries of later calls", async () => {
    const transport = issuing()
    const auth = open(transport)
    const outcome = await run(
      Effect.gen(function* () {
        transport.respond = () => down
        yield* Effect.flip(auth.clientCredentials({}, { retry: false }))
        let failures = 1
        transport.respond = () => (failures-- > 0 ? down : tokens())
        const call = yield* Effect.forkChild(auth.clientCredentials(), { startImmediately: true })
        return yield* runToEnd(call)
      }),
    )
    expect(outcome).toMatchObject({ accessToken: "issued" })
  })

  test("send the audience of the call, also when its array changed since an earlier call", async () => {
    const transport = issuingBy((form) => ({ access_token: `for ${form.getAll("audience").join()}` }))
    const auth = open(transport, { token: { audienceParameter: "audience" } })
    const audience = ["https://a.example"]
    const accessTokens = await run(
      Effect.gen(function* () {
        const first = yield* accessTokenOf(auth, { audience })
        audience[0] = "https://b.example"
        const second = yield* accessTokenOf(auth, { audience })
        return [first, second, yield* accessTokenOf(auth, { audience: ["https://a.example"] }, { refused: first })]
      }),
    )
    expect(accessTokens).toEqual(["for https://a.example", "for https://b.example", "for https://a.example"])
  })

  test("that fail, or whose token has no expiry, evict no cached token", async () => {
    const transport = issuingBy((form) => {
      const scope = form.get("scope") ?? ""
      if (scope.startsWith("unknown")) return undefined
      return scope.startsWith("endless") ? { access_token: scope, expires_in: undefined } : { access_token: scope }
    })
    const auth = open(transport)
    const requests = await run(
      Effect.gen(function* () {
        yield* auth.clientCredentials({ scopes: ["good"] })
        for (let index = 0; index < 600; index++) {
          yield* Effect.ignore(auth.clientCredentials({ scopes: [`unknown-${index}`] }))
          yield* auth.clientCredentials({ scopes: [`endless-${index}`] })
        }
        const before = transport.requests.length
        yield* auth.clientCredentials({ scopes: ["good"] })
        return transport.requests.length - before
      }),
    )
    expect(requests).toBe(0)
  })

  test("with `retry: false` count their tokens against the limit of the cache", async () => {
    const transport = issuingBy((form) => ({ access_token: `${form.get("scope")}${"x".repeat(60_000)}` }))
    const auth = open(transport)
    const requests = await run(
      Effect.gen(function* () {
        for (let index = 0; index < 400; index++)
          yield* auth.clientCredentials({ scopes: [`scope-${index}`] }, { retry: false })
        const before = transport.requests.length
        yield* auth.clientCredentials({ scopes: ["scope-0"] })
        return transport.requests.length - before
      }),
    )
    expect(requests).toBe(1)
  })

  test("recover after a request that hangs, once its callers have given up", async () => {
    const transport = vendor(() => Effect.never)
    const auth = open(transport, { retry: false })
    const outcome = await run(
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(Effect.flip(auth.clientCredentials({}, { timeout: "1 second" })), {
          startImmediately: true,
        })
        const reason = (yield* runToEnd(first)).reason._tag
        transport.respond = () => tokens()
        return [reason, (yield* auth.clientCredentials()).accessToken]
      }),
    )
    expect(outcome).toEqual(["Unavailable", "issued"])
  })
})

describe("refresh with one refresh token", () => {
  test("makes one request for concurrent calls, even when the first caller aborts", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(gate), tokens({ refresh_token: "next" })))
    const auth = open(transport)
    const results = await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(Array.from({ length: 100 }), () =>
          Effect.forkChild(auth.refresh("old"), { startImmediately: true }),
        )
        const [first, ...others] = callers
        if (first !== undefined) yield* Fiber.interrupt(first)
        yield* Deferred.succeed(gate, undefined)
        return yield* Effect.forEach(others, Fiber.join)
      }),
    )
    expect(new Set(results.map(({ refreshToken }) => refreshToken))).toEqual(new Set(["next"]))
    expect(results).toHaveLength(99)
    expect(transport.requests.length).toBe(1)
  })

  test("makes one request for equal sets of scopes, in any order and with repeats", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(gate), tokens()))
    const auth = open(transport)
    await run(
      Effect.gen(function* () {
        const callers = yield* Effect.forEach(
          [
            ["a", "b"],
            ["b", "a", "a"],
          ],
          (scopes) => Effect.forkChild(auth.refresh("old", { scopes }), { startImmediately: true }),
        )
        yield* Deferred.succeed(gate, undefined)
        return yield* Effect.forEach(callers, Fiber.join)
      }),
    )
    expect(transport.requests.length).toBe(1)
  })

  test("makes one request for each sequential call, because nothing is cached", async () => {
    const transport = issuing()
    const auth = open(transport)
    await run(Effect.all([auth.refresh("old"), auth.refresh("old")]))
    expect(transport.requests.length).toBe(2)
  })

  test("makes separate requests for different tokens, and with single flight off", async () => {
    const refreshTwice = (auth: ReturnType<typeof open>, secondToken: string) =>
      run(Effect.all([auth.refresh("one"), auth.refresh(secondToken)], { concurrency: "unbounded" }))
    const transport = issuing()
    await refreshTwice(open(transport), "two")
    expect(transport.requests.length).toBe(2)
    const unshared = issuing()
    await refreshTwice(open(unshared, { singleFlight: false }), "one")
    expect(unshared.requests.length).toBe(2)
  })
})
