/** Reads the members of a token: claims of a JWT, or members of an introspection response, by one profile. */
import type { TokenProfile, When } from "../ports/token-profile.ts"
import { isAbsent } from "./absent.ts"

type Members = Readonly<Record<string, unknown>>

/** A token, as a condition sees it. */
export interface Subject {
  readonly token: string
  readonly members: Members
  /** The header of a JWT. */
  readonly header: () => Members | undefined
  /** Whether the members are an introspection response's. */
  readonly isAnswer: boolean
}

/** Whether a condition holds for a token. */
export const holds = (when: When, subject: Subject): boolean => {
  const value = memberOf(when, subject)
  if (value === notHere) return false
  if (when.absent === true) return isAbsent(value)
  if (isAbsent(value)) return false
  if (when.is !== undefined)
    return typeof when.is === "string" ? value === when.is : when.is.some((each) => each === value)
  if (when.starts === undefined && when.ends === undefined) return true
  return typeof value === "string" && value.startsWith(when.starts ?? "") && value.endsWith(when.ends ?? "")
}

/** The value of a place that this token does not have. */
const notHere = Symbol("not here")

const memberOf = ({ in: place, name = "" }: When, { token, members, header, isAnswer }: Subject): unknown => {
  switch (place) {
    case "token":
      return token
    case "header":
      return header()?.[name]
    case "claims":
      return isAnswer ? notHere : members[name]
    case "answer":
      return isAnswer ? members[name] : notHere
    default:
      return members[name]
  }
}

/** Returns the first of several members that is a string. */
export const firstText = (members: Members, names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const value = members[name]
    if (typeof value === "string" && value !== "") return value
  }
  return undefined
}

/** Returns the first of several members that is present: the audience is never read from two members. */
export const firstPresent = (members: Members, names: ReadonlyArray<string>): unknown => {
  for (const name of names) if (!isAbsent(members[name])) return members[name]
  return undefined
}

/**
 * Returns the scopes of several members, as lists or separated by spaces; `undefined` if none is present. An empty
 * `scope` is an empty list (RFC 6749 section 3.3).
 */
export const scopesOf = (members: Members, names: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  let scopes: ReadonlyArray<string> | undefined
  for (const name of names) {
    const value = members[name]
    if (value === undefined || value === null) continue
    const listed = scopeList(value)
    scopes = scopes === undefined ? listed : Array.from(new Set([...scopes, ...listed]))
  }
  return scopes
}

const scopeList = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return splitScopes(value)
  return Array.isArray(value) ? value.filter((each) => typeof each === "string" && each !== "") : []
}

/** Splits a `scope` value, a list separated by spaces. */
export const splitScopes = (scope: string): ReadonlyArray<string> => {
  const parts = scope.split(" ")
  return parts.includes("") ? parts.filter((part) => part !== "") : parts
}

/**
 * Returns the type of the subject of a token, if it is known: the client itself (no subject, the client as subject, or
 * a condition of the profile), or the type of the server's other subjects.
 */
export const subjectTypeOf = (
  clientId: string | undefined,
  subject: Subject,
  { machine = [], subjects }: Pick<TokenProfile, "machine" | "subjects">,
): "user" | "client" | undefined => {
  const { sub } = subject.members
  if (machine.some((when) => holds(when, subject))) return "client"
  if (isAbsent(sub)) return subjects && "client"
  return sub === clientId ? "client" : subjects && "user"
}
