/** Facts about a token beyond subject, client and scopes: the same members in JWTs and introspection responses. */
import type { ActiveToken } from "../ports/introspection.ts"

type Members = Readonly<Record<string, unknown>>

type Writable<A> = { -readonly [Name in keyof A]: A[Name] }

/** Adds the facts that are present and have the right type. A member of another type is in `claims` only. */
export const addFacts = (token: Writable<Facts>, members: Members): void => {
  const { cnf, acr, sid, authorization_details: details } = members
  const confirmation = cnf === undefined ? undefined : confirmationOf(cnf)
  if (confirmation !== undefined) token.confirmation = confirmation
  if (typeof acr === "string" && acr !== "") token.acr = acr
  if (typeof sid === "string" && sid !== "") token.sessionId = sid
  if (Array.isArray(details) && details.every(isDetail)) token.authorizationDetails = details
}

type Facts = Pick<ActiveToken, "confirmation" | "acr" | "sessionId" | "authorizationDetails">

/** Returns the time of the user's login. */
export const authTimeOf = ({ auth_time: time }: Members): Date | undefined =>
  typeof time === "number" && time > 0 && time <= 8.64e12 ? new Date(time * 1000) : undefined

const isDetail = (value: unknown): value is { readonly type: string } =>
  typeof value === "object" && value !== null && typeof (value as Members).type === "string"

/**
 * Returns the binding of a token; `undefined` without `cnf`. A `cnf` of another shape is a binding without a proof: it
 * becomes an empty object, so that no guard takes the token for a bearer token.
 */
const confirmationOf = (cnf: unknown): NonNullable<ActiveToken["confirmation"]> | undefined => {
  if (cnf === null || cnf === "") return undefined
  const { jkt, "x5t#S256": x5tS256 } = (typeof cnf === "object" ? cnf : {}) as Members
  return {
    ...(typeof jkt === "string" && jkt !== "" && { jkt }),
    ...(typeof x5tS256 === "string" && x5tS256 !== "" && { x5tS256 }),
  }
}
