/** Schemas that several arguments use. */
import type * as Redacted from "effect/Redacted"
import { z } from "zod"
import type { Operation } from "../../../ports/provider.ts"
import { timeLimit } from "../configuration/duration.ts"
import { redactedProblem } from "../configuration/secret.ts"

/**
 * The schemas of each operation's arguments, options last. They are made on first use, because most services use few of
 * them.
 */
export type Schemas<Op extends Operation> = Readonly<Record<Op, () => ReadonlyArray<z.ZodType>>>

export const nonEmptyString = z.string().min(1)

/**
 * The longest name, id or hint, in characters. An attacker may choose it, and the time to encode it grows with its
 * length.
 */
const longestText = 16_384

/**
 * A text that is not a credential: credentials have their own limits and results. It does not use `max`, which counts
 * the code points of the whole text.
 */
export const shortString = nonEmptyString.refine((text) => text.length <= longestText, {
  error: `expected at most ${longestText} characters`,
  abort: true,
})
export const nonEmptyStrings = z.array(nonEmptyString)
/** Without spaces, because a space separates scopes (RFC 6749 section 3.3). */
export const scopes = z.array(
  shortString.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "expected a scope of printable characters without spaces"),
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
export const redacted = z.custom<Redacted.Redacted<string>>((value) => redactedProblem(value) === undefined, {
  error: ({ input }) => redactedProblem(input),
})
export const date = z.date()

/** A date, or its form in JSON. */
export const dateOrText = z.union([
  z.date(),
  z.iso.datetime({ offset: true, error: "expected a Date, or its text as JSON has it" }),
])

/** The members of `CallOptions`. */
export const callOptions = {
  timeout: timeLimit.optional(),
  retry: z.literal(false).optional(),
}
export const options = z.strictObject(callOptions).optional()
export const noInput = z.strictObject({}).optional()
export const page = { cursor: shortString.optional(), pageSize: z.number().int().min(1).max(500).optional() }

/** A segment of a URL path: `.` and `..` would be another path. */
export const id = shortString.refine(
  (value) => value !== "." && value !== ".." && value.isWellFormed(),
  'expected an id, not "." or ".."',
)

/** The name of the header with which a text may begin. */
const header = String.raw`^\s*(?:(?:proxy-)?authorization\s*:\s*)?`

/** The registered HTTP authentication schemes (RFC 9110 section 16.4.1) and others in use, before anything else. */
const scheme = new RegExp(
  `${header}(?:basic|bearer|concealed|digest|dpop|gnap|hoba|mutual|negotiate|oauth2?|privatetoken|` +
    String.raw`scram-sha-(?:1|256)|vapid|aws4-hmac-sha256|hawk|jwt|kerberos|ntlm)\s+\S`,
  "i",
)

/** Schemes that are also words, before one word. */
const wordScheme = new RegExp(
  String.raw`${header}(?:access[-_]?token|api[-_]?key|mac|pop|sharedkey|token)\s+\S+\s*$`,
  "i",
)

/** Any other scheme, before one word that is long enough for a token. The first part of a broken JWT is no scheme. */
const otherScheme = new RegExp(String.raw`${header}(?!eyJ)[a-z][a-z_-]{0,31}\s+[\w.~+/-]{16,}=*\s*$`, "i")

/** Whether a text is the value of an `Authorization` header, or the header: an authentication scheme before a token. */
export const hasScheme = (text: string): boolean =>
  // A token has no white space: it fails here, after 32 characters at most.
  /^\s*[\w-]{1,32}[\s:]/.test(text) && (scheme.test(text) || wordScheme.test(text) || otherScheme.test(text))

/** Any string without a scheme: a string that cannot be a token is inactive, not an error. */
export const introspectedToken = z.string().refine((text) => !hasScheme(text), {
  path: ["token"],
  message: 'pass the token without the scheme, such as "Bearer"',
})

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
