/** A vendor behind a scripted door that counts what it is asked, and everything around it that is on by default. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { make, type Reason, type Transport, type TransportRequest, type TransportResponse } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { vi } from "vitest"
import { json } from "../unit/scripted-transport.ts"

export type Answer = Effect.Effect<TransportResponse, Reason>

/** The moment at which every test begins, in milliseconds since 1970. */
export const start = Math.floor(Date.now() / 1000) * 1000

/** Mutable on purpose: a test changes what the vendor does as it goes. */
export interface Vendor extends Transport {
  answer: (request: TransportRequest) => Answer
  readonly asked: Array<TransportRequest>
  /** How often it was asked at a path that ends so. */
  readonly count: (path: string) => number
}

/** A vendor that answers every request so. */
export const vendor = (answer: Vendor["answer"]): Vendor => {
  const it: Vendor = {
    answer,
    asked: [],
    count: (path) => it.asked.filter(({ url }) => url.endsWith(path)).length,
    send: (request) =>
      Effect.suspend(() => {
        it.asked.push(request)
        return it.answer(request)
      }),
  }
  return it
}

/** What it says of a good token that ends after these seconds. */
export const active = (more: Readonly<Record<string, unknown>> = {}, seconds = 3600): Answer =>
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

export const inactive: Answer = Effect.succeed(json({ active: false }))

export const down: Answer = Effect.fail({ _tag: "Unavailable", detail: "connection refused" })

export const tokens = (more: Readonly<Record<string, unknown>> = {}): Answer =>
  Effect.succeed(json({ access_token: "issued", token_type: "bearer", expires_in: 600, ...more }))

/** The token that a request about one presents. */
export const presented = ({ body }: TransportRequest): string => new URLSearchParams(body).get("token") ?? ""

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

/** The provider's input for {@link vendor}. */
export const provider = (transport: Transport, changes: Partial<Input> = {}) =>
  oidc({ ...settings, ...changes }, { transport })

/** The Effect face. */
export const open = (transport: Transport, changes: Partial<Input> = {}) =>
  Effect.runSync(Effect.scoped(make(provider(transport, changes))))

/**
 * Runs a program under a clock that stands at `start` until the test moves it. The platform's own, which adapters read
 * when an
 * answer comes, stands there too, and is not moved.
 */
export const run = async <A, E>(program: Effect.Effect<A, E>): Promise<A> => {
  vi.useFakeTimers({ toFake: ["Date"], now: start })
  try {
    return await Effect.runPromise(
      Effect.andThen(TestClock.setTime(start), program).pipe(Effect.provide(TestClock.layer()), Effect.scoped),
    )
  } finally {
    vi.useRealTimers()
  }
}

/** Lets the waits of a call pass until it has ended; what the platform does meanwhile, no clock moves. */
export const ended = <A, E>(fiber: Fiber.Fiber<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      yield* TestClock.adjust("1 minute")
    }
    return yield* Fiber.join(fiber)
  })
