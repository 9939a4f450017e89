/** Performs the rows of the table in docs/policies.md: the result of a call, and the number of requests it makes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { AuthError, Freshness, TokenState } from "latchkey/effect"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import * as jwt from "../jwt/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import {
  active,
  down,
  inactive,
  isOwn,
  open,
  openScoped,
  run,
  runToEnd,
  settle,
  tokens,
  type Vendor,
  vendor,
} from "./vendor.ts"

type Auth = Pick<ReturnType<typeof open>, "introspect" | "refresh">

/** The result of a call in a word or two, and the number of requests it made. */
export type Outcome = readonly [result: string, requests: number]

const stateText = (state: TokenState): string =>
  state.active ? `active${state.source.stale ? ", stale" : ""}` : "inactive"

const reasonText = ({ reason, retryAfter }: AuthError): string =>
  retryAfter === undefined ? reason._tag : `${reason._tag}, after ${Duration.format(retryAfter)}`

/** Lets a refresh that a call started in the background send its requests. */
const untilRefreshed = Effect.gen(function* () {
  for (let turn = 0; turn < 5; turn++) {
    yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
    yield* TestClock.adjust("2 seconds")
  }
})

/** Performs one call, moves the clock until it ends, and counts its requests. */
const outcome = <A>(transport: Vendor, call: Effect.Effect<A, AuthError>, resultText: (result: A) => string) =>
  Effect.gen(function* () {
    const callers = () => transport.requests.filter((request) => !isOwn(request)).length
    const before = callers()
    const fiber = yield* Effect.forkChild(Effect.match(call, { onFailure: reasonText, onSuccess: resultText }), {
      startImmediately: true,
    })
    const result = yield* runToEnd(fiber)
    yield* untilRefreshed
    return [result, callers() - before] as const
  })

/** Introspects a token, changes the vendor, lets time pass, and introspects the token again. */
const introspectLater = (
  seconds: number,
  then: Vendor["respond"],
  { config = {}, ...options }: { config?: object; freshness?: Freshness; timeout?: string } = {},
): Promise<Outcome> => {
  const transport = vendor(() => active())
  const auth = open(transport, config)
  return run(
    Effect.gen(function* () {
      yield* auth.introspect("token")
      transport.respond = then
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(transport, auth.introspect("token", options as object), stateText)
    }),
  )
}

/** Performs one call against a vendor. */
const firstCall = <A>(
  respond: Vendor["respond"],
  call: (auth: Auth) => Effect.Effect<A, AuthError>,
  resultText: (result: A) => string,
  config = {},
) => {
  const transport = vendor(respond)
  return run(outcome(transport, call(open(transport, config)), resultText))
}

const ok = Effect.succeed({ status: 200, headers: {}, body: "" })
const introspect = (auth: Auth) => auth.introspect("token")
const busy = (seconds: number) => () => Effect.succeed(json({}, 429, { "retry-after": String(seconds) }))

/** Introspects a token with a vendor that answers the first request with this status. */
const failingOnce = (status: number): Promise<Outcome> => {
  const transport: Vendor = vendor(() =>
    transport.requests.length === 1 ? Effect.succeed(json({}, status)) : active(),
  )
  return run(outcome(transport, introspect(open(transport)), stateText))
}

/** Opens the circuit with ten failures, and calls the vendor after these seconds, when it may have recovered. */
const afterFailures = (seconds: number, then = active()): Promise<Outcome> => {
  const transport = vendor(() => down)
  return run(
    Effect.gen(function* () {
      const auth = yield* openScoped(transport, { retry: false })
      yield* Effect.forEach(Array.from({ length: 10 }), () => Effect.ignore(introspect(auth)))
      yield* settle
      transport.respond = () => then
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(transport, introspect(auth), stateText)
    }),
  )
}

/** Fetches a service token, then changes the vendor's response, and calls again after these seconds. */
const serviceToken = (seconds: number, then = down, options = {}): Promise<Outcome> => {
  const transport = vendor(() => tokens({ expires_in: 600 }))
  const auth = open(transport)
  return run(
    Effect.gen(function* () {
      yield* auth.clientCredentials()
      transport.respond = () => then
      yield* TestClock.adjust(`${seconds} seconds`)
      return yield* outcome(transport, auth.clientCredentials({}, options), () => "the token")
    }),
  )
}

/** Validates a JWT locally, takes the key set away, and validates the JWT again after these minutes. */
const localJwt = async (minutes: number): Promise<Outcome> => {
  const key = signingKey("RS256")
  const transport = jwt.vendor(key.jwk)
  const auth = jwt.oryOf(transport)
  const accessToken = await token(key, { iss: issuer, aud: audience, exp: now + 86_400 })
  return jwt.run(
    Effect.gen(function* () {
      const call = auth.introspect(accessToken, { freshness: "local" })
      yield* call
      transport.keys = jwt.down
      yield* TestClock.adjust(`${minutes} minutes`)
      const fiber = yield* Effect.forkChild(Effect.match(call, { onFailure: reasonText, onSuccess: stateText }), {
        startImmediately: true,
      })
      yield* TestClock.adjust("1 minute")
      return [yield* Fiber.join(fiber), transport.liveRequests] as const
    }),
  )
}

/** Introspects one token many times at once. */
const concurrentCalls = (count: number): Promise<Outcome> => {
  const transport = vendor(() => Effect.delay(active(), "10 millis"))
  const auth = open(transport)
  const all = Effect.all(
    Array.from({ length: count }, () => introspect(auth)),
    { concurrency: "unbounded" },
  )
  return run(outcome(transport, all, (states) => Array.from(new Set(states.map(stateText))).join()))
}

/** Introspects a token, revokes `revokedToken`, and introspects the first token again: once, or a second time. */
const introspectAfterRevoke = (revokedToken: string, { again = false, pair = false } = {}): Promise<Outcome> => {
  const pairOfTokens = tokens({ access_token: "token", refresh_token: revokedToken })
  const transport = vendor(({ url }) =>
    url.endsWith("/introspect") ? active() : url.endsWith("/token") ? pairOfTokens : ok,
  )
  const auth = open(transport)
  return run(
    Effect.gen(function* () {
      if (pair) yield* auth.refresh("an older one")
      yield* introspect(auth)
      yield* auth.revoke(revokedToken)
      transport.respond = () => inactive
      if (again) yield* introspect(auth)
      return yield* outcome(transport, introspect(auth), stateText)
    }),
  )
}

/** Every row: its situation, and a function that performs it. */
export const whatHappens: ReadonlyArray<readonly [when: string, perform: () => Promise<Outcome>]> = [
  ["The vendor is down, and the token was introspected 5 seconds ago", () => introspectLater(5, () => down)],
  ["The vendor is down, and the token was never introspected", () => firstCall(() => down, introspect, stateText)],
  ["The vendor is down, and the token was introspected 30 seconds ago", () => introspectLater(30, () => down)],
  [
    'The vendor is down, the token was introspected 30 seconds ago, with `staleIfError: "5 minutes"`',
    () => introspectLater(30, () => down, { config: { staleIfError: "5 minutes" } }),
  ],
  [
    'The vendor is down, the token was introspected 30 seconds ago, with `staleIfError: "5 minutes"`, and the call sets `freshness: "live"`',
    () => introspectLater(30, () => down, { config: { staleIfError: "5 minutes" }, freshness: "live" }),
  ],
  [
    "The vendor is down, the token was introspected 30 seconds ago, with `retry: false`",
    () => introspectLater(30, () => down, { config: { retry: false } }),
  ],
  ["The vendor answers 503 once", () => failingOnce(503)],
  ["The vendor answers 408 once", () => failingOnce(408)],
  ["The vendor answers 425 once", () => failingOnce(425)],
  [
    "The vendor answers 429 once, with `Retry-After: 1`",
    () => {
      const transport: Vendor = vendor(() => (transport.requests.length === 1 ? busy(1)() : active()))
      return run(outcome(transport, introspect(open(transport)), stateText))
    },
  ],
  ["The vendor answers 429 with `Retry-After: 60`", () => firstCall(busy(60), introspect, stateText)],
  ["The vendor has failed ten times in a row, and is still down", () => afterFailures(5, down)],
  ["The vendor has failed ten times in a row, and has worked again for a second", () => afterFailures(1)],
  [
    'The vendor does not answer, and the call sets `timeout: "1 second"`',
    () => introspectLater(30, () => Effect.never, { timeout: "1 second" }),
  ],
  [
    'The vendor does not answer, the token was introspected 30 seconds ago, with `staleIfError: "5 minutes"`, and the call sets `timeout: "1 second"`',
    () => introspectLater(30, () => Effect.never, { config: { staleIfError: "5 minutes" }, timeout: "1 second" }),
  ],
  [
    'The vendor does not answer, the token was introspected 30 seconds ago, with `staleIfError: "5 minutes"`, and the call sets `timeout: "1 second"` and `freshness: "live"`',
    () =>
      introspectLater(30, () => Effect.never, {
        config: { staleIfError: "5 minutes" },
        freshness: "live",
        timeout: "1 second",
      }),
  ],
  [
    "The vendor is down, and the call is `refresh`",
    () =>
      firstCall(
        () => down,
        (auth) => auth.refresh("token"),
        () => "tokens",
      ),
  ],
  [
    "The vendor is down, and the cached token of `clientCredentials`, valid for 10 minutes, is 1 minute old",
    () => serviceToken(60),
  ],
  [
    "The vendor is down, and the cached token of `clientCredentials`, valid for 10 minutes, is 9.5 minutes old",
    () => serviceToken(570),
  ],
  [
    'The vendor does not answer, the cached token of `clientCredentials`, valid for 10 minutes, is 9.5 minutes old, and the call sets `timeout: "1 second"`',
    () => serviceToken(570, Effect.never, { timeout: "1 second" }),
  ],
  [
    "The vendor answers `invalid_client`, and the cached token of `clientCredentials`, valid for 10 minutes, is 9.5 minutes old",
    () => serviceToken(570, Effect.succeed(json({ error: "invalid_client" }, 401))),
  ],
  [
    "The vendor is down, and the cached token of `clientCredentials`, valid for 10 minutes, is 10 minutes old",
    () => serviceToken(600),
  ],
  [
    'The key set has been unavailable for half an hour, and a JWT is introspected with `freshness: "local"`',
    () => localJwt(30),
  ],
  [
    'The key set has been unavailable for an hour and a half, and a JWT is introspected with `freshness: "local"`',
    () => localJwt(90),
  ],
  ["A thousand callers introspect one token at once", () => concurrentCalls(1000)],
  ["The token was revoked through this provider", () => introspectAfterRevoke("token")],
  [
    "A refresh token was revoked through this provider, which had received the token together with it",
    () => introspectAfterRevoke("another", { pair: true }),
  ],
  [
    "A refresh token was revoked through this provider, and it is unknown whether the token belongs to it",
    () => introspectAfterRevoke("another"),
  ],
  [
    "A refresh token was revoked in this way, and this is the second introspection since then",
    () => introspectAfterRevoke("another", { again: true }),
  ],
  [
    "The token was introspected 5 seconds ago, and was then revoked elsewhere",
    () => introspectLater(5, () => inactive),
  ],
  [
    'The token was introspected 5 seconds ago, and was then revoked elsewhere, and the call sets `freshness: "live"`',
    () => introspectLater(5, () => inactive, { freshness: "live" }),
  ],
  [
    "The vendor rejects the first of two client secrets",
    () => {
      const transport: Vendor = vendor(() =>
        transport.requests.length === 1 ? Effect.succeed(json({ error: "invalid_client" }, 401)) : active(),
      )
      return run(outcome(transport, introspect(open(transport, { clientSecret: ["new", "old"] })), stateText))
    },
  ],
]
