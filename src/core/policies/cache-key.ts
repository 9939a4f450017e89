/** The keys of everything that callers share. A key never collides with the key of another server, endpoint or credential. */
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { Backend, Identity } from "../../ports/provider.ts"

declare const brand: unique symbol

/** A one-way key. Only {@link cacheKeys} makes one, and every shared store takes no other. */
export type CacheKey = string & { readonly [brand]: "CacheKey" }

/** Makes the key of a text; a promise where the platform has no synchronous hash. */
export type CacheKeys = (text: string) => CacheKey | Promise<CacheKey>

/** Continues with a key: synchronously if it is available synchronously. */
export const withKey = <A, E>(
  key: CacheKey | Promise<CacheKey>,
  use: (key: CacheKey) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  key instanceof Promise
    ? Effect.flatMap(
        Effect.promise(() => key),
        use,
      )
    : use(key)

/** Continues with several keys. */
export const withKeys = <A, E>(
  keys: ReadonlyArray<CacheKey | Promise<CacheKey>>,
  use: (keys: ReadonlyArray<CacheKey>) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  keys.some((key) => key instanceof Promise)
    ? Effect.flatMap(
        Effect.promise(() => Promise.all(keys)),
        use,
      )
    : use(keys as ReadonlyArray<CacheKey>)

/** For a provider without a backend: a unique value, so that it shares nothing. */
const unshared = (): Backend => ({ instance: crypto.randomUUID(), endpoint: "", credential: "" })

/**
 * Makes the keys for one purpose at one backend.
 *
 * A key is SHA-256 over a secret prefix and the text. The prefix is an HMAC, under a key of this process, of the server,
 * the endpoint, the credentials and the purpose. A key therefore reveals nothing about a token.
 */
export const cacheKeys = ({ backend }: Identity, purpose: string): CacheKeys => {
  let known: string | undefined
  // Made for the first text: some platforms give no random numbers while a module is loaded.
  const prefix = (): string => {
    known ??= prefixOf(backend ?? unshared(), purpose)
    return known
  }
  const { digest } = signatures
  return digest === undefined
    ? async (text) => toHex(await crypto.subtle.digest("SHA-256", utf8.encode(prefix() + text))) as CacheKey
    : (text) => digest(prefix() + text) as CacheKey
}

/**
 * Makes the keys of tokens at one server. They are the same in every process, so that a process understands what another one
 * has ended.
 *
 * A key is SHA-256 over the issuer and the token. The cache that it belongs to is that of one client, and a fleet hides it.
 */
export const fleetKeys = (server: string): CacheKeys => {
  const text = JSON.stringify(["token", server])
  const { digest } = signatures
  if (digest === undefined)
    return async (token) => toHex(await crypto.subtle.digest("SHA-256", utf8.encode(text + token))) as CacheKey
  const prefix = digest(text).slice(0, prefixLength)
  return (token) => digest(prefix + token) as CacheKey
}

// 132 bits: enough for a secret, and a longer prefix would cost another round of the hash for most tokens.
const prefixLength = 22

const prefixOf = ({ instance, endpoint, credential }: Backend, purpose: string): string =>
  signatures.keyedHash(JSON.stringify([instance, endpoint, credential, purpose])).slice(0, prefixLength)

const utf8 = new TextEncoder()

const toHex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")
