/** Key sets that the processes of a fleet share. */
import * as Effect from "effect/Effect"
import { fetchThroughFleet, longWait, requestLock, shortWait } from "../../internal/fleet-fetch.ts"
import { readJson } from "../../internal/json.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { Identity } from "../../ports/provider.ts"
import type { AgedKeys, ShareKeys } from "./aged-keys.ts"

/** How long a key set is kept, in milliseconds: until each process is due for a new one. */
const keptFor = 5 * 60_000

/**
 * Makes the sharing of the key sets of a provider; `undefined` if it shares nothing.
 *
 * @param name the name of a key set: the server's own, or that of an issuer
 */
export const fleetKeySets = ({ fleet, backend }: Identity): ((name: string) => ShareKeys) | undefined => {
  const fingerprint = backend?.fingerprint
  if (fleet === undefined || backend === undefined || fingerprint === undefined) return undefined
  const { instance: server, endpoint } = backend
  return (name) =>
    (fetch, { maxAge, isAwaited }) =>
      fetchThroughFleet<AgedKeys, Effect.Error<typeof fetch>>(
        {
          fleet,
          key: async () => JSON.stringify([server, endpoint, await fingerprint(), "keys", name]),
          maxAge,
          waitFor: isAwaited ? shortWait : longWait,
          lockFor: requestLock,
          read: (text, age, now) => {
            const keys = keysIn(text)
            return keys && { keys: { keys, fetchedAt: new Date(now - age) }, age: Math.max(1, age) }
          },
          write: async ({ keys: { keys } }, startedAt, now) =>
            keys.length === 0
              ? undefined
              : {
                  text: JSON.stringify(keys),
                  lifetime: keptFor - (now - startedAt),
                  parties: { server: `keys\n${server}` },
                },
        },
        Effect.map(fetch, (keys) => ({ keys, age: 0 })),
      )
}

/** Returns the keys in a text; `undefined` if it is no text of a key set with keys. */
const keysIn = (text: string): ReadonlyArray<JsonWebKey> | undefined => {
  const keys = readJson(text)
  return Array.isArray(keys) && keys.length > 0 && keys.every(isKey) ? keys : undefined
}

const isKey = (value: unknown): value is JsonWebKey =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "kty") === "string"
