/** Under which name something is remembered: one that no other backend, endpoint or credential can come to. */
import * as Effect from "effect/Effect"
import { signatures } from "#signature"
import type { Backend, Identity } from "../../ports/provider.ts"

declare const made: unique symbol

/** A one-way name for a question to one backend. Only {@link factKeys} makes one, and whatever is shared is kept by it. */
export type FactKey = string & { readonly [made]: "FactKey" }

/** Names questions; a promise where the platform has no hash at once. */
export type FactKeys = (text: string) => FactKey | Promise<FactKey>

/** Goes on with a name: at once where it is there at once. */
export const withKey = <A, E>(
  key: FactKey | Promise<FactKey>,
  about: (key: FactKey) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  key instanceof Promise
    ? Effect.flatMap(
        Effect.promise(() => key),
        about,
      )
    : about(key)

/** A backend that says nothing of itself shares nothing. */
const nobody = (): Backend => ({ instance: crypto.randomUUID(), endpoint: "", credential: "" })

/**
 * Makes the names for one kind of question to one backend.
 *
 * They are SHA-256 over a secret prefix and the text; the prefix is made once, of all that decides whom is asked and as
 * whom, with a key that this process alone has. So a name tells nothing of a token, and none is ever another backend's.
 */
export const factKeys = ({ backend = nobody() }: Identity, question: string): FactKeys => {
  const { instance, endpoint, credential } = backend
  // 132 bits of it: they are a secret, and longer ones would cost another round of the hash for most tokens.
  const prefix = signatures.keyedHash(JSON.stringify([instance, endpoint, credential, question])).slice(0, 22)
  const { digest } = signatures
  return digest === undefined
    ? async (text) => hexOf(await crypto.subtle.digest("SHA-256", utf8.encode(prefix + text))) as FactKey
    : (text) => digest(prefix + text) as FactKey
}

const utf8 = new TextEncoder()

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")
