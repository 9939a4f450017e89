/** A scripted vendor that records its requests, behind a provider with the default policies. */
// latchkey imports it at the first request that needs it; a file that is read late must not look like a slow vendor.
import "openid-client"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { make, type Reason, type Transport, type TransportRequest, type TransportResponse } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { vi } from "vitest"
import { json } from "../unit/scripted-transport.ts"

export type ScriptedResponse = Effect.Effect<TransportResponse, Reason>

/** The time at which every test begins, in milliseconds since 1970. */
export const start = Math.floor(Date.now() / 1000) * 1000

/** A transport that plays the vendor. It is mutable because a test changes the vendor's behaviour as it runs. */
export interface Vendor extends Transport {
  respond: (request: TransportRequest) => ScriptedResponse
  readonly requests: Array<TransportRequest>
  /** The number of requests whose URL ends with `path`. */
  readonly count: (path: string) => number
}

/** Makes a vendor that responds to every request with `respond`. */
export const vendor = (respond: Vendor["respond"]): Vendor => {
  const scripted: Vendor = {
    respond,
    requests: [],
    count: (path) => scripted.requests.filter(({ url }) => url.endsWith(path)).length,
    send: (request) =>
      Effect.suspend(() => {
        scripted.requests.push(request)
        return scripted.respond(request)
      }),
  }
  return scripted
}

/** The introspection response for an active token that expires in `seconds`. */
export const active = (more: Readonly<Record<string, unknown>> = {}, seconds = 3600): ScriptedResponse =>
  Effect.succeed(
    json({
      active: true,
      token_use: "access_token",
      sub: "user-1",
      exp: start / 1000 + seconds,
      ext: { a: ["b"] },
      ...more,
    }),
  )

/** Whether a request is latchkey's own: an introspection of a random UUID. */
export const isOwn = (request: TransportRequest): boolean => /^[0-9a-f-]{36}$/.test(tokenOf(request))

/** Lets an own request begin: the first one prepares its credentials, which takes a turn of the event loop. */
export const settle = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

export const inactive: ScriptedResponse = Effect.succeed(json({ active: false }))

export const down: ScriptedResponse = Effect.fail({ _tag: "Unavailable", detail: "connection refused" })

export const tokens = (more: Readonly<Record<string, unknown>> = {}): ScriptedResponse =>
  Effect.succeed(json({ access_token: "issued", token_type: "bearer", expires_in: 600, ...more }))

/** The token in the body of an introspection or revocation request. */
export const tokenOf = ({ body }: TransportRequest): string => new URLSearchParams(body).get("token") ?? ""

const issuer = "https://id.example"

export const settings = {
  issuer,
  clientId: "service",
  clientSecret: "a secret of ours",
  endpoints: {
    introspectionEndpoint: `${issuer}/introspect`,
    tokenEndpoint: `${issuer}/token`,
    revocationEndpoint: `${issuer}/revoke`,
    userinfoEndpoint: `${issuer}/userinfo`,
    jwksUri: `${issuer}/keys`,
  },
} as const

type Input = Parameters<typeof oidc>[0]

/** Makes the provider input for a transport. */
export const provider = (transport: Transport, changes: Partial<Input> = {}) =>
  oidc({ ...settings, ...changes }, { transport })

/** Opens the provider of a transport, with the Effect API. */
export const open = (transport: Transport, changes: Partial<Input> = {}) =>
  Effect.runSync(Effect.scoped(make(provider(transport, changes))))

/** Opens the provider of a transport until the scope closes, with its circuit breaker: that of `open` is closed. */
export const openScoped = (transport: Transport, changes: Partial<Input> = {}) =>
  make(provider(transport, { log: () => undefined, ...changes }))

/**
 * Runs a program under a test clock that stays at `start` until the test moves it. The platform's clock, which adapters
 * read when a response arrives, also stays at `start`, and the test clock does not move it.
 */
export const run = async <A, E>(program: Effect.Effect<A, E, Scope.Scope>): Promise<A> => {
  vi.useFakeTimers({ toFake: ["Date"], now: start })
  try {
    return await Effect.runPromise(
      Effect.andThen(TestClock.setTime(start), program).pipe(Effect.provide(TestClock.layer()), Effect.scoped),
    )
  } finally {
    vi.useRealTimers()
  }
}

/** Moves the test clock until the fiber ends, and lets the platform's own tasks run between the steps. */
export const runToEnd = <A, E>(fiber: Fiber.Fiber<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("1 minute")
    }
    return yield* Fiber.join(fiber)
  })
