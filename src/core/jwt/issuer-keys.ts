/** The keys of the issuers of one server. */
import * as Effect from "effect/Effect"
import { withAddress } from "../../internal/current-call.ts"
import { documentHealth } from "../../internal/document-health.ts"
import { causeOf } from "../../internal/log.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { Events } from "../../ports/events.ts"
import type { Monitor } from "../../ports/health.ts"
import type { JwtProfile } from "../../ports/jwt-profile.ts"
import type { ServerKeys } from "../../ports/metadata.ts"
import type { Identity } from "../../ports/provider.ts"
import type { ShareKeys } from "./aged-keys.ts"
import { emptyKeySet, type Keys, type KeysOptions, makeKeys } from "./keys.ts"
import type { KeysOf } from "./local-validation.ts"

export type FetchKeys = () => Effect.Effect<ServerKeys, AuthError>

/** The name of an issuer in its keys. */
export const keyIssuerOf = ({ keyIssuers }: Pick<JwtProfile, "keyIssuers">, issuer: string): string =>
  keyIssuers?.[issuer] ?? issuer

export interface IssuerKeysOptions extends KeysOptions {
  readonly events: Events
  readonly monitor?: Monitor | undefined
  /** How the processes of a fleet share the key set of this name. */
  readonly share?: ((name: string) => ShareKeys) | undefined
}

/** Makes the keys of each issuer: those of its own key set if it has one, or of the server's. */
export const keysByIssuer = (
  id: string,
  profile: Pick<JwtProfile, "issuers" | "keyIssuers">,
  fetchKeys: FetchKeys,
  keySets: Identity["keySets"],
  { events, monitor, share, ...options }: IssuerKeysOptions,
): KeysOf => {
  const keysFrom = (source: FetchKeys, issuers: ReadonlyArray<string>, name: string) => {
    const watch: KeysOptions["watch"] = (state) => {
      if (issuers.length > 0) monitor?.watchKeys((now) => ({ issuers, ...documentHealth(state(now), now) }))
    }
    const fetch = logged(id, Effect.suspend(source), events)
    return makeKeys(id, fetch, issuers, { ...options, watch }, share?.(name))
  }
  const named = profile.issuers.map((issuer) => [issuer, keyIssuerOf(profile, issuer)] as const)
  const fromServer = named.filter(([issuer]) => keySets?.has(issuer) !== true)
  const own = keysFrom(fetchKeys, Array.from(new Set(fromServer.map(([, name]) => name))), "")
  const byIssuer = new Map<unknown, Keys>(
    named.map(([issuer, name]) => {
      const source = keySets?.get(issuer)
      return [issuer, (source === undefined ? own : keysFrom(source, [name], issuer))(name)]
    }),
  )
  const first = own(profile.issuers[0] ?? "")
  // Validation has compared the issuer with the profile before it asks for keys.
  return (issuer) => byIssuer.get(issuer) ?? first
}

/** Logs each request for the key set. A server without a key set has no events. */
const logged = (provider: string, fetch: Effect.Effect<ServerKeys, AuthError>, events: Events) =>
  withAddress((address) =>
    Effect.withFiber((fiber) => {
      const unavailable = (error: Pick<AuthError, "reason" | "url">) =>
        events.emit({ _tag: "KeysUnavailable", provider, ...causeOf(error) }, fiber)
      return Effect.mapBoth(fetch, {
        onSuccess: (set: ServerKeys) => {
          const keys = set.keys.length
          if (keys > 0) events.emit({ _tag: "KeysRefreshed", provider, keys }, fiber)
          else unavailable({ reason: emptyKeySet, ...address() })
          return set
        },
        onFailure: (error: AuthError) => {
          if (error.reason._tag !== "UnsupportedOperation") unavailable(error)
          return error
        },
      })
    }),
  )
