/** A vendor behind a scripted door: its keys, its answers about tokens, and how often it was asked for each. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { IntrospectOptions, JsonWebKey, TokenState } from "latchkey"
import { make, type Reason, type Transport, type TransportResponse } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { isJwt } from "../../src/core/jwt/jwt.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { audience, issuer, now } from "./signing-keys.ts"

export type Answer = Effect.Effect<TransportResponse, Reason>

/** Mutable on purpose: a test changes what the vendor does as it goes. */
export interface Vendor extends Transport {
  keys: Answer
  live: Answer
  /** How often it was asked for its keys, and about a token. */
  keysAsked: number
  liveAsked: number
}

/** The answer of a key-set endpoint. */
export const published = (...keys: ReadonlyArray<JsonWebKey>): Answer => Effect.succeed(json({ keys }))

/** What a vendor says of a token. */
export const says = (state: Readonly<Record<string, unknown>>): Answer => Effect.succeed(json(state))

/** The vendor cannot be reached. */
export const down: Answer = Effect.fail({ _tag: "Unavailable", detail: "connect ECONNREFUSED" })

/** A vendor that publishes these keys, and calls every token inactive. */
export const vendor = (...keys: ReadonlyArray<JsonWebKey>): Vendor => {
  const it: Vendor = {
    keys: published(...keys),
    live: says({ active: false }),
    keysAsked: 0,
    liveAsked: 0,
    send: ({ url }) =>
      Effect.suspend(() => {
        if (url.includes("/.well-known/jwks")) {
          it.keysAsked += 1
          return it.keys
        }
        it.liveAsked += 1
        return it.live
      }),
  }
  return it
}

const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours" }

type OryInput = Partial<Parameters<typeof ory>[0]> | { readonly audience: undefined }
type KindeInput = Partial<Parameters<typeof kinde>[0]>

/** An Ory of ours that issues JWTs, each of whose calls is one request. */
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

/** The same of Kinde. */
export const kindeOf = (transport: Transport, changes: KindeInput = {}) =>
  Effect.runSync(Effect.scoped(make(kinde({ ...client, issuer, audience: [audience], ...changes }, { transport }))))

/** Runs a program under a clock that stands at `now` until the test moves it. */
export const run = <A, E>(program: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(
    Effect.andThen(TestClock.setTime(now * 1000), program).pipe(Effect.provide(TestClock.layer()), Effect.scoped),
  )

/** The vendors whose profiles are under test. */
export const profiles = { ory: oryOf, kinde: kindeOf }

/** Asks a vendor that publishes these keys about a token, by its signature alone. */
export const local = (
  keys: ReadonlyArray<JsonWebKey>,
  presented: string,
  { of = oryOf, options = {} }: { of?: typeof oryOf | typeof kindeOf; options?: IntrospectOptions } = {},
): Promise<TokenState> => run(of(vendor(...keys)).introspect(presented, { freshness: "local", ...options }))

/** Lets detached work and the platform's promises go on, which no clock moves. */
export const settle = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))

/** The verdict on any text by its signature alone; one that is no JWT, which only the vendor could judge, is inactive. */
export const verdict = (auth: ReturnType<typeof oryOf>, presented: string): Promise<TokenState> =>
  run(
    Effect.catch(auth.introspect(presented, { freshness: "local" }), (error) =>
      error.reason._tag === "UnsupportedOperation" && !isJwt(presented)
        ? Effect.succeed<TokenState>({ active: false })
        : Effect.fail(error),
    ),
  )

/** What came of one call: a verdict, or the reason it failed. */
export const outcome = (auth: ReturnType<typeof oryOf>, of: string) =>
  Effect.match(auth.introspect(of, { freshness: "local" }), {
    onFailure: ({ reason }) => reason._tag,
    onSuccess: ({ active }) => active,
  })
