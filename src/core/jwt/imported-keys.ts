/** The keys of one JWK Set, imported when a token first needs them. */
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import { isKeyFor } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import type { Header } from "./jwt.ts"

export interface ImportedKeys {
  /** Returns the key for a token if it has been imported. */
  readonly getIfPresent: (header: Header) => VerificationKey | undefined
  /** Returns the key for a token, and imports it if necessary; `undefined` if the set has no such key. */
  readonly get: (header: Header) => Effect.Effect<VerificationKey | undefined>
  /** The imported keys whose JWK is also in another set. */
  readonly inBoth: (jwks: ReadonlyArray<JsonWebKey>) => ReadonlyMap<string, VerificationKey>
}

/** Makes the keys of a set. `imported`: keys of an earlier set that this set still has. */
export const importedKeys = (
  jwks: ReadonlyArray<JsonWebKey>,
  imported: ReadonlyMap<string, VerificationKey>,
): ImportedKeys => {
  /** By algorithm and JWK. */
  const byJwk = new Map(imported)
  /** By `kid`: the key that was used last. */
  const byKeyId = new Map<string | undefined, VerificationKey>()

  const getIfPresent = ({ algorithm, keyId }: Header): VerificationKey | undefined => {
    const key = byKeyId.get(keyId)
    return key?.algorithm === algorithm ? key : undefined
  }

  const importKey = (header: Header): Effect.Effect<VerificationKey | undefined> =>
    Effect.suspend(() => {
      const jwk = find(jwks, header)
      if (jwk === undefined) return Effect.succeed(undefined)
      const name = `${header.algorithm} ${JSON.stringify(jwk)}`
      const key = byJwk.get(name) ?? signatures.importKey(jwk, header.algorithm)
      return Effect.map(key instanceof Promise ? Effect.promise(() => key) : Effect.succeed(key), (usable) => {
        if (usable === undefined) return undefined
        byJwk.set(name, usable)
        byKeyId.set(header.keyId, usable)
        return usable
      })
    })

  return {
    getIfPresent,
    get: (header) => {
      const key = getIfPresent(header)
      return key === undefined ? importKey(header) : Effect.succeed(key)
    },
    inBoth: (others) => {
      const present = new Set(others.map((jwk) => JSON.stringify(jwk)))
      return new Map(Array.from(byJwk).filter(([, { fingerprint }]) => present.has(fingerprint)))
    },
  }
}

/** Returns the only key that fits. Two keys with one `kid`, or several without, are ambiguous: there is no key then. */
const find = (jwks: ReadonlyArray<JsonWebKey>, { algorithm, keyId }: Header): JsonWebKey | undefined => {
  const compatible = jwks.filter((jwk) => isKeyFor(jwk, algorithm) && (keyId === undefined || jwk.kid === keyId))
  return compatible.length === 1 ? compatible[0] : undefined
}
