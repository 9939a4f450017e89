/** The rows of the table in docs/policies.md, each performed: what the caller gets, and how often the vendor is asked. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { AuthError, TokenState } from "latchkey/effect"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import * as jwt from "../jwt/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, down, ended, inactive, open, run, tokens, type Vendor, vendor } from "./vendor.ts"

type Auth = ReturnType<typeof open>

/** What the caller gets, in a word or two, and the requests that this took. */
export type Outcome = readonly [answer: string, requests: number]

const words = (state: TokenState): string =>
  state.active ? `active${state.source.stale ? ", stale" : ""}` : "inactive"

const failure = ({ reason, retryAfter }: AuthError): string =>
  retryAfter === undefined ? reason._tag : `${reason._tag}, after ${Duration.format(retryAfter)}`

/** Performs one call, lets its waits pass, and counts the requests that it took. */
const outcome = <A>(door: Vendor, call: Effect.Effect<A, AuthError>, of: (answer: A) => string) =>
  Effect.gen(function* () {
    const before = door.asked.length
    const fiber = yield* Effect.forkChild(Effect.match(call, { onFailure: failure, onSuccess: of }), {
      startImmediately: true,
    })
    return [yield* ended(fiber), door.asked.length - before] as const
  })

/** A token is asked about; then the vendor changes, time passes, and it is asked about again. */
const asked = (
  seconds: number,
  then: Vendor["answer"],
  { config = {}, ...options }: { config?: object; freshness?: "live" | { maxAge: number }; timeout?: string } = {},
): Promise<Outcome> => {
  const door = vendor(() => active())
  const auth = open(door, config)
  return run(
    Effect.gen(function* () {
      yield* auth.introspect("token")
      door.answer = then
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(door, auth.introspect("token", options as object), words)
    }),
  )
}

const first = <A>(
  answer: Vendor["answer"],
  call: (auth: Auth) => Effect.Effect<A, AuthError>,
  of: (answer: A) => string,
  config = {},
) => {
  const door = vendor(answer)
  return run(outcome(door, call(open(door, config)), of))
}

const ok = Effect.succeed({ status: 200, headers: {}, body: "" })
const introspect = (auth: Auth) => auth.introspect("token")
const busy = (seconds: number) => () => Effect.succeed(json({}, 429, { "retry-after": String(seconds) }))

/** Ten failures, so that the breaker is open; then these seconds pass and the vendor is well again. */
const afterFailures = (seconds: number): Promise<Outcome> => {
  const door = vendor(() => down)
  const auth = open(door, { retry: false })
  return run(
    Effect.gen(function* () {
      yield* Effect.forEach(Array.from({ length: 10 }), () => Effect.ignore(introspect(auth)))
      door.answer = () => active()
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(door, introspect(auth), words)
    }),
  )
}

/** A service's own token is fetched; then the vendor is down. */
const ownToken = (seconds: number, then = down, options = {}): Promise<Outcome> => {
  const door = vendor(() => tokens({ expires_in: 600 }))
  const auth = open(door)
  return run(
    Effect.gen(function* () {
      yield* auth.clientCredentials()
      door.answer = () => then
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(door, auth.clientCredentials({}, options), () => "the token")
    }),
  )
}

/** A JWT is validated here; then the vendor is down. */
const localJwt = async (minutes: number): Promise<Outcome> => {
  const key = signingKey("RS256")
  const door = jwt.vendor(key.jwk)
  const auth = jwt.oryOf(door)
  const presented = await token(key, { iss: issuer, aud: audience, exp: now + 86_400 })
  return jwt.run(
    Effect.gen(function* () {
      const ask = auth.introspect(presented, { freshness: "local" })
      yield* ask
      door.keys = jwt.down
      yield* TestClock.adjust(`${minutes} minutes`)
      const fiber = yield* Effect.forkChild(Effect.match(ask, { onFailure: failure, onSuccess: words }), {
        startImmediately: true,
      })
      yield* TestClock.adjust("1 minute")
      return [yield* Fiber.join(fiber), door.liveAsked] as const
    }),
  )
}

/** Many callers of one token at the same time. */
const crowd = (count: number): Promise<Outcome> => {
  const door = vendor(() => Effect.delay(active(), "10 millis"))
  const auth = open(door)
  const all = Effect.all(
    Array.from({ length: count }, () => introspect(auth)),
    { concurrency: "unbounded" },
  )
  return run(outcome(door, all, (states) => Array.from(new Set(states.map(words))).join()))
}

/** A token is asked about, revoked, and asked about again. */
const revoked = (which: string): Promise<Outcome> => {
  const door = vendor(({ url }) => (url.endsWith("/introspect") ? active() : ok))
  const auth = open(door)
  return run(
    Effect.gen(function* () {
      yield* introspect(auth)
      yield* auth.revoke(which)
      door.answer = () => inactive
      return yield* outcome(door, introspect(auth), words)
    }),
  )
}

/** Every row: when, and what then. */
export const whatHappens: ReadonlyArray<readonly [when: string, perform: () => Promise<Outcome>]> = [
  ["The vendor is down, and the token was asked about 5 seconds ago", () => asked(5, () => down)],
  ["The vendor is down, and the token was never asked about", () => first(() => down, introspect, words)],
  ["The vendor is down, and the token was asked about 30 seconds ago", () => asked(30, () => down)],
  [
    'The vendor is down, the token was asked about 30 seconds ago, with `staleIfUnavailable: "5 minutes"`',
    () => asked(30, () => down, { config: { staleIfUnavailable: "5 minutes" } }),
  ],
  [
    'With `staleIfUnavailable` too, asked with `freshness: "live"`',
    () => asked(30, () => down, { config: { staleIfUnavailable: "5 minutes" }, freshness: "live" }),
  ],
  [
    "The vendor is down, the token was asked about 30 seconds ago, with `retry: false`",
    () => asked(30, () => down, { config: { retry: false } }),
  ],
  [
    "The vendor answers 503 once",
    () => {
      const door: Vendor = vendor(() => (door.asked.length === 1 ? Effect.succeed(json({}, 503)) : active()))
      return run(outcome(door, introspect(open(door)), words))
    },
  ],
  [
    "The vendor answers 429 and asks for a second",
    () => {
      const door: Vendor = vendor(() => (door.asked.length === 1 ? busy(1)() : active()))
      return run(outcome(door, introspect(open(door)), words))
    },
  ],
  ["The vendor answers 429 and asks for a minute", () => first(busy(60), introspect, words)],
  ["The vendor has failed ten times in a row, a second ago", () => afterFailures(1)],
  ["The vendor has failed ten times in a row, and is well again 5 seconds later", () => afterFailures(5)],
  [
    'The vendor does not answer, and the call says `timeout: "1 second"`',
    () => asked(30, () => Effect.never, { timeout: "1 second" }),
  ],
  [
    'The vendor does not answer, the token was asked about 30 seconds ago, with `staleIfUnavailable: "5 minutes"`, and the call says `timeout: "1 second"`',
    () => asked(30, () => Effect.never, { config: { staleIfUnavailable: "5 minutes" }, timeout: "1 second" }),
  ],
  [
    'With `staleIfUnavailable` and `timeout: "1 second"` too, asked with `freshness: "live"`',
    () =>
      asked(30, () => Effect.never, {
        config: { staleIfUnavailable: "5 minutes" },
        freshness: "live",
        timeout: "1 second",
      }),
  ],
  [
    "The vendor is down, and a refresh token is used",
    () =>
      first(
        () => down,
        (auth) => auth.refresh("token"),
        () => "tokens",
      ),
  ],
  ["The vendor is down, and `clientCredentials` got a token for 10 minutes a minute ago", () => ownToken(60)],
  [
    "The vendor is down, and `clientCredentials` got a token for 10 minutes nine and a half minutes ago",
    () => ownToken(570),
  ],
  [
    'The vendor does not answer, `clientCredentials` got a token for 10 minutes nine and a half minutes ago, and the call says `timeout: "1 second"`',
    () => ownToken(570, Effect.never, { timeout: "1 second" }),
  ],
  ["The vendor is down, and `clientCredentials` got a token for 10 minutes ten minutes ago", () => ownToken(600)],
  ['The keys cannot be had for half an hour, and a JWT is asked about with `freshness: "local"`', () => localJwt(30)],
  ["The keys cannot be had for an hour and a half, and a JWT is asked about so", () => localJwt(90)],
  ["A thousand callers ask about one token at once", () => crowd(1000)],
  ["The token was revoked through this provider", () => revoked("token")],
  ["A refresh token was revoked through this provider, and the token may have been its own", () => revoked("another")],
  ["The token was revoked elsewhere, 5 seconds after it was asked about here", () => asked(5, () => inactive)],
  [
    'The token was revoked elsewhere 5 seconds after, and the call says `freshness: "live"`',
    () => asked(5, () => inactive, { freshness: "live" }),
  ],
  [
    "The vendor refuses the first of two client secrets",
    () => {
      const door: Vendor = vendor(() =>
        door.asked.length === 1 ? Effect.succeed(json({ error: "invalid_client" }, 401)) : active(),
      )
      return run(outcome(door, introspect(open(door, { clientSecret: ["new", "old"] })), words))
    },
  ],
]
