/** A token for ourselves, where the vendor wants one for calls that are nobody's in particular. */
import * as Cache from "effect/Cache"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Reason } from "../../ports/errors.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { Transport } from "../../ports/transport.ts"
import { makeEngine } from "./engine.ts"
import { orLast } from "./or-last.ts"
import type { OwnTokenGrant, Server } from "./server.ts"
import type { Settings } from "./settings.ts"
import { clientCredentials } from "./tokens.ts"

/** How long before its end a token is fetched anew; a short life is used for the most part of it. */
const margin = (life: number): number => Math.min(Duration.toMillis(Duration.minutes(1)), life / 10)

/** How long a token is kept whose end the vendor did not say. */
const unsaid = Duration.toMillis(Duration.minutes(5))

/** How long a token is kept that has not been taken yet. */
const unproven = Duration.toMillis(Duration.minutes(1))

/** A token, and when it was asked for. */
interface Kept extends Tokens {
  readonly since: number
}

const lives = ({ expiresAt, since }: Kept): boolean => Date.now() < (expiresAt?.getTime() ?? since + unsaid)

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
): Effect.Effect<OwnToken> =>
  Effect.gen(function* () {
    const { ownToken: _grant, introspectionAuth: _auth, ...rest } = server
    const { privateKey: _key, ...common } = settings
    const engine = yield* makeEngine(
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
    const newest = orLast(
      Effect.map(
        Effect.suspend(() => clientCredentials(engine, { audience: [grant.audience] })),
        (tokens): Kept => ({ ...tokens, since: Date.now() }),
      ),
      lives,
    )
    const cache = yield* Cache.makeWith((_: "token") => newest.fetch, {
      capacity: 1,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? left(exit.value) : Duration.zero),
    })
    const token = Cache.get(cache, "token")
    // Only the token that was refused is dropped: another caller may have fetched the next one by now.
    const drop = (refused: string) =>
      Effect.suspend(() => {
        if (newest.last()?.accessToken === refused) newest.forget()
        return Cache.invalidateWhen(cache, "token", ({ accessToken }) => accessToken === refused)
      })
    let proven: string | undefined
    return {
      use: (call) => {
        const once = (own: string) =>
          Effect.tap(call(own), () =>
            Effect.sync(() => {
              proven = own
            }),
          )
        return Effect.flatMap(token, ({ accessToken: own, since }) =>
          Effect.catch(once(own), (reason) =>
            // Refused before its time: it was revoked. Nothing was done with it, so the call may be made again, once; also
            // where another caller has fetched the next one since.
            // One that is new and was never taken is not the trouble, and the next one would not be taken either.
            reason._tag === "InvalidClient" &&
            (proven === own || newest.last()?.accessToken !== own || Date.now() - since >= unproven)
              ? Effect.andThen(
                  drop(own),
                  Effect.flatMap(token, ({ accessToken }) => once(accessToken)),
                )
              : Effect.fail(reason),
          ),
        )
      },
    }
  })

const left = ({ expiresAt }: Tokens): Duration.Duration => {
  const life = expiresAt === undefined ? unsaid : expiresAt.getTime() - Date.now()
  return Duration.millis(Math.max(0, life - margin(life)))
}
