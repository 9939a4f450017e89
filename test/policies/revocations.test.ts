import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { createAuth, type TokenState } from "latchkey"
import { make } from "latchkey/effect"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { makeAuth } from "../../src/core/auth.ts"
import type { Identity } from "../../src/ports/provider.ts"
import {
  active,
  down,
  inactive,
  open,
  provider,
  run,
  settings,
  tokenOf,
  tokens,
  type Vendor,
  vendor,
} from "./vendor.ts"

const ok = Effect.succeed({ status: 200, headers: {}, body: "" })

/** A token names its subject and client: `subject/client/number`. */
const stateOf = (token: string) => {
  const [sub, client_id] = token.split("/")
  return { ...(sub && { sub }), ...(client_id && { client_id }) }
}

/** A vendor at which every token is active unless it is in `ended`. */
const makeVendor = (ended: ReadonlySet<string> = new Set()): Vendor =>
  vendor((request) => {
    if (!request.url.endsWith("/introspect")) return ok
    const token = tokenOf(request)
    return ended.has(token) ? inactive : active(stateOf(token))
  })

const isActive = (state: TokenState) => state.active

/** Introspects tokens, runs `change`, and returns for each token whether the next introspection sends a request. */
const askedAgain = (
  names: ReadonlyArray<string>,
  change: (auth: ReturnType<typeof open>) => Effect.Effect<unknown, unknown>,
  transport = makeVendor(),
) =>
  run(
    Effect.gen(function* () {
      const auth = open(transport, { retry: false })
      for (const token of names) yield* auth.introspect(token)
      yield* Effect.ignore(change(auth))
      const asked: Array<string> = []
      for (const token of names) {
        const before = transport.count("/introspect")
        yield* auth.introspect(token)
        if (transport.count("/introspect") > before) asked.push(token)
      }
      return asked
    }),
  )

describe("a revoked token with a cached answer", () => {
  const names = ["u1/c1/1", "u1/c1/2", "u1/c2/1", "u2/c1/1", "u2/c2/1"]

  test("ends the answers of its subject and client, and no other", async () => {
    expect(await askedAgain(names, (auth) => auth.revoke("u1/c1/1"))).toEqual(["u1/c1/1", "u1/c1/2"])
  })

  test("ends them also when the response did not come", async () => {
    const transport = makeVendor()
    const { respond } = transport
    const change = (auth: ReturnType<typeof open>) =>
      Effect.suspend(() => {
        transport.respond = (request) => (request.url.endsWith("/revoke") ? down : respond(request))
        return auth.revoke("u1/c1/1")
      })
    expect(await askedAgain(names, change, transport)).toEqual(["u1/c1/1", "u1/c1/2"])
  })

  test("ends the answers of its subject at every client where the vendor's revocations do that", async () => {
    const transport = makeVendor()
    const wide = Effect.map(
      provider(transport),
      (exact): Identity => ({ ...exact, traits: { revocationEnds: "subject" } }),
    )
    const asked = await run(
      Effect.gen(function* () {
        const auth = yield* makeAuth(wide)
        for (const token of names) yield* auth.introspect(token)
        yield* auth.revoke("u1/c1/1")
        transport.requests.length = 0
        for (const token of names) yield* auth.introspect(token)
        return transport.requests.map(tokenOf)
      }).pipe(Effect.scoped),
    )
    expect(asked).toEqual(["u1/c1/1", "u1/c1/2", "u1/c2/1"])
  })

  test("without a subject and a client ends itself, and the others are asked about again", async () => {
    expect(await askedAgain(["//1", "//2"], (auth) => auth.revoke("//1"))).toEqual(["//1", "//2"])
  })

  test("ends the answers of its grant that are still under way", async () => {
    const slow = Deferred.makeUnsafe<void>()
    const transport = makeVendor()
    const { respond } = transport
    const requests = await run(
      Effect.gen(function* () {
        const auth = open(transport)
        yield* auth.introspect("u1/c1/1")
        transport.respond = (request) => Effect.andThen(Deferred.await(slow), respond(request))
        const underWay = yield* Effect.forkChild(auth.introspect("u1/c1/2"), { startImmediately: true })
        transport.respond = respond
        yield* auth.revoke("u1/c1/1")
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(underWay)
        transport.requests.length = 0
        yield* auth.introspect("u1/c1/2")
        return transport.requests.length
      }),
    )
    expect(requests).toBe(1)
  })

  test("ends its own answer that is still under way", async () => {
    const ended = new Set<string>()
    const slow = Deferred.makeUnsafe<void>()
    const transport = makeVendor(ended)
    const { respond } = transport
    const state = await run(
      Effect.gen(function* () {
        const auth = open(transport)
        const early = active(stateOf("u1/c1/1"))
        transport.respond = () => Effect.andThen(Deferred.await(slow), early)
        const underWay = yield* Effect.forkChild(auth.introspect("u1/c1/1"), { startImmediately: true })
        transport.respond = respond
        ended.add("u1/c1/1")
        yield* auth.revoke("u1/c1/1")
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(underWay)
        return yield* auth.introspect("u1/c1/1")
      }),
    )
    expect(state).toEqual({ active: false })
  })

  test("ends every spelling in which Ory accepts it", async () => {
    const key = "q".repeat(42)
    const asked: Array<string> = []
    const transport = vendor((request) => {
      if (!request.url.endsWith("/introspect")) return ok
      asked.push(tokenOf(request))
      // Without a subject and a client, so that only the spelling connects the answers.
      return active({ token_use: "access_token", sub: undefined, iss: "https://id.example" })
    })
    const { clientId, clientSecret } = settings
    const config = { publicUrl: "https://id.example", adminUrl: "https://admin.example", clientId, clientSecret }
    const auth = Effect.runSync(Effect.scoped(make(ory(config, { transport }))))
    const spelled = [`ory_at_${key}Q.sig`, `${key}Q.sig`, `${key}S.sig`, `ory_at_${key}T.sig`]
    const states = await run(
      Effect.gen(function* () {
        for (const token of spelled) yield* auth.introspect(token)
        yield* auth.revoke(`ory_at_${key}R.sig`)
        transport.respond = (request) => (request.url.endsWith("/introspect") ? inactive : ok)
        return yield* Effect.forEach(spelled, (token) => auth.introspect(token))
      }),
    )
    expect(states.map(isActive)).toEqual([false, false, false, false])
  })
})

describe("a refresh token that this provider issued", () => {
  const issuing = () => {
    const transport = makeVendor()
    const { respond } = transport
    let issued = 0
    transport.respond = (request) => {
      if (!request.url.endsWith("/token")) return respond(request)
      issued += 1
      return tokens({ access_token: `u1/c1/${issued}`, refresh_token: `refresh-${issued}` })
    }
    return transport
  }

  test("ends the access token that was issued with it when it is revoked, and no other subject's", async () => {
    const change = (auth: ReturnType<typeof open>) =>
      Effect.gen(function* () {
        yield* auth.refresh("refresh-0")
        yield* auth.revoke("refresh-1")
      })
    expect(await askedAgain(["u1/c1/1", "u1/c1/9", "u2/c1/1"], change, issuing())).toEqual(["u1/c1/1", "u1/c1/9"])
  })

  test("ends the access token that was issued with it when it is used", async () => {
    const change = (auth: ReturnType<typeof open>) =>
      Effect.gen(function* () {
        yield* auth.refresh("refresh-0")
        yield* auth.refresh("refresh-1")
      })
    expect(await askedAgain(["u1/c1/1", "u1/c1/9", "u2/c1/1"], change, issuing())).toEqual(["u1/c1/1"])
  })
})

describe("an administrator's operation", () => {
  const names = ["u1/c1/1", "u1/c2/1", "u2/c1/1", "u2/c2/1"]
  const { clientId, clientSecret } = settings
  const config = { publicUrl: "https://id.example", adminUrl: "https://admin.example", clientId, clientSecret }
  type Auth = ReturnType<typeof openOry>
  const openOry = (transport: Vendor) => Effect.runSync(Effect.scoped(make(ory(config, { transport }))))

  /** Returns the tokens for which a caller waits after the operation. */
  const waitedFor = (operation: (auth: Auth) => Effect.Effect<unknown, unknown>) => {
    const transport = vendor((request) =>
      request.url.endsWith("/introspect")
        ? active({ ...stateOf(tokenOf(request)), iss: "https://id.example" })
        : Effect.succeed({ status: request.url.endsWith("/revoke") ? 200 : 204, headers: {}, body: "" }),
    )
    return run(
      Effect.gen(function* () {
        const auth = openOry(transport)
        for (const token of names) yield* auth.introspect(token)
        yield* operation(auth)
        // A request in the background never ends, and a caller that waits for one gives up.
        transport.respond = () => Effect.never
        const waited: Array<string> = []
        for (const token of names) {
          const call = yield* Effect.forkChild(auth.introspect(token), { startImmediately: true })
          if (call.pollUnsafe() === undefined) waited.push(token)
          yield* Fiber.interrupt(call)
        }
        return waited
      }),
    )
  }

  test.each<readonly [string, (auth: Auth) => Effect.Effect<unknown, unknown>, ReadonlyArray<string>]>([
    ["clients.remove", (auth) => auth.clients.remove("c1"), ["u1/c1/1", "u2/c1/1"]],
    ["clients.revokeTokens", (auth) => auth.clients.revokeTokens("c1"), ["u1/c1/1", "u2/c1/1"]],
    [
      "consent.revokeSessions of a subject and client",
      (auth) => auth.consent.revokeSessions({ subject: "u1", client: "c1" }),
      ["u1/c1/1"],
    ],
    [
      "consent.revokeSessions of a subject",
      (auth) => auth.consent.revokeSessions({ subject: "u1", all: true }),
      ["u1/c1/1", "u1/c2/1"],
    ],
    ["consent.revokeSessions of a request", (auth) => auth.consent.revokeSessions({ consentRequestId: "r" }), []],
    [
      "consent.revokeLoginSessions of a subject",
      (auth) => auth.consent.revokeLoginSessions({ subject: "u2" }),
      ["u2/c1/1", "u2/c2/1"],
    ],
    ["session.end", (auth) => auth.session.end({ idTokenHint: "hint", returnTo: "https://app.example" }), []],
    ["revoke of a text that cannot be a token", (auth) => auth.revoke("é"), []],
    ["revoke of an unknown token", (auth) => auth.revoke("unknown"), []],
  ])("%s ends the answers that its arguments name", async (_, operation, expected) => {
    expect(await waitedFor(operation)).toEqual(expected)
  })
})

test.each(["é", "a\nb", "x".repeat(2_000_000)])(
  "a revocation of a text that cannot be a token causes no request",
  async (text) => {
    expect(await askedAgain(["u1/c1/1", "u2/c1/1"], (auth) => auth.revoke(text))).toEqual([])
  },
)

describe("a revocation of a token without a cached answer", () => {
  const names = ["u1/c1/1", "u2/c1/1"]

  /** Introspects one token; the requests that this sends in the background have ended afterwards. */
  const hits = (auth: ReturnType<typeof open>, transport: Vendor, token: string) =>
    Effect.gen(function* () {
      const before = transport.count("/introspect")
      const { active: isActiveNow } = yield* auth.introspect(token)
      return [isActiveNow, transport.count("/introspect") - before] as const
    })

  test("lets each answer be used once more, while one request finds out whether it still holds", async () => {
    const ended = new Set<string>()
    const transport = makeVendor(ended)
    const outcomes = await run(
      Effect.gen(function* () {
        const auth = open(transport)
        for (const token of names) yield* auth.introspect(token)
        ended.add("u1/c1/1")
        yield* auth.revoke("its-refresh-token")
        const first = yield* Effect.forEach(names, (token) => hits(auth, transport, token))
        const second = yield* Effect.forEach(names, (token) => hits(auth, transport, token))
        return [first, second]
      }),
    )
    expect(outcomes).toEqual([
      [
        [true, 1],
        [true, 1],
      ],
      [
        [false, 0],
        [true, 0],
      ],
    ])
  })

  test("does the same in the Promise API", async () => {
    const ended = new Set<string>()
    const transport = makeVendor(ended)
    const auth = createAuth(provider(transport))
    const exp = Math.floor(Date.now() / 1000) + 3600
    const { respond } = transport
    transport.respond = (request) =>
      request.url.endsWith("/introspect") && !ended.has(tokenOf(request))
        ? active({ ...stateOf(tokenOf(request)), exp })
        : respond(request)
    await auth.introspect("u1/c1/1")
    await auth.introspect("u1/c1/1")
    ended.add("u1/c1/1")
    await auth.revoke("its-refresh-token")
    expect(await auth.introspect("u1/c1/1")).toMatchObject({ active: true })
    expect(await auth.introspect("u1/c1/1")).toEqual({ active: false })
    expect(transport.count("/introspect")).toBe(2)
    await auth.close()
  })

  test("asks about a token again at most once in half of maxAge, however many revocations there are", async () => {
    const transport = makeVendor()
    const requests = await run(
      Effect.gen(function* () {
        const auth = open(transport, { cache: { maxAge: "10 seconds" } })
        for (let step = 0; step < 600; step++) {
          yield* auth.revoke(`unknown-${step}`)
          yield* auth.introspect("u1/c1/1")
          yield* TestClock.adjust("100 millis")
        }
        return transport.count("/introspect")
      }),
    )
    expect(requests).toBeGreaterThanOrEqual(12)
    expect(requests).toBeLessThanOrEqual(14)
  })

  test("asks about at most 16 tokens at the same time, and about the others later", async () => {
    const transport = makeVendor()
    const { respond } = transport
    const many = Array.from({ length: 40 }, (_, index) => `u${index}/c1/1`)
    const counts = await run(
      Effect.gen(function* () {
        const auth = open(transport)
        const slow = yield* Deferred.make<void>()
        for (const token of many) yield* auth.introspect(token)
        yield* auth.revoke("unknown")
        transport.respond = (request) => Effect.andThen(Deferred.await(slow), respond(request))
        const before = transport.count("/introspect")
        for (const token of many) yield* auth.introspect(token)
        const atOnce = transport.count("/introspect") - before
        yield* Deferred.succeed(slow, undefined)
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        for (const token of many) yield* auth.introspect(token)
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        return [atOnce, transport.count("/introspect") - before]
      }),
    )
    expect(counts).toEqual([16, 40])
  })

  test("is not answered by a request that was in flight before it", async () => {
    const ended = new Set<string>()
    const slow = Deferred.makeUnsafe<void>()
    const transport = makeVendor(ended)
    const { respond } = transport
    const states = await run(
      Effect.gen(function* () {
        const auth = open(transport)
        yield* auth.introspect("u1/c1/1")
        yield* TestClock.adjust("1 second")
        const early = active(stateOf("u1/c1/1"))
        transport.respond = () => Effect.andThen(Deferred.await(slow), early)
        const underWay = yield* Effect.forkChild(auth.introspect("u1/c1/1", { freshness: { maxAge: "0 seconds" } }), {
          startImmediately: true,
        })
        transport.respond = respond
        ended.add("u1/c1/1")
        yield* auth.revoke("its-refresh-token")
        const first = yield* auth.introspect("u1/c1/1")
        yield* Deferred.succeed(slow, undefined)
        yield* Fiber.join(underWay)
        return [first, yield* auth.introspect("u1/c1/1")]
      }),
    )
    expect(states.map(isActive)).toEqual([true, false])
  })

  test("keeps an answer when the request in the background fails, up to maxAge", async () => {
    const transport = makeVendor()
    const { respond } = transport
    const states = await run(
      Effect.gen(function* () {
        const auth = open(transport, { retry: false })
        yield* auth.introspect("u1/c1/1")
        yield* auth.revoke("unknown")
        transport.respond = () => down
        yield* auth.introspect("u1/c1/1")
        const within = yield* auth.introspect("u1/c1/1")
        yield* TestClock.adjust("10001 millis")
        const later = yield* Effect.flip(auth.introspect("u1/c1/1"))
        transport.respond = respond
        return [within.active, later.reason._tag]
      }),
    )
    expect(states).toEqual([true, "Unavailable"])
  })
})

describe("for any order of introspections and revocations", () => {
  const token = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 }))
  const step = fc.oneof(
    { weight: 4, arbitrary: token.map((of) => ({ kind: "introspect", of }) as const) },
    { weight: 2, arbitrary: token.map((of) => ({ kind: "revoke", of }) as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "unknown" } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "garbage" } as const) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 9000 }).map((millis) => ({ kind: "wait", millis }) as const) },
  )
  const nameOf = ([user, client, number]: readonly [number, number, number]) => `u${user}/c${client}/${number}`

  test("a revoked token is never active again, and no answer is older than maxAge", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const ended = new Set<string>()
        const transport = makeVendor(ended)
        await run(
          Effect.gen(function* () {
            const auth = open(transport)
            const endedAt = new Map<string, number>()
            let now = 0
            for (const each of steps) {
              if (each.kind === "wait") {
                now += each.millis
                yield* TestClock.adjust(each.millis)
              } else if (each.kind === "unknown") yield* auth.revoke(`unknown-${now}`)
              else if (each.kind === "garbage") yield* auth.revoke("é")
              else if (each.kind === "revoke") {
                const name = nameOf(each.of)
                ended.add(name)
                // As many vendors do: the other tokens of the grant end too.
                const other = name.endsWith("1") ? name.replace(/1$/, "0") : name.replace(/0$/, "1")
                ended.add(other)
                endedAt.set(other, endedAt.get(other) ?? now)
                yield* auth.revoke(name)
                endedAt.set(name, Number.NEGATIVE_INFINITY)
              } else {
                const name = nameOf(each.of)
                const state = yield* auth.introspect(name)
                // The token itself at once; a token that ended with it within maxAge.
                const since = endedAt.get(name)
                if (state.active && since !== undefined) expect(now - since).toBeLessThanOrEqual(10_000)
                if (!state.active) expect(ended.has(name)).toBe(true)
              }
            }
          }),
        )
      }),
      { numRuns: 300 },
    ))

  test("an answer of another subject is still used after a revocation of a cached token", () =>
    fc.assert(
      fc.asyncProperty(token, token, async (one, other) => {
        fc.pre(one[0] !== other[0])
        expect(await askedAgain([nameOf(one), nameOf(other)], (auth) => auth.revoke(nameOf(one)))).toEqual([
          nameOf(one),
        ])
      }),
      { numRuns: 30 },
    ))
})

describe("under an attack of ten calls a second, with 550 introspections a second of 200 tokens", () => {
  const attacks: ReadonlyArray<
    readonly [string, (auth: ReturnType<typeof open>, at: number) => Effect.Effect<unknown, unknown>]
  > = [
    ["nothing", () => Effect.void],
    ["revocations of a text that cannot be a token", (auth) => auth.revoke("garbage é")],
    ["revocations of the text garbage", (auth) => auth.revoke("garbage")],
    ["revocations of unknown tokens", (auth, at) => auth.revoke(`ory_rt_${at}.${at}`)],
    ["logouts", (auth) => auth.session.end({ returnTo: "https://app.example" })],
  ]

  test.each(attacks)("%s: more than 90 % of the calls do not wait for the vendor", async (_, attack) => {
    const transport = makeVendor()
    const endpoints = { ...settings.endpoints, endSessionEndpoint: "https://id.example/end" }
    const seconds = 60
    const result = await run(
      Effect.gen(function* () {
        const auth = open(transport, { endpoints, log: () => undefined })
        let waited = 0
        let calls = 0
        // Every request ends only when the clock moves: a call that waits for one is seen.
        const { respond } = transport
        transport.respond = (request) =>
          request.url.endsWith("/introspect") ? Effect.delay(respond(request), "20 millis") : respond(request)
        for (let tick = 0; tick < seconds * 10; tick++) {
          yield* attack(auth, tick)
          for (let index = 0; index < 55; index++) {
            const call = yield* Effect.forkChild(auth.introspect(`u${(calls * 7) % 200}/c1/1`), {
              startImmediately: true,
            })
            calls += 1
            if (call.pollUnsafe() === undefined) waited += 1
          }
          yield* TestClock.adjust("100 millis")
        }
        return { hitRate: 1 - waited / calls, requestsPerSecond: transport.count("/introspect") / seconds }
      }),
    )
    expect(result.hitRate).toBeGreaterThan(0.9)
    // At most twice the 20 requests a second without an attack, and the first 200.
    expect(result.requestsPerSecond).toBeLessThan(2 * 20 + 200 / seconds + 1)
  })
})
