/** One request for concurrent calls that use up the same code or token. */
import * as Effect from "effect/Effect"
import { isRejected } from "../../internal/rejected-call.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { Identity, Operation } from "../../ports/provider.ts"
import { cacheKeys, withKey } from "./cache-key.ts"
import { deepFreeze } from "./deep-freeze.ts"
import { fleetFlight } from "./fleet-flight.ts"
import { singleFlight } from "./single-flight.ts"
import { withOwnDate } from "./token-date.ts"

/**
 * Makes a function that answers concurrent calls with the same text from one request.
 *
 * Nothing is cached afterwards, except in a fleet, whose processes get the result for 15 more seconds. `token`: the
 * token that the call uses up; its revocation ends the result.
 */
export const sharedTokens = (provider: Identity, operation: Operation) => {
  const keyOf = cacheKeys(provider, operation)
  const flights = singleFlight<Tokens, AuthError>({ once: true })
  const inFleet = fleetFlight(provider, operation)
  return (
    call: Effect.Effect<Tokens, AuthError>,
    textOf: () => string,
    token?: string,
  ): Effect.Effect<Tokens, AuthError> => {
    if (isRejected(call)) return call
    const text = textOf()
    const sent = inFleet === undefined ? call : inFleet(text, call, token)
    const frozen = Effect.map(sent, (tokens) => {
      deepFreeze(tokens)
      return tokens
    })
    return withKey(keyOf(text), (key) =>
      Effect.suspend(() =>
        Effect.map(
          flights.do(key, () => frozen),
          withOwnDate,
        ),
      ),
    )
  }
}
