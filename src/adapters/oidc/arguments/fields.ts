/** The pieces that arguments are made of. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"

/** The schemas of operations' arguments, options last; made when wanted, for most services want few of them. */
export type Schemas<Op extends Operation> = Readonly<Record<Op, () => ReadonlyArray<z.ZodType>>>

export const text = z.string().min(1)
export const texts = z.array(text)
/** RFC 6749 section 3.3: no spaces, so that a list of scopes stays a list. */
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
export const anyJson = z.unknown().refine(isJson, "expected what JSON can hold")
export const record = z.record(z.string(), z.unknown()).refine(isJson, "expected what JSON can hold")
export const redacted = z.custom<Redacted.Redacted<string>>(Redacted.isRedacted, "expected a Redacted string")
export const date = z.date()

export const call = {
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
export const options = z.strictObject(call).optional()
export const nothing = z.strictObject({}).optional()
export const page = { cursor: text.optional(), pageSize: z.number().int().min(1).max(500).optional() }

/** What becomes a segment of a path: dots alone would name another path. */
export const id = text.refine((value) => value !== "." && value !== ".." && value.isWellFormed(), "not an id")

/** What an operation that takes one id, token or challenge may be given. */
export const byText = () => [text, options]

/** Members of a JWK that only its owner may know (RFC 7518 section 6). */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

/** A JWK that may be given away. */
export const publicKey = z
  .looseObject({ kty: text })
  .refine((jwk) => !privateMembers.some((name) => Object.hasOwn(jwk, name)), "a private key: give its public half")
