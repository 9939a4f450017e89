/** Latchkey's own access token for a vendor's management API. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { failingAt } from "../../../internal/current-call.ts"
import { toMillis } from "../../../internal/duration.ts"
import type { FleetPlace } from "../../../internal/fleet-tokens.ts"
import { makeRefreshAhead, type RefreshAhead } from "../../../internal/refresh-ahead.ts"
import { ageOf } from "../../../internal/time.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Tokens } from "../../../ports/issuance.ts"
import type { JudgedTransport } from "../../transport/circuit-breaker.ts"
import type { Settings } from "../configuration/settings.ts"
import { clientCredentials } from "../operations/token-endpoint.ts"
import type { Server, ServiceTokenGrant } from "../server.ts"
import type { ServiceToken } from "./engine.ts"
import { sharedServiceToken, type Token } from "./fleet-service-token.ts"
import { makeEngine } from "./make-engine.ts"

/** How long before its end a token is refreshed, in milliseconds: a minute, or a tenth of a short lifetime. */
const margin = (lifetime: number): number => Math.min(toMillis("1 minute"), lifetime / 10)

/** How long a token without `expires_in` is used. */
const unknownLifetime = toMillis("5 minutes")

/**
 * A token that the vendor rejects is replaced if it was accepted before or is at least this old. After a rejected
 * replacement, no other one is requested for this long: the vendor rejects the client, not the token.
 */
const unprovenFor = toMillis("1 minute")

/** The pause between two requests while an older token is used, in milliseconds. */
const refreshPause = 1000

/**
 * Makes the service token of an engine.
 *
 * The token is requested when a call first needs it, kept, and refreshed before it expires. Concurrent calls share one
 * request: some vendors charge for each token.
 */
export const makeServiceToken = (
  id: string,
  grant: ServiceTokenGrant,
  settings: Settings,
  server: Server,
  transport: JudgedTransport,
  place?: FleetPlace,
): ServiceToken => {
  const engine = serviceEngine(id, grant, settings, server, transport)
  const request = Effect.gen(function* () {
    const issuedAt = yield* Clock.currentTimeMillis
    return withLifetime(yield* clientCredentials(engine, { audience: [grant.audience] }), issuedAt)
  })
  const inFleet = place && sharedServiceToken(place)
  const fetch: typeof request = Clock.clockWith((clock) => {
    const isAwaited = token.getIfUsable(clock.currentTimeMillisUnsafe()) === undefined
    return inFleet?.fetch(JSON.stringify([grant.clientId, grant.audience]), request, { isAwaited }) ?? request
  })
  const token: RefreshAhead<Token, Reason> = makeRefreshAhead(fetch, {
    isFresh: ({ issuedAt, refreshAt }, _, now) => issuedAt <= now && now < refreshAt,
    isUsable: ({ issuedAt, expiresAt }, _, now) => issuedAt <= now && now < expiresAt,
    pause: () => refreshPause,
    // A server that cannot read its clients responds with `invalid_client` to correct credentials. The token is used
    // until it expires.
    survives: () => true,
  })
  inFleet?.onEnd(async (hasEnded) => {
    const current = token.current()
    if (current !== undefined && (await hasEnded(current.accessToken)) && token.current() === current)
      token.invalidate()
  })
  const getToken = failingAt(grant.tokenEndpoint, token.get)
  let acceptedToken: string | undefined
  let replacementRejectedAt = Number.NEGATIVE_INFINITY

  const accepted = <A>(call: Effect.Effect<A, Reason>, accessToken: string) =>
    Effect.tap(call, () =>
      Effect.sync(() => {
        acceptedToken = accessToken
      }),
    )
  // A rejected token was revoked before its end. The call had no effect, so it can be made once more, unless a new token
  // would be rejected too.
  const canReplace = ({ accessToken, issuedAt }: Token, now: number): boolean =>
    token.current()?.accessToken !== accessToken ||
    ((acceptedToken === accessToken || ageOf(issuedAt, now) >= unprovenFor) &&
      ageOf(replacementRejectedAt, now) >= unprovenFor)

  const retried = <A>(call: (token: string) => Effect.Effect<A, Reason>): Effect.Effect<A, Reason> =>
    Effect.flatMap(getToken, ({ accessToken }) =>
      Effect.tapError(accepted(call(accessToken), accessToken), (reason) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          if (reason._tag === "InvalidClient") replacementRejectedAt = now
        }),
      ),
    )
  return {
    current: () => token.current()?.accessToken,
    use: (call) =>
      Effect.flatMap(getToken, (current) =>
        Effect.catch(accepted(call(current.accessToken), current.accessToken), (reason) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            if (reason._tag !== "InvalidClient" || !canReplace(current, now)) return Effect.fail(reason)
            // A newer token of another call stays.
            if (token.current()?.accessToken !== current.accessToken) return retried(call)
            token.invalidate()
            return Effect.andThen(inFleet?.end(current.accessToken) ?? Effect.void, retried(call))
          }),
        ),
      ),
  }
}

/** An engine with the credentials of the service client. */
const serviceEngine = (
  id: string,
  grant: ServiceTokenGrant,
  settings: Settings,
  server: Server,
  transport: JudgedTransport,
) => {
  const { serviceToken: _grant, introspectionAuth: _auth, unsupportedArguments: _arguments, ...rest } = server
  const { privateKey: _key, ...common } = settings
  return makeEngine(
    id,
    { ...common, clientId: grant.clientId, clientSecret: grant.clientSecret, scopes: undefined },
    {
      ...rest,
      clientAuth: grant.clientAuth,
      audienceParameter: "audience",
      endpoints: { ...rest.endpoints, tokenEndpoint: grant.tokenEndpoint },
    },
    transport,
  )
}

const withLifetime = ({ accessToken, expiresAt: end }: Tokens, issuedAt: number): Token => {
  const expiresAt = end?.getTime() ?? issuedAt + unknownLifetime
  return { accessToken, issuedAt, expiresAt, refreshAt: expiresAt - margin(expiresAt - issuedAt) }
}
