/** A scripted vendor: its key set, its introspection response, and the number of requests for both. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { IntrospectOptions, JsonWebKey, TokenState } from "latchkey"
import { make, type Reason, type Transport, type TransportResponse } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { type OrySelfHostedConfig, ory } from "latchkey/ory"
import { isJwt } from "../../src/core/jwt/jwt.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { audience, issuer, now } from "./signing-keys.ts"

export type ScriptedResponse = Effect.Effect<TransportResponse, Reason>

/** A transport that plays the vendor. It is mutable because a test changes the vendor's behaviour as it runs. */
export interface Vendor extends Transport {
  keys: ScriptedResponse
  live: ScriptedResponse
  /** The number of requests for the key set. */
  keyRequests: number
  /** The number of introspection requests. */
  liveRequests: number
}

/** The response of the key set endpoint. */
export const jwkSet = (...keys: ReadonlyArray<JsonWebKey>): ScriptedResponse => Effect.succeed(json({ keys }))

/** The response of the introspection endpoint. */
export const introspection = (state: Readonly<Record<string, unknown>>): ScriptedResponse => Effect.succeed(json(state))

/** The failure of a request to a vendor that is down. */
export const down: ScriptedResponse = Effect.fail({ _tag: "Unavailable", detail: "connect ECONNREFUSED" })

/** Makes a vendor that publishes these keys, and whose introspection endpoint calls every token inactive. */
export const vendor = (...keys: ReadonlyArray<JsonWebKey>): Vendor => {
  const scripted: Vendor = {
    keys: jwkSet(...keys),
    live: introspection({ active: false }),
    keyRequests: 0,
    liveRequests: 0,
    send: ({ url }) =>
      Effect.suspend(() => {
        if (url.includes("/.well-known/jwks")) {
          scripted.keyRequests += 1
          return scripted.keys
        }
        scripted.liveRequests += 1
        return scripted.live
      }),
  }
  return scripted
}

/** `verdict` moves the clock while Web Crypto works, far beyond the usual `timeout`. */
const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours", timeout: "20 days" } as const

type OryInput = Partial<OrySelfHostedConfig> | { readonly audience: undefined }
type KindeInput = Partial<Parameters<typeof kinde>[0]>

/** Makes an Ory provider for JWT access tokens. Every policy is off, so each call is one request. */
export const oryOf = (transport: Transport, changes: OryInput = {}) =>
  Effect.runSync(
    Effect.scoped(
      make(
        ory(
          { ...client, publicUrl: issuer, adminUrl: "https://admin.example", audience: [audience], ...changes },
          { transport },
        ),
      ),
    ),
  )

/** Makes a Kinde provider. Every policy is off, so each call is one request. */
export const kindeOf = (transport: Transport, changes: KindeInput = {}) =>
  Effect.runSync(Effect.scoped(make(kinde({ ...client, issuer, audience: [audience], ...changes }, { transport }))))

/** Runs a program under a test clock that stays at `now` until the test moves it. */
export const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(
    Effect.andThen(TestClock.setTime(now * 1000), program).pipe(Effect.provide(TestClock.layer()), Effect.scoped),
  )

/** The vendors whose profiles are under test. */
export const profiles = { ory: oryOf, kinde: kindeOf }

/** Validates a token locally, with a vendor that publishes these keys. */
export const local = (
  keys: ReadonlyArray<JsonWebKey>,
  accessToken: string,
  { open = oryOf, options = {} }: { open?: typeof oryOf | typeof kindeOf; options?: IntrospectOptions } = {},
): Promise<TokenState> => run(open(vendor(...keys)).introspect(accessToken, { freshness: "local", ...options }))

/** Waits until background fibers and promises, which the test clock does not move, have run. */
export const letBackgroundWorkRun = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))

/** Validates any text locally. Text that is not a JWT, which only the vendor can introspect, is inactive. */
export const verdict = (auth: ReturnType<typeof oryOf>, accessToken: string): Promise<TokenState> =>
  run(
    Effect.catch(patiently(auth.introspect(accessToken, { freshness: "local" })), (error) =>
      error.reason._tag === "UnsupportedOperation" && !isJwt(accessToken)
        ? Effect.succeed<TokenState>({ active: false })
        : Effect.fail(error),
    ),
  )

/** Runs a call, and moves the clock while it waits, such as for the next request for the key set. */
export const patiently = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(call, { startImmediately: true })
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      if (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })

/** The result of one local introspection: `active`, or the reason of its failure. */
export const outcome = (auth: ReturnType<typeof oryOf>, accessToken: string) =>
  Effect.match(auth.introspect(accessToken, { freshness: "local" }), {
    onFailure: ({ reason }) => reason._tag,
    onSuccess: ({ active }) => active,
  })
