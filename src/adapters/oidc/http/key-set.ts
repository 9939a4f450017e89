/** Reads the members of a JWK Set (RFC 7517 section 5). A malformed key does not affect the others. */
import { z } from "zod"
import { withoutAbsent } from "../../../internal/absent.ts"
import { mayVerify } from "../../../internal/jwa.ts"
import { isKeyOf } from "../../../internal/key-issuer.ts"
import type { JsonWebKey } from "../../../ports/metadata.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { isObject, jsonObject } from "./json-response.ts"

/** Members of a JWK that hold a private or symmetric key (RFC 7518 section 6). */
const secretMembers: ReadonlySet<string> = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"])

const text = z.string().nullish()

/** The members that RFC 7517 section 4, RFC 7518 section 6 and RFC 8037 give a type, and the issuer that a key may name. */
const publicKey = z.looseObject({
  kty: z.string().min(1),
  kid: text,
  use: text,
  alg: text,
  key_ops: z.array(z.string()).nullish(),
  crv: text,
  n: text,
  e: text,
  x: text,
  y: text,
  issuer: text,
})

/**
 * Returns the keys of a set. A malformed member is skipped, and private members of a key are dropped if the server sends
 * them by mistake.
 */
export const publicKeysOf = (members: ReadonlyArray<unknown>): ReadonlyArray<JsonWebKey> =>
  members.flatMap((member) => {
    const { data } = publicKey.safeParse(isObject(member) ? withoutAbsent(member) : member)
    return data === undefined ? [] : publicKeyOf(data)
  })

/** Whether a value can be a member of a public key: a primitive value, or an array of strings. */
const isPublicValue = (value: unknown): boolean =>
  Array.isArray(value) ? value.every((each) => typeof each === "string") : typeof value !== "object"

const publicKeyOf = (key: Readonly<Record<string, unknown>> & { readonly kty: string }): JsonWebKey => ({
  ...Object.fromEntries(
    Object.entries(key).filter(([name, value]) => !secretMembers.has(name) && isPublicValue(value)),
  ),
  kty: key.kty,
})

/** Returns the response of a key endpoint with only the keys that may verify signatures of an issuer, for openid-client. */
export const verifyingKeys = (response: TransportResponse, issuer: string): TransportResponse => {
  const set = jsonObject(response)
  if (!Array.isArray(set?.keys)) return response
  const keys = publicKeysOf(set.keys).filter((key) => mayVerify(key) && isKeyOf(key, issuer))
  return {
    ...response,
    body: JSON.stringify({ ...set, keys }),
  }
}
