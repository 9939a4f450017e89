/** Tokens that were stored as JSON. */
import { AuthError } from "../ports/errors.ts"
import type { Tokens } from "../ports/issuance.ts"

type Members = Readonly<Record<string, unknown>>

/**
 * Restores tokens that were stored with `JSON.stringify`: `expiresAt` is a `Date` again. Other members than those of
 * `Tokens` are left out.
 *
 * @param json the text, or what `JSON.parse` returned for it
 *
 * Throws an `AuthError` (`InvalidRequest`, naming the member) if it holds no tokens. The error contains no value.
 */
export const tokensFromJson = (json: unknown): Tokens => {
  const members = objectOf(typeof json === "string" ? parsed(json) : json)
  if (members === undefined) throw invalid("a JSON object of tokens")
  const required = <A>(name: keyof Tokens, { read, expected }: Form<A>): A => {
    const value = read(members[name])
    if (value === undefined) throw invalid(expected, name)
    return value
  }
  const optional = <Name extends keyof Tokens, A>(name: Name, form: Form<A>): { readonly [K in Name]?: A } =>
    members[name] === undefined ? {} : ({ [name]: required(name, form) } as { readonly [K in Name]: A })
  return {
    accessToken: required("accessToken", text),
    tokenType: required("tokenType", text),
    ...optional("expiresAt", date),
    scopes: required("scopes", list),
    ...optional("refreshToken", text),
    ...optional("idToken", text),
    ...optional("idClaims", { read: objectOf, expected: "an object" }),
  }
}

/** How a member is read: `undefined` for a value of another form. */
interface Form<A> {
  readonly read: (value: unknown) => A | undefined
  readonly expected: string
}

const text: Form<string> = {
  read: (value) => (typeof value === "string" && value !== "" ? value : undefined),
  expected: "a text, not empty",
}

const list: Form<ReadonlyArray<string>> = {
  read: (value) => (Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined),
  expected: "a list of texts",
}

const isoDate = /^([+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const date: Form<Date> = {
  read: (value) => {
    const found = value instanceof Date || (typeof value === "string" && isoDate.test(value)) ? new Date(value) : value
    return found instanceof Date && !Number.isNaN(found.getTime()) ? found : undefined
  },
  expected: "a date as JSON.stringify writes it",
}

const objectOf = (value: unknown): Members | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined

/** The exception of `JSON.parse` contains a part of the text. */
const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const invalid = (expected: string, field?: string): AuthError =>
  new AuthError({
    provider: "latchkey",
    operation: "tokensFromJson",
    reason: { _tag: "InvalidRequest", ...(field !== undefined && { field }), detail: `expected ${expected}` },
  })
