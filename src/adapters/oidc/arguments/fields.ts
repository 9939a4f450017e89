/** Schemas that several arguments use. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"

/**
 * The schemas of each operation's arguments, options last. They are made on first use, because most services use few of
 * them.
 */
export type Schemas<Op extends Operation> = Readonly<Record<Op, () => ReadonlyArray<z.ZodType>>>

export const nonEmptyString = z.string().min(1)
export const nonEmptyStrings = z.array(nonEmptyString)
/** Without spaces, because a space separates scopes (RFC 6749 section 3.3). */
export const scopes = z.array(
  z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "expected a scope of printable characters without spaces"),
)
export const count = z.number().int().nonnegative()
const isJson = (value: unknown): boolean => {
  try {
    return value === undefined || JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}
export const anyJson = z.unknown().refine(isJson, "expected a value that JSON can represent")
export const record = z.record(z.string(), z.unknown()).refine(isJson, "expected a value that JSON can represent")
export const redacted = z.custom<Redacted.Redacted<string>>(Redacted.isRedacted, "expected a Redacted string")
export const date = z.date()

/** The members of `CallOptions`. */
export const callOptions = {
  timeout: z
    .custom<Duration.Input>((value) => {
      try {
        return Duration.toMillis(Duration.fromInputUnsafe(value as Duration.Input)) > 0
      } catch {
        return false
      }
    }, 'expected a positive duration, such as "2 seconds" or 2000 (milliseconds)')
    .optional(),
  retry: z.literal(false).optional(),
}
export const options = z.strictObject(callOptions).optional()
export const noInput = z.strictObject({}).optional()
export const page = { cursor: nonEmptyString.optional(), pageSize: z.number().int().min(1).max(500).optional() }

/** A segment of a URL path: `.` and `..` would be another path. */
export const id = nonEmptyString.refine(
  (value) => value !== "." && value !== ".." && value.isWellFormed(),
  'expected an id, not "." or ".."',
)

/** The arguments of an operation that takes one id, token or challenge. */
export const stringAndOptions = () => [nonEmptyString, options]

/** Members of a JWK that hold a private or symmetric key (RFC 7518 section 6). */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

/** A JWK without a private or symmetric key. */
export const publicKey = z
  .looseObject({ kty: nonEmptyString })
  .refine(
    (jwk) => !privateMembers.some((name) => Object.hasOwn(jwk, name)),
    "expected a public key, found a private key: give its public half",
  )
