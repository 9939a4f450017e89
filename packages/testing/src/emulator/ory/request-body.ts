import { parseBody } from "./body-json.ts"

/** The result of reading a body: its members or an error message. */
export type StrictBody = { readonly values: Readonly<Record<string, unknown>> } | { readonly problem: string }

type Kind = "string" | "boolean" | "number" | "array" | "object" | "any"

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value)

/** Reads a JSON body and rejects unknown members, with the error messages of the server's decoder. */
export const readStrictBody = (body: string, members: Readonly<Record<string, Kind>>): StrictBody => {
  const parsed = parseBody(body)
  if ("problem" in parsed) return parsed
  const { json } = parsed
  if (json === null) return { values: {} }
  if (typeof json !== "object" || Array.isArray(json)) {
    return { problem: `json: cannot unmarshal ${typeOf(json)} into Go value` }
  }
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(json)) {
    const kind = Object.hasOwn(members, name) ? members[name] : undefined
    if (kind === undefined) return { problem: `json: unknown field "${name}"` }
    if (value === null) continue
    if (kind !== "any" && typeOf(value) !== kind) {
      const actual = typeof value === "boolean" ? "bool" : typeOf(value)
      return { problem: `json: cannot unmarshal ${actual} into Go struct field .${name}` }
    }
    values[name] = value
  }
  return { values }
}

export const stringIn = (values: Readonly<Record<string, unknown>>, name: string): string => {
  const value = values[name]
  return typeof value === "string" ? value : ""
}

export const numberIn = (values: Readonly<Record<string, unknown>>, name: string): number => {
  const value = values[name]
  return typeof value === "number" ? value : 0
}

export const stringsIn = (values: Readonly<Record<string, unknown>>, name: string): ReadonlyArray<string> => {
  const value = values[name]
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : []
}

export const objectIn = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null) return {}
  const member: unknown = Object.entries(value).find(([key]) => key === name)?.[1]
  return typeof member === "object" && member !== null && !Array.isArray(member) ? { ...member } : {}
}

/** The members of a rejection. */
export const rejectionMembers = {
  error: "string",
  error_description: "string",
  error_hint: "string",
  error_debug: "string",
  status_code: "number",
} as const
