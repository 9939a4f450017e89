import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { ActiveToken, TokenState } from "latchkey"
import { make } from "latchkey/effect"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { compose } from "../../src/core/policies/compose.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, inactive, open, presented, run, settings, start, vendor } from "./vendor.ts"

/** A provider that says nothing of where its answers come from. */
const ownProvider = {
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

/** Does whatever can be done to an answer; what cannot be is refused. */
const change = (token: ActiveToken): void => {
  const changes = [
    () => token.expiresAt?.setTime(0),
    () => token.source.live?.setTime(0),
    () => (token.audience as Array<string>).push("changed"),
    () => Object.assign(token.claims.ext as object, { a: "changed" }),
    () => Object.assign(token, { subject: "changed" }),
  ]
  for (const each of changes) {
    try {
      each()
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
    }
  }
}

/** Asks after each of these waits, and says how often the vendor was asked in all. */
const asking = (door: ReturnType<typeof vendor>, waits: ReadonlyArray<string>, config = {}) =>
  run(
    Effect.gen(function* () {
      const auth = open(door, config)
      for (const wait of waits) {
        yield* TestClock.adjust(wait as "1 second")
        yield* auth.introspect("token")
      }
      return door.count("/introspect")
    }),
  )

describe("an answer about a token", () => {
  test("serves for ten seconds, and not a moment longer", async () => {
    expect(
      await asking(
        vendor(() => active()),
        ["0 seconds", "10 seconds"],
      ),
    ).toBe(1)
    expect(
      await asking(
        vendor(() => active()),
        ["0 seconds", "10001 millis"],
      ),
    ).toBe(2)
  })

  test("serves for as long as the configuration says", async () => {
    const config = { cache: { maxAge: "1 minute" } }
    expect(
      await asking(
        vendor(() => active()),
        ["0 seconds", "60 seconds"],
        config,
      ),
    ).toBe(1)
    expect(
      await asking(
        vendor(() => active()),
        ["0 seconds", "61 seconds"],
        config,
      ),
    ).toBe(2)
  })

  test("never serves past the end of the token", async () => {
    expect(
      await asking(
        vendor(() => active({}, 5)),
        ["0 seconds", "4999 millis"],
      ),
    ).toBe(1)
    expect(
      await asking(
        vendor(() => active({}, 5)),
        ["0 seconds", "5 seconds"],
      ),
    ).toBe(2)
  })

  test("does not serve when the clock was set back", async () => {
    const door = vendor(() => active())
    const auth = open(door)
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.setTime(start - 3_600_000)
        yield* auth.introspect("token")
      }),
    )
    expect(door.count("/introspect")).toBe(2)
  })

  test("is kept anew when the clock was set back", async () => {
    const door = vendor(() => active())
    const auth = open(door)
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        yield* TestClock.setTime(start - 3_600_000)
        for (let count = 0; count < 5; count++) yield* auth.introspect("token")
      }),
    )
    expect(door.count("/introspect")).toBe(2)
  })

  test("that it is inactive serves for two seconds", async () => {
    expect(
      await asking(
        vendor(() => inactive),
        ["0 seconds", "2 seconds"],
      ),
    ).toBe(1)
    expect(
      await asking(
        vendor(() => inactive),
        ["0 seconds", "2001 millis"],
      ),
    ).toBe(2)
    expect(
      await asking(
        vendor(() => inactive),
        ["0 seconds", "0 seconds"],
        { cache: { inactiveMaxAge: 0 } },
      ),
    ).toBe(2)
  })

  test("that it is inactive is not kept of a vendor that says so when it is broken", async () => {
    const door = vendor(() => inactive)
    const urls = { publicUrl: "https://id.example", adminUrl: "https://admin.example" }
    const { clientId, clientSecret } = settings
    const auth = Effect.runSync(Effect.scoped(make(ory({ ...urls, clientId, clientSecret }, { transport: door }))))
    await run(Effect.all([auth.introspect("token"), auth.introspect("token")]))
    expect(door.count("/introspect")).toBe(2)
  })

  test("is one token's, and no other's", async () => {
    const door = vendor((request) => active({ sub: presented(request) }))
    const auth = open(door)
    const subjects = await run(
      Effect.forEach(["a", "b", "a", "b"], (token) =>
        Effect.map(auth.introspect(token), (state) => state.active && state.subject),
      ),
    )
    expect(subjects).toEqual(["a", "b", "a", "b"])
    expect(door.count("/introspect")).toBe(2)
  })

  test("is not remembered when there was none", async () => {
    const door = vendor(() => down)
    const auth = open(door, { retry: false })
    await run(Effect.flip(auth.introspect("token")))
    door.answer = () => active()
    expect(await run(auth.introspect("token"))).toMatchObject({ active: true })
  })

  test("is not remembered when the cache is off", async () => {
    expect(
      await asking(
        vendor(() => active()),
        ["0 seconds", "0 seconds"],
        { cache: false },
      ),
    ).toBe(2)
  })

  test("says when it was asked, however often it serves", async () => {
    const auth = open(vendor(() => active()))
    const [first, second] = (await run(
      Effect.all([auth.introspect("token"), auth.introspect("token")]),
    )) as ReadonlyArray<ActiveToken>
    expect(second).toEqual(first)
    expect(second?.source).toEqual({ live: expect.any(Date), stale: false })
  })

  test.each([
    { from: "a vendor", auth: () => open(vendor(() => active())) },
    { from: "a provider of somebody's own", auth: () => compose(ownProvider) },
  ])("from $from cannot be changed by one caller for the next", async ({ auth }) => {
    const asked = auth()
    const ask = async () => (await run(asked.introspect("token"))) as ActiveToken
    const answers = [await ask(), await ask(), await ask()]
    const unchanged = structuredClone(await ask())
    for (const answer of answers) change(answer)
    expect(await ask()).toEqual(unchanged)
    expect(unchanged).toMatchObject({ claims: { ext: { a: ["b"] } }, expiresAt: new Date(start + 3_600_000) })
  })
})

describe("the freshness of a call", () => {
  const asked = (door: ReturnType<typeof vendor>, seconds: number, freshness: "live" | { maxAge: number }) =>
    run(
      Effect.gen(function* () {
        const auth = open(door)
        yield* auth.introspect("token")
        yield* TestClock.adjust(`${seconds} seconds`)
        yield* auth.introspect("token", { freshness })
        return door.count("/introspect")
      }),
    )

  test("live asks whatever is remembered", async () => {
    expect(
      await asked(
        vendor(() => active()),
        0,
        "live",
      ),
    ).toBe(2)
  })

  test("a maximum age takes an answer of that age, and no older one", async () => {
    expect(
      await asked(
        vendor(() => active()),
        30,
        { maxAge: 30 },
      ),
    ).toBe(1)
    expect(
      await asked(
        vendor(() => active()),
        31,
        { maxAge: 30 },
      ),
    ).toBe(2)
    expect(
      await asked(
        vendor(() => active()),
        3,
        { maxAge: 2 },
      ),
    ).toBe(2)
  })

  test("live is remembered for those who ask after it", async () => {
    const door = vendor(() => active())
    const auth = open(door)
    await run(Effect.andThen(auth.introspect("token", { freshness: "live" }), auth.introspect("token")))
    expect(door.count("/introspect")).toBe(1)
  })

  test("live that says inactive drives out what was good", async () => {
    const door = vendor(() => active())
    const auth = open(door)
    const state = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        door.answer = () => inactive
        yield* auth.introspect("token", { freshness: "live" })
        return yield* auth.introspect("token", { freshness: { maxAge: 60 } })
      }),
    )
    expect(state).toEqual({ active: false })
  })

  test("an older question that is answered later does not drive out a younger answer", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const door = vendor(() => Effect.andThen(Deferred.await(slow), active({ sub: "old" })))
    const auth = open(door)
    const state = await run(
      Effect.gen(function* () {
        const old = yield* Effect.forkChild(auth.introspect("token", { freshness: "live" }))
        yield* TestClock.adjust("1 second")
        door.answer = () => active({ sub: "young" })
        yield* auth.introspect("token", { freshness: "live" })
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(old)
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toMatchObject({ subject: "young" })
  })
})

describe("an end of tokens", () => {
  const ok = Effect.succeed({ status: 200, headers: {}, body: "" })
  const door = () => vendor(({ url }) => (url.endsWith("/introspect") ? active() : ok))

  test("by revoke forgets all: a vendor may know that token by another spelling", async () => {
    const it = door()
    const auth = open(it)
    await run(Effect.all([auth.introspect("one"), auth.introspect("two"), auth.revoke("one")]))
    await run(Effect.all([auth.introspect("one"), auth.introspect("two")]))
    expect(it.asked.map(presented)).toEqual(["one", "two", "one", "one", "two"])
  })

  test("forgets also when no answer came: it may have been done", async () => {
    const it = door()
    const auth = open(it, { retry: false })
    await run(auth.introspect("one"))
    it.answer = ({ url }) => (url.endsWith("/introspect") ? inactive : down)
    await run(Effect.flip(auth.revoke("one")))
    expect(await run(auth.introspect("one"))).toEqual({ active: false })
  })

  test("beats a question under way: its answer is given to those who wait, and not remembered", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const it = vendor(({ url }) => (url.endsWith("/introspect") ? Effect.andThen(Deferred.await(slow), active()) : ok))
    const auth = open(it)
    const states = await run(
      Effect.gen(function* () {
        const early = yield* Effect.forkChild(auth.introspect("one"), { startImmediately: true })
        yield* auth.revoke("one")
        it.answer = () => inactive
        const late = yield* auth.introspect("one")
        yield* Deferred.succeed(slow, undefined)
        return [(yield* Fiber.join(early)).active, late.active, (yield* auth.introspect("one")).active]
      }),
    )
    expect(states).toEqual([true, false, false])
  })
})

describe("while the vendor is down", () => {
  const later = (config: object, seconds: number, freshness?: "live") =>
    run(
      Effect.gen(function* () {
        const door = vendor(() => active({}, 100))
        const auth = open(door, { retry: false, ...config })
        yield* auth.introspect("token")
        door.answer = () => down
        yield* TestClock.adjust(`${seconds} seconds`)
        return yield* Effect.match(auth.introspect("token", freshness && { freshness }), {
          onFailure: ({ reason }) => reason._tag,
          onSuccess: (state) => state.active && state.source.stale,
        })
      }),
    )

  test("an old answer does not serve unless that is configured", async () => {
    expect(await later({}, 11)).toBe("Unavailable")
  })

  test("an old answer serves within the bound and says that it is stale", async () => {
    const config = { staleIfUnavailable: "1 minute" }
    expect(await later(config, 5)).toBe(false)
    expect(await later(config, 60)).toBe(true)
    expect(await later(config, 61)).toBe("Unavailable")
  })

  test("an old answer never serves past the end of the token, nor one who asks live", async () => {
    expect(await later({ staleIfUnavailable: "1 hour" }, 100)).toBe("Unavailable")
    expect(await later({ staleIfUnavailable: "1 hour" }, 20, "live")).toBe("Unavailable")
  })

  test("an old answer does not serve when the vendor has answered, though with a refusal", async () => {
    const door = vendor(() => active())
    const auth = open(door, { staleIfUnavailable: "1 hour" })
    const error = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        door.answer = () => Effect.succeed(json({ error: "invalid_client" }, 401))
        yield* TestClock.adjust("1 minute")
        return yield* Effect.flip(auth.introspect("token"))
      }),
    )
    expect(error.reason._tag).toBe("InvalidClient")
  })

  test("nobody is ever told that a token is inactive", async () => {
    const door = vendor(() => down)
    const auth = open(door)
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
