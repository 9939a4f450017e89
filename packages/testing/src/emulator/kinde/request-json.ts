import type { Exchange } from "../http-server.ts"
import { invalid } from "./errors.ts"

type Members = Readonly<Record<string, unknown>>

/** The members of a JSON body; what the operation does not know is the caller's to leave out. */
export const membersOf = ({ body }: Exchange): Members => {
  try {
    const json: unknown = JSON.parse(body === "" ? "{}" : body)
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json }
  } catch {
    // Said below.
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

/** Refuses members of another type than theirs; null is as good as absent. */
export const checkMembers = (members: Members, wanted: Readonly<Record<string, MemberKind>>): void => {
  for (const [name, kind] of Object.entries(wanted)) {
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
