/** A token for ourselves, where the vendor wants one for calls that are nobody's in particular. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "../../../ports/errors.ts"
import type { Tokens } from "../../../ports/issuance.ts"
import type { Transport } from "../../../ports/transport.ts"
import { makeEngine } from "./make-engine.ts"
import { keep } from "../../../internal/refresh-ahead.ts"
import type { OwnTokenGrant, Server } from "../server.ts"
import type { Settings } from "../configuration/settings.ts"
import { clientCredentials } from "../operations/token-endpoint.ts"

/** How long before its end a token is fetched anew; a short life is used for the most part of it. */
const margin = (life: number): number => Math.min(Duration.toMillis(Duration.minutes(1)), life / 10)

/** How long a token is kept whose end the vendor did not say. */
const unsaid = Duration.toMillis(Duration.minutes(5))

/** How long a token is kept that has not been taken yet. */
const unproven = Duration.toMillis(Duration.minutes(1))

interface Own {
  readonly accessToken: string
  readonly since: number
  readonly renewAt: number
  readonly endsAt: number
}

/** A token that is there when it is wanted. */
export interface OwnToken {
  /** Makes a call with the token, and once more with another when that one is refused. */
  readonly use: <A>(call: (token: string) => Effect.Effect<A, Reason>) => Effect.Effect<A, Reason>
}

/**
 * Fetches the token when it is first wanted, keeps it until shortly before it ends, and asks once however many want it:
 * some vendors charge for each.
 */
export const makeOwnToken = (
  id: string,
  grant: OwnTokenGrant,
  settings: Settings,
  server: Server,
  transport: Transport,
): OwnToken => {
  const { ownToken: _grant, introspectionAuth: _auth, ...rest } = server
  const { privateKey: _key, ...common } = settings
  const engine = makeEngine(
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
  const kept = keep(
    Effect.map(
      Effect.suspend(() => clientCredentials(engine, { audience: [grant.audience] })),
      (tokens): Own => ({ accessToken: tokens.accessToken, ...lifeOf(tokens, Date.now()) }),
    ),
    {
      isFresh: ({ since, renewAt }) => isBetween(since, renewAt),
      serves: ({ since, endsAt }) => isBetween(since, endsAt),
      pause: 1000,
    },
  )
  // Only the token that was refused is dropped: another caller may have fetched the next one by now.
  const drop = (refused: string) => {
    if (kept.last()?.accessToken === refused) kept.drop()
  }
  let proven: string | undefined
  /** When a token was refused that had been fetched for that reason: another would be refused as well. */
  let futileAt = Number.NEGATIVE_INFINITY
  return {
    use: (call) => {
      const once = (own: string) =>
        Effect.tap(call(own), () =>
          Effect.sync(() => {
            proven = own
          }),
        )
      return Effect.flatMap(kept.get, ({ accessToken: own, since }) =>
        Effect.catch(once(own), (reason) => {
          // Refused before its time: it was revoked. Nothing was done with it, so the call may be made again, once; also
          // where another caller has fetched the next one since.
          // One that is new and was never taken is not the trouble, and the next one would not be taken either.
          const mayHelp =
            kept.last()?.accessToken !== own ||
            ((proven === own || Date.now() - since >= unproven) && Date.now() - futileAt >= unproven)
          if (reason._tag !== "InvalidClient" || !mayHelp) return Effect.fail(reason)
          drop(own)
          return Effect.flatMap(kept.get, ({ accessToken }) =>
            Effect.tapError(once(accessToken), (again) =>
              Effect.sync(() => {
                if (again._tag === "InvalidClient") futileAt = Date.now()
              }),
            ),
          )
        }),
      )
    },
  }
}

/** When it was asked for, is to be renewed and ends, in milliseconds since 1970. */
const lifeOf = ({ expiresAt }: Tokens, since: number): Omit<Own, "accessToken"> => {
  const endsAt = expiresAt?.getTime() ?? since + unsaid
  return { since, endsAt, renewAt: endsAt - margin(endsAt - since) }
}

/** By a clock that has not been set back since. */
const isBetween = (since: number, end: number): boolean => since <= Date.now() && Date.now() < end
