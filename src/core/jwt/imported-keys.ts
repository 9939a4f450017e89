/** The keys of one JWK Set, imported when a token first needs them. */
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import { isKeyFor } from "../../internal/jwa.ts"
import type { JsonWebKey } from "../../ports/metadata.ts"
import type { VerificationKey } from "../../ports/signature.ts"
import type { Header } from "./jwt.ts"

/** The key for a token; `undefined` if the set has none; or why the set does not tell which key it is. */
export type KeyChoice = VerificationKey | undefined | { readonly ambiguous: string }

export interface ImportedKeys {
  /** Returns the key for a token if it has been imported. */
  readonly getIfPresent: (header: Header) => VerificationKey | undefined
  /** Returns the key for a token, and imports it if necessary. */
  readonly get: (header: Header) => Effect.Effect<KeyChoice>
  /** Whether the set has a key for a token. */
  readonly has: (header: Header) => boolean
  /** The imported keys whose JWK is also in another set. */
  readonly inBoth: (jwks: ReadonlyArray<JsonWebKey>) => ReadonlyMap<string, VerificationKey>
}

/** Makes the keys of a set. `imported`: keys of an earlier set that this set still has. */
export const importedKeys = (
  published: ReadonlyArray<JsonWebKey>,
  imported: ReadonlyMap<string, VerificationKey>,
): ImportedKeys => {
  const jwks = distinct(published)
  /** By algorithm and JWK. */
  const byJwk = new Map(imported)
  /** By `kid`: the key that was used last. */
  const byKeyId = new Map<string | undefined, VerificationKey>()

  const getIfPresent = ({ algorithm, keyId }: Header): VerificationKey | undefined => {
    const key = byKeyId.get(keyId)
    return key?.algorithm === algorithm ? key : undefined
  }

  const importKey = (jwk: JsonWebKey, algorithm: string): Effect.Effect<VerificationKey | undefined> =>
    Effect.suspend(() => {
      const name = `${algorithm} ${JSON.stringify(jwk)}`
      const key = byJwk.get(name) ?? signatures.importKey(jwk, algorithm)
      return Effect.map(key instanceof Promise ? Effect.promise(() => key) : Effect.succeed(key), (usable) => {
        if (usable !== undefined) byJwk.set(name, usable)
        return usable
      })
    })

  const choose = (header: Header): Effect.Effect<KeyChoice> => {
    const candidates = jwks.filter((jwk) => isCandidate(jwk, header))
    if (candidates.length > 1 && header.keyId !== undefined)
      return Effect.succeed({ ambiguous: `${candidates.length} different keys have the kid of one token` })
    const imports = candidates.slice(0, maxCandidates).map((jwk) => importKey(jwk, header.algorithm))
    return Effect.map(Effect.all(imports), (keys) => {
      const key = anyOf(keys.filter((each) => each !== undefined))
      if (key !== undefined) byKeyId.set(header.keyId, key)
      return key
    })
  }

  return {
    getIfPresent,
    get: (header) => {
      const key = getIfPresent(header)
      return key === undefined ? choose(header) : Effect.succeed(key)
    },
    has: (header) => jwks.some((jwk) => isCandidate(jwk, header)),
    inBoth: (others) => {
      const present = new Set(others.map((jwk) => JSON.stringify(jwk)))
      return new Map(Array.from(byJwk).filter(([, { fingerprint }]) => present.has(fingerprint)))
    },
  }
}

/** How many keys are tried for a token without `kid`. */
const maxCandidates = 8

const isCandidate = (jwk: JsonWebKey, { algorithm, keyId }: Header): boolean =>
  isKeyFor(jwk, algorithm) && (keyId === undefined || jwk.kid === keyId)

/** Removes keys that are equal to an earlier one, whatever the order of their members: some servers publish a key twice. */
const distinct = (jwks: ReadonlyArray<JsonWebKey>): ReadonlyArray<JsonWebKey> => {
  const canonical = (jwk: JsonWebKey) => JSON.stringify(Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1)))
  return Array.from(new Map(jwks.toReversed().map((jwk) => [canonical(jwk), jwk])).values()).reverse()
}

/** Returns a key that accepts what any of these keys accepts: a token without `kid` does not name its key. */
const anyOf = (keys: ReadonlyArray<VerificationKey>): VerificationKey | undefined => {
  const [first, ...others] = keys
  if (first === undefined || others.length === 0) return first
  return {
    algorithm: first.algorithm,
    fingerprint: keys.map(({ fingerprint }) => fingerprint).join(),
    verifies: (signed, signature) => {
      const results = keys.map((key) => key.verifies(signed, signature))
      return results.every((result) => typeof result === "boolean")
        ? results.includes(true)
        : Promise.all(results).then((settled) => settled.includes(true))
    },
  }
}
