import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { createAuth, type Fleet, type LogEvent } from "latchkey"
import { Auth, type AuthShape, fromEnv, make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expect, test, vi } from "vitest"
import { noReply, reportingFleet, unreachableFleet } from "../fleet/unreachable-fleet.ts"
import { audience, claims, issuer, signingKey, token } from "../jwt/signing-keys.ts"
import { down, introspection, jwkSet, run, type Vendor, vendor } from "../jwt/vendor.ts"
import { json, type Step, scripted } from "../unit/scripted-transport.ts"
import { configuration } from "../unit/standard-server.ts"

const key = signingKey("RS256")
const response = {
  active: true,
  token_use: "access_token",
  client_id: "app",
  sub: "user-1",
  aud: [audience],
  exp: claims.exp,
}

type Config = Partial<Parameters<typeof oidc>[0]>

const openOidc = (
  script: ReadonlyArray<Step>,
  events: Array<LogEvent> | undefined,
  changes: Config = {},
  options: { readonly fleet?: Fleet } = {},
) =>
  make(
    oidc(
      {
        ...configuration,
        retry: false,
        ...(events !== undefined && { log: (event: LogEvent) => events.push(event) }),
        ...changes,
      },
      { transport: scripted(...script), ...options },
    ),
  )

const openOry = (
  transport: Vendor,
  events: Array<LogEvent> | undefined,
  changes: { readonly log?: (event: LogEvent) => void } = {},
) =>
  make(
    ory(
      {
        ...{ clientId: "app", clientSecret: "a secret of ours", publicUrl: issuer, adminUrl: "https://admin.example" },
        ...{
          audience: [audience],
          retry: false,
          ...(events !== undefined && { log: (event: LogEvent) => events.push(event) }),
          ...changes,
        },
      },
      { transport },
    ),
  )

const live = { freshness: "live" } as const

const fiveFailures = Array.from({ length: 5 }, () => json({}, 503))

/** Five calls that fail, and latchkey's own request after them. */
const failFiveTimes = (auth: Pick<AuthShape, "introspect">) =>
  Effect.andThen(
    Effect.forEach(fiveFailures, () => Effect.exit(auth.introspect("opaque-token", live))),
    Effect.promise(() => new Promise((resolve) => setImmediate(resolve))),
  )

/** Each kind of event, and the calls that cause it. */
const situations: Readonly<
  Record<LogEvent["_tag"], (events: Array<LogEvent> | undefined) => Effect.Effect<unknown, unknown, Scope.Scope>>
> = {
  TokenRejected: (events) =>
    Effect.gen(function* () {
      const auth = yield* openOidc([json({ ...response, aud: "other" })], events, { audience: ["mine"] })
      yield* auth.introspect("opaque-token")
    }),
  CircuitOpened: (events) =>
    Effect.gen(function* () {
      const auth = yield* openOidc(fiveFailures.concat(json({}, 503)), events, { retry: false })
      yield* failFiveTimes(auth)
      yield* Effect.exit(auth.introspect("opaque-token", live))
    }),
  CircuitClosed: (events) =>
    Effect.gen(function* () {
      const ownRequests = [json({}, 503), json({ active: false })]
      const auth = yield* openOidc([...fiveFailures, ...ownRequests, json(response)], events, { retry: false })
      yield* failFiveTimes(auth)
      yield* TestClock.adjust("2 seconds")
      yield* auth.introspect("opaque-token", live)
    }),
  StaleServed: (events) =>
    Effect.gen(function* () {
      const auth = yield* openOidc([json(response), json({ message: "the database is locked" }, 503)], events, {
        staleIfError: "1 minute",
      })
      yield* auth.introspect("opaque-token")
      yield* TestClock.adjust("20 seconds")
      yield* auth.introspect("opaque-token")
    }),
  SecretFellBack: (events) =>
    Effect.gen(function* () {
      const rejected = json({ error: "invalid_client" }, 401)
      const auth = yield* openOidc([rejected, json(response), json(response)], events, {
        clientSecret: ["the first secret", "the second secret"],
      })
      yield* auth.introspect("opaque-token", live)
      yield* auth.introspect("opaque-token", live)
    }),
  KeysRefreshed: (events) =>
    Effect.gen(function* () {
      const transport = vendor(key.jwk)
      transport.live = introspection(response)
      const auth = yield* openOry(transport, events)
      const accessToken = yield* Effect.promise(() => token(key))
      yield* auth.introspect(accessToken, live)
      yield* auth.introspect(accessToken, live)
    }),
  KeysUnavailable: (events) =>
    Effect.gen(function* () {
      const transport = vendor(key.jwk)
      transport.keys = down
      transport.live = introspection(response)
      const auth = yield* openOry(transport, events)
      yield* auth.introspect(yield* Effect.promise(() => token(key)), live)
    }),
  CacheInvalidated: (events) =>
    Effect.gen(function* () {
      const auth = yield* openOidc([json({}, 200)], events)
      yield* auth.revoke("opaque-token")
    }),
  RevocationUnshared: (events) =>
    Effect.gen(function* () {
      const auth = yield* openOidc([json({}, 200)], events, {}, { fleet: unreachableFleet })
      yield* auth.revoke("opaque-token")
    }),
  FleetUnavailable: (events) =>
    Effect.gen(function* () {
      const { fleet, report } = reportingFleet()
      yield* openOidc([], events, {}, { fleet })
      report(noReply)
      yield* Effect.yieldNow
    }),
  FleetAvailable: (events) =>
    Effect.gen(function* () {
      const { fleet, report } = reportingFleet()
      yield* openOidc([], events, {}, { fleet })
      report(noReply)
      report(undefined)
      yield* Effect.yieldNow
    }),
}

const expected: Readonly<Record<LogEvent["_tag"], Omit<LogEvent, "_tag">>> = {
  TokenRejected: { provider: "oidc", check: "audience" },
  CircuitOpened: {
    ...{ provider: "oidc", origin: issuer, failures: 5 },
    ...{ detail: "status 503", url: `${issuer}/introspect` },
  },
  CircuitClosed: { provider: "oidc", origin: issuer },
  StaleServed: {
    ...{ provider: "oidc", reason: "Unavailable" },
    ...{ detail: "the database is locked", url: `${issuer}/introspect` },
  },
  SecretFellBack: { provider: "oidc", secret: 1 },
  KeysRefreshed: { provider: "ory", keys: 1 },
  KeysUnavailable: {
    ...{ provider: "ory", reason: "Unavailable" },
    ...{ detail: "connect ECONNREFUSED", url: `${issuer}/.well-known/jwks.json` },
  },
  CacheInvalidated: { provider: "oidc", operation: "revoke", extent: "unknown" },
  RevocationUnshared: { provider: "oidc", operation: "revoke" },
  FleetUnavailable: { provider: "oidc", detail: noReply.detail },
  FleetAvailable: { provider: "oidc" },
} as Readonly<Record<LogEvent["_tag"], Omit<LogEvent, "_tag">>>

const names = Object.keys(situations) as ReadonlyArray<LogEvent["_tag"]>

/** The events that come before another one. */
const before: ReadonlyMap<LogEvent["_tag"], LogEvent["_tag"]> = new Map([
  ["CircuitClosed", "CircuitOpened"],
  ["RevocationUnshared", "CacheInvalidated"],
  ["FleetAvailable", "FleetUnavailable"],
])

describe("the log of a configuration receives", () => {
  test.each(names)("%s once, and nothing else", async (name) => {
    const events: Array<LogEvent> = []
    await run(Effect.scoped(situations[name](events)) as Effect.Effect<unknown>)
    const others = events.filter(({ _tag }) => before.get(name) !== _tag)
    expect(others).toEqual([{ _tag: name, ...expected[name] }])
  })

  test("KeysUnavailable for an empty key set", async () => {
    const events: Array<LogEvent> = []
    const transport = vendor()
    transport.keys = jwkSet()
    transport.live = introspection(response)
    const accessToken = await token(key)
    await run(Effect.scoped(Effect.flatMap(openOry(transport, events), (auth) => auth.introspect(accessToken))))
    expect(events).toEqual([
      {
        ...{ _tag: "KeysUnavailable", provider: "ory", reason: "UnexpectedResponse" },
        ...{ detail: "expected keys, found an empty key set", url: `${issuer}/.well-known/jwks.json` },
      },
    ])
  })

  test("TokenRejected for a JWT that contradicts the vendor's response, and for one that is checked locally", async () => {
    const events: Array<LogEvent> = []
    const transport = vendor(key.jwk)
    transport.live = introspection({ ...response, client_id: "another" })
    const good = await token(key)
    const foreign = await token(key, { iss: "https://other.example" })
    await using auth = createAuth(
      ory(
        {
          ...{ clientId: "app", clientSecret: "a secret", publicUrl: issuer, adminUrl: "https://admin.example" },
          ...{ audience: [audience], log: (event) => events.push(event) },
        },
        { transport },
      ),
    )
    await auth.introspect(good)
    await auth.introspect(foreign, { freshness: "local" })
    expect(events.filter(({ _tag }) => _tag === "TokenRejected")).toMatchObject([
      { check: "rejected" },
      { check: "issuer" },
    ])
  })

  test("nothing from explain", async () => {
    const events: Array<LogEvent> = []
    const transport = vendor(key.jwk)
    transport.live = introspection({ ...response, aud: "other" })
    const program = Effect.flatMap(openOry(transport, events), (auth) =>
      Effect.andThen(auth.explain("opaque-token"), Effect.promise(() => token(key)).pipe(Effect.flatMap(auth.explain))),
    )
    await run(Effect.scoped(program))
    expect(events).toEqual([])
  })

  test.each([
    [
      "throws",
      () => {
        throw new Error("the log is broken")
      },
    ],
    ["returns a promise that rejects", () => Promise.reject(new Error("the log is broken"))],
  ] as const)("and a log that %s changes nothing", async (_what, log) => {
    const transport = vendor(key.jwk)
    transport.live = introspection(response)
    const accessToken = await token(key)
    const program = Effect.flatMap(openOry(transport, [], { log }), (auth) => auth.introspect(accessToken))
    expect(await run(Effect.scoped(program))).toMatchObject({ active: true })
    transport.keys = down
    expect(await run(Effect.scoped(program))).toMatchObject({ active: true })
  })
})

describe("without a log", () => {
  test.each(names)("the Effect API writes %s to Effect's logger", async (name) => {
    const written: Array<Readonly<Record<string, unknown>>> = []
    const logger = Logger.make(({ fiber }) => {
      written.push(fiber.getRef(References.CurrentLogAnnotations))
    })
    const program = situations[name](undefined).pipe(Effect.scoped, Effect.provide(Logger.layer([logger])))
    await run(program as Effect.Effect<unknown>)
    expect(written).toContainEqual({ event: name, ...expected[name] })
  })

  test("the Effect API writes a rejected token to Effect's logger, in both of its entries", async () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ message, logLevel }) => {
      lines.push(`${logLevel} ${String(message)}`)
    })
    const provider = () =>
      oidc({ ...configuration, audience: ["mine"] }, { transport: scripted(json({ ...response, aud: "other" })) })
    const viaMake = Effect.scoped(Effect.flatMap(make(provider()), (auth) => auth.introspect("opaque-token")))
    const viaLayer = Effect.provide(
      Effect.flatMap(Auth, (auth) => auth.introspect("opaque-token")),
      Auth.layer(provider()),
    )
    for (const program of [viaMake, viaLayer])
      await Effect.runPromise(program.pipe(Effect.provide(Logger.layer([logger]))))
    expect(lines).toEqual(["Info latchkey: token rejected", "Info latchkey: token rejected"])
  })

  test("the Promise API writes nothing", async () => {
    using log = vi.spyOn(console, "log").mockImplementation(() => undefined)
    const transport = scripted(json({ ...response, aud: "other" }))
    await using auth = createAuth(oidc({ ...configuration, audience: ["mine"] }, { transport }))
    expect(await auth.introspect("opaque-token")).toEqual({ active: false })
    expect(log).not.toHaveBeenCalled()
  })
})

describe("the member `log`", () => {
  test("is no variable of the environment", async () => {
    const env = { LATCHKEY_PROVIDER: "oidc", LATCHKEY_ISSUER: issuer, LATCHKEY_CLIENT_ID: "app", LATCHKEY_LOG: "x" }
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(env))))
    expect(error.message).toContain("LATCHKEY_LOG: unknown variable")
  })

  test("is a function", async () => {
    // @ts-expect-error
    const make = Effect.scoped(oidc({ ...configuration, log: "console" }))
    expect((await Effect.runPromise(Effect.flip(make))).message).toContain("log: expected a function")
  })
})
