import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { ActiveToken, Freshness, TokenState } from "latchkey"
import { make } from "latchkey/effect"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { compose } from "../../src/core/policies/compose.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, inactive, open, run, type ScriptedResponse, settings, start, tokenOf, vendor } from "./vendor.ts"

/** A custom provider without a backend identity. */
const customProvider = {
  id: "own",
  can: new Set(["introspect"] as const),
  instead: {},
  introspect: () =>
    Effect.sync(
      (): TokenState => ({
        active: true,
        use: "access_token",
        audience: ["orders"],
        expiresAt: new Date(start + 3_600_000),
        claims: { ext: { a: ["b"] } },
        source: { live: new Date(start), stale: false },
      }),
    ),
}

/** Tries every change to a result; an impossible change throws a TypeError. */
const tryToChange = (token: ActiveToken): void => {
  const changes = [
    () => token.expiresAt?.setTime(0),
    () => token.source.live?.setTime(0),
    () => (token.audience as Array<string>).push("changed"),
    () => Object.assign(token.claims.ext as object, { a: "changed" }),
    () => Object.assign(token, { subject: "changed" }),
  ]
  for (const change of changes) {
    try {
      change()
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
    }
  }
}

/** Introspects after each of these waits, and returns the total number of requests. */
const requestsAfter = (transport: ReturnType<typeof vendor>, waits: ReadonlyArray<string>, config = {}) =>
  run(
    Effect.gen(function* () {
      const auth = open(transport, config)
      for (const wait of waits) {
        yield* TestClock.adjust(wait as "1 second")
        yield* auth.introspect("token")
      }
      return transport.count("/introspect")
    }),
  )

describe("a cached introspection", () => {
  test("is used up to an age of ten seconds and no longer", async () => {
    expect(
      await requestsAfter(
        vendor(() => active()),
        ["0 seconds", "10 seconds"],
      ),
    ).toBe(1)
    expect(
      await requestsAfter(
        vendor(() => active()),
        ["0 seconds", "10001 millis"],
      ),
    ).toBe(2)
  })

  test("is used up to the configured age and no longer", async () => {
    const config = { cache: { maxAge: "1 minute" } }
    expect(
      await requestsAfter(
        vendor(() => active()),
        ["0 seconds", "60 seconds"],
        config,
      ),
    ).toBe(1)
    expect(
      await requestsAfter(
        vendor(() => active()),
        ["0 seconds", "61 seconds"],
        config,
      ),
    ).toBe(2)
  })

  test("is never used from the token's exp on", async () => {
    expect(
      await requestsAfter(
        vendor(() => active({}, 5)),
        ["0 seconds", "4999 millis"],
      ),
    ).toBe(1)
    expect(
      await requestsAfter(
        vendor(() => active({}, 5)),
        ["0 seconds", "5 seconds"],
      ),
    ).toBe(2)
  })

  test("is not used when the clock has moved back", async () => {
    const transport = vendor(() => active())
    const auth = open(transport)
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.setTime(start - 3_600_000)
        yield* auth.introspect("token")
      }),
    )
    expect(transport.count("/introspect")).toBe(2)
  })

  test("is replaced when the clock has moved back", async () => {
    const transport = vendor(() => active())
    const auth = open(transport)
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.setTime(start - 3_600_000)
        for (let count = 0; count < 5; count++) yield* auth.introspect("token")
      }),
    )
    expect(transport.count("/introspect")).toBe(2)
  })

  test("of an inactive token is used up to an age of two seconds", async () => {
    expect(
      await requestsAfter(
        vendor(() => inactive),
        ["0 seconds", "2 seconds"],
      ),
    ).toBe(1)
    expect(
      await requestsAfter(
        vendor(() => inactive),
        ["0 seconds", "2001 millis"],
      ),
    ).toBe(2)
    expect(
      await requestsAfter(
        vendor(() => inactive),
        ["0 seconds", "0 seconds"],
        { cache: { inactiveMaxAge: "0 millis" } },
      ),
    ).toBe(2)
  })

  test('of an inactive token is not cached for a vendor that also returns "inactive" when it is broken', async () => {
    const transport = vendor(() => inactive)
    const urls = { publicUrl: "https://id.example", adminUrl: "https://admin.example" }
    const { clientId, clientSecret } = settings
    const auth = Effect.runSync(Effect.scoped(make(ory({ ...urls, clientId, clientSecret }, { transport }))))
    await run(Effect.all([auth.introspect("token"), auth.introspect("token")]))
    expect(transport.count("/introspect")).toBe(2)
  })

  test("belongs to one token", async () => {
    const transport = vendor((request) => active({ sub: tokenOf(request) }))
    const auth = open(transport)
    const subjects = await run(
      Effect.forEach(["a", "b", "a", "b"], (token) =>
        Effect.map(auth.introspect(token), (state) => state.active && state.subject),
      ),
    )
    expect(subjects).toEqual(["a", "b", "a", "b"])
    expect(transport.count("/introspect")).toBe(2)
  })

  test("does not exist after a failed request", async () => {
    const transport = vendor(() => down)
    const auth = open(transport, { retry: false })
    await run(Effect.flip(auth.introspect("token")))
    transport.respond = () => active()
    expect(await run(auth.introspect("token"))).toMatchObject({ active: true })
  })

  test("does not exist when the cache is off", async () => {
    expect(
      await requestsAfter(
        vendor(() => active()),
        ["0 seconds", "0 seconds"],
        { cache: false },
      ),
    ).toBe(2)
  })

  test("keeps the time of its request, however often it is used", async () => {
    const auth = open(vendor(() => active()))
    const [first, second] = (await run(
      Effect.all([auth.introspect("token"), auth.introspect("token")]),
    )) as ReadonlyArray<ActiveToken>
    expect(second).toEqual(first)
    expect(second?.source).toEqual({ live: expect.any(Date), stale: false })
  })

  test.each([
    { from: "a vendor", auth: () => open(vendor(() => active())) },
    { from: "a custom provider", auth: () => compose(customProvider) },
  ])("from $from cannot be changed by one caller for the next", async ({ auth }) => {
    const opened = auth()
    const introspect = async () => (await run(opened.introspect("token"))) as ActiveToken
    const results = [await introspect(), await introspect(), await introspect()]
    const unchanged = structuredClone(await introspect())
    for (const result of results) tryToChange(result)
    expect(await introspect()).toEqual(unchanged)
    expect(unchanged).toMatchObject({ claims: { ext: { a: ["b"] } }, expiresAt: new Date(start + 3_600_000) })
  })
})

describe("the freshness of a call", () => {
  const requestsWith = (transport: ReturnType<typeof vendor>, seconds: number, freshness: Freshness) =>
    run(
      Effect.gen(function* () {
        const auth = open(transport)
        yield* auth.introspect("token")
        yield* TestClock.adjust(`${seconds} seconds`)
        yield* auth.introspect("token", { freshness })
        return transport.count("/introspect")
      }),
    )

  test('"live" bypasses the cache', async () => {
    expect(
      await requestsWith(
        vendor(() => active()),
        0,
        "live",
      ),
    ).toBe(2)
  })

  test("maxAge accepts a cached answer of that age and no older one", async () => {
    expect(
      await requestsWith(
        vendor(() => active()),
        30,
        { maxAge: "30 seconds" },
      ),
    ).toBe(1)
    expect(
      await requestsWith(
        vendor(() => active()),
        31,
        { maxAge: "30 seconds" },
      ),
    ).toBe(2)
    expect(
      await requestsWith(
        vendor(() => active()),
        3,
        { maxAge: "2 seconds" },
      ),
    ).toBe(2)
  })

  test('"live" stores its result for later calls', async () => {
    const transport = vendor(() => active())
    const auth = open(transport)
    await run(Effect.andThen(auth.introspect("token", { freshness: "live" }), auth.introspect("token")))
    expect(transport.count("/introspect")).toBe(1)
  })

  test('"live" replaces a cached "active" with "inactive"', async () => {
    const transport = vendor(() => active())
    const auth = open(transport)
    const state = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = () => inactive
        yield* auth.introspect("token", { freshness: "live" })
        return yield* auth.introspect("token", { freshness: { maxAge: "1 minute" } })
      }),
    )
    expect(state).toEqual({ active: false })
  })

  test('the late response to an older "live" request does not replace a newer one', async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = vendor(() => Effect.andThen(Deferred.await(slow), active({ sub: "old" })))
    const auth = open(transport)
    const state = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token", { freshness: "live" }))
        yield* TestClock.adjust("1 second")
        transport.respond = () => active({ sub: "young" })
        yield* auth.introspect("token", { freshness: "live" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toMatchObject({ subject: "young" })
  })
})

describe("an operation that ends tokens", () => {
  const ok = Effect.succeed({ status: 200, headers: {}, body: "" })
  const makeVendor = () => vendor(({ url }) => (url.endsWith("/introspect") ? active() : ok))

  test("forgets every token of the same subject and client", async () => {
    const transport = makeVendor()
    const auth = open(transport)
    await run(Effect.all([auth.introspect("one"), auth.introspect("two"), auth.revoke("one")]))
    await run(Effect.all([auth.introspect("one"), auth.introspect("two")]))
    expect(transport.requests.map(tokenOf)).toEqual(["one", "two", "one", "one", "two"])
  })

  test("forgets also when it got no response, because the vendor may have acted", async () => {
    const transport = makeVendor()
    const auth = open(transport, { retry: false })
    await run(auth.introspect("one"))
    transport.respond = ({ url }) => (url.endsWith("/introspect") ? inactive : down)
    await run(Effect.flip(auth.revoke("one")))
    expect(await run(auth.introspect("one"))).toEqual({ active: false })
  })

  test("keeps the result of an introspection under way out of the cache", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = vendor(({ url }) =>
      url.endsWith("/introspect") ? Effect.andThen(Deferred.await(slow), active()) : ok,
    )
    const auth = open(transport)
    const states = await run(
      Effect.gen(function* () {
        const early = yield* Effect.forkChild(auth.introspect("one"), { startImmediately: true })
        yield* auth.revoke("one")
        transport.respond = () => inactive
        const late = yield* auth.introspect("one")
        yield* Deferred.succeed(slow, undefined)
        return [(yield* Fiber.join(early)).active, late.active, (yield* auth.introspect("one")).active]
      }),
    )
    expect(states).toEqual([true, false, false])
  })
})

describe("while the vendor is down", () => {
  const introspectLater = (config: object, seconds: number, freshness?: "live", outage = down) =>
    run(
      Effect.gen(function* () {
        const transport = vendor(() => active({}, 100))
        const auth = open(transport, { retry: false, ...config })
        yield* auth.introspect("token")
        transport.respond = () => outage
        yield* TestClock.adjust(`${seconds} seconds`)
        return yield* Effect.match(auth.introspect("token", freshness && { freshness }), {
          onFailure: ({ reason }) => reason._tag,
          onSuccess: (state) => state.active && state.source.stale,
        })
      }),
    )

  test("an old cached answer is not used by default", async () => {
    expect(await introspectLater({}, 11)).toBe("Unavailable")
  })

  test("an old cached answer is used up to the configured age and is marked stale", async () => {
    const config = { staleIfError: "1 minute" }
    expect(await introspectLater(config, 5)).toBe(false)
    expect(await introspectLater(config, 60)).toBe(true)
    expect(await introspectLater(config, 61)).toBe("Unavailable")
  })

  test("a stale answer is used although an operator must correct the failure", async () => {
    const expired: ScriptedResponse = Effect.fail({ _tag: "Unavailable", detail: "TLS failure", permanent: true })
    expect(await introspectLater({ staleIfError: "1 minute" }, 60, undefined, expired)).toBe(true)
  })

  test('an old cached answer is never used from the token\'s exp on, or with freshness "live"', async () => {
    expect(await introspectLater({ staleIfError: "1 hour" }, 100)).toBe("Unavailable")
    expect(await introspectLater({ staleIfError: "1 hour" }, 20, "live")).toBe("Unavailable")
  })

  test("an old cached answer is not used when the vendor responds with an error", async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { staleIfError: "1 hour" })
    const error = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = () => Effect.succeed(json({ error: "invalid_client" }, 401))
        yield* TestClock.adjust("1 minute")
        return yield* Effect.flip(auth.introspect("token"))
      }),
    )
    expect(error.reason._tag).toBe("InvalidClient")
  })

  test('a call fails instead of returning "inactive"', async () => {
    const transport = vendor(() => down)
    const auth = open(transport)
    const error = await run(
      Effect.gen(function* () {
        const call = yield* Effect.forkChild(Effect.flip(auth.introspect("token")))
        yield* TestClock.adjust("1 minute")
        return yield* Fiber.join(call)
      }),
    )
    expect(error.reason._tag).toBe("Unavailable")
  })
})
