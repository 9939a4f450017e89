import type { Exchange } from "../http-server.ts"
import { invalid } from "./errors.ts"

type Members = Readonly<Record<string, unknown>>

/** Parses the body as a JSON object, unknown members included. Throws if it is not one. */
export const membersOf = ({ body }: Exchange): Members => {
  try {
    const json: unknown = JSON.parse(body === "" ? "{}" : body)
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json }
  } catch {
    // The error is thrown below.
  }
  throw invalid("INVALID_REQUEST_BODY", "Invalid request body")
}

const kinds = {
  string: (value: unknown) => typeof value === "string",
  boolean: (value: unknown) => typeof value === "boolean",
  integer: (value: unknown) => Number.isInteger(value),
  strings: (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === "string"),
} as const

export type MemberKind = keyof typeof kinds

/** Throws if a member has the wrong type. `null` is equivalent to an absent member. */
export const checkMembers = (members: Members, types: Readonly<Record<string, MemberKind>>): void => {
  for (const [name, kind] of Object.entries(types)) {
    const value = members[name]
    if (value === undefined || value === null || kinds[kind](value)) continue
    throw invalid("INVALID_FIELD_TYPE", `${name} must be of type ${kind}`)
  }
}

export const stringIn = (members: Members, name: string): string | undefined => {
  const value = members[name]
  return typeof value === "string" ? value : undefined
}

export const stringsIn = (members: Members, name: string): ReadonlyArray<string> | undefined => {
  const value = members[name]
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : undefined
}
