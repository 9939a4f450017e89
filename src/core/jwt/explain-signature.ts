/** The checks of a JWT's key and signature as a list. */
import * as Effect from "effect/Effect"
import { explained } from "../../internal/explaining.ts"
import type { AuthError } from "../../ports/errors.ts"
import type { ExplainedCheck } from "../../ports/explanation.ts"
import type { JsonWebKey, ServerKeys } from "../../ports/metadata.ts"
import type { Answers } from "../../ports/token-profile.ts"
import type { ParsedJwt } from "./jwt.ts"
import { makeKeys } from "./keys.ts"

interface SignatureChecks {
  readonly checks: ReadonlyArray<ExplainedCheck>
  readonly isVerified: boolean
  readonly withoutKeys: boolean
}

/** Without a key set, `introspect` leaves the decision to the vendor, unless the signature is the only answer. */
export const signatureChecks = (
  provider: string,
  { header, signed, signature }: ParsedJwt,
  answers: Answers,
  keyIssuer: string,
  fetchKeys: Effect.Effect<ServerKeys, AuthError>,
): Effect.Effect<SignatureChecks> => {
  let found = "no keys"
  const fetch = Effect.map(fetchKeys, (set) => {
    found = publishedKeys(set.keys)
    return set
  })
  const keyCheck = (passed: boolean, text: string): SignatureChecks => ({
    checks: [explained("jwt.key", passed, wantedKey(header, keyIssuer), text)],
    isVerified: false,
    withoutKeys: false,
  })
  return Effect.matchEffect(makeKeys(provider, fetch, [keyIssuer])(keyIssuer).get(header), {
    onFailure: ({ message }) =>
      Effect.succeed(
        answers === "signature"
          ? keyCheck(false, `no key set (${message})`)
          : { ...keyCheck(true, `no key set (${message}): the vendor decides`), withoutKeys: true },
      ),
    onSuccess: (key) => {
      if (key === undefined) return Effect.succeed(keyCheck(false, found))
      if ("ambiguous" in key) return Effect.succeed(keyCheck(false, key.ambiguous))
      const result = key.verifies(signed, signature)
      return Effect.map(
        typeof result === "boolean" ? Effect.succeed(result) : Effect.promise(() => result),
        (isVerified) => ({
          checks: [
            ...keyCheck(true, found).checks,
            explained("jwt.signature", isVerified, "the signature of this key", isVerified ? "valid" : "invalid"),
          ],
          isVerified,
          withoutKeys: false,
        }),
      )
    },
  })
}

const wantedKey = ({ algorithm, keyId }: ParsedJwt["header"], issuer: string): string =>
  keyId === undefined ? `a key of ${issuer} for ${algorithm}` : `a key of ${issuer} for ${algorithm} with kid ${keyId}`

const publishedKeys = (keys: ReadonlyArray<JsonWebKey>): string =>
  keys
    .map(({ kid, alg, kty, issuer }) => {
      const owner = typeof issuer === "string" ? `, of ${issuer}` : ""
      return `${kid ?? "no kid"} (${alg ?? kty ?? "no kty"}${owner})`
    })
    .join(", ")
