/** Reads a configuration from environment variables. */
import type { z } from "zod"
import {
  expectedJson,
  holdsSecret,
  isReadable,
  membersOf,
  readVariable,
} from "./adapters/oidc/configuration/environment.ts"
import { shownName } from "./adapters/oidc/configuration/shown-name.ts"
import { suggestion } from "./internal/closest-name.ts"
import type { Issue } from "./ports/errors.ts"

export type Environment = Readonly<Record<string, string | undefined>>

/** A place in a configuration that a variable fills. */
interface Place {
  /** The member, or a member of a member: `["tls", "key"]`. */
  readonly path: readonly [string, string?]
  readonly schema: z.core.$ZodType
  readonly isFile: boolean
}

/** Returns the variable of a member: `clientId` is `LATCHKEY_CLIENT_ID`. */
export const variableOf = (member: string, prefix = "LATCHKEY_"): string =>
  prefix + member.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** The members that a variable can hold, by name: also those within a member that is an object, such as `token`. */
const placesOf = (members: Readonly<Record<string, z.ZodType>>, prefix: string): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>()
  const add = (path: Place["path"], schema: z.core.$ZodType, hasFile: boolean): void => {
    const name = variableOf(path.join("_"), prefix)
    places.set(name, { path, schema, isFile: false })
    if (hasFile) places.set(`${name}_FILE`, { path, schema, isFile: true })
  }
  for (const [member, schema] of Object.entries(members)) {
    if (!isReadable(schema)) continue
    const isSecret = holdsSecret(schema)
    add([member], schema, isSecret)
    for (const [inner, each] of Object.entries(membersOf(schema))) add([member, inner], each, isSecret)
  }
  return places
}

/** The names of every variable that a vendor has, without the one that names the vendor. */
export const variablesOf = (members: Readonly<Record<string, z.ZodType>>, prefix: string): ReadonlyArray<string> =>
  Array.from(placesOf(members, prefix).keys())

/** The variables that Kubernetes adds to every pod for a service, whose name may begin with the same word. */
const ofService =
  /^(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?)$/

const isOfService = (name: string, text: string): boolean =>
  ofService.test(name) || (/^(?:[A-Z0-9_]+_)?PORT$/.test(name) && /^(?:tcp|udp|sctp):\/\//.test(text))

/** The values that were read, and their variables. */
export interface EnvironmentReading {
  readonly config: Readonly<Record<string, unknown>>
  readonly issues: ReadonlyArray<Issue>
  /** Returns a problem with the variables that hold the members, or would hold them, in its path and its message. */
  readonly inVariables: (issue: Issue) => Issue
}

/** Reads the members of a vendor. `chosen`: the variable that names the vendor. */
export const readEnvironment = (
  members: Readonly<Record<string, z.ZodType>>,
  env: Environment,
  prefix: string,
  chosen: string,
): EnvironmentReading => {
  const places = placesOf(members, prefix)
  const config: Record<string, unknown> = {}
  const issues: Array<Issue> = []
  const sources = new Map<string, string>()
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || name === chosen || !text) continue
    const place = places.get(name)
    if (place === undefined) {
      if (!isOfService(name.slice(prefix.length), text))
        issues.push({
          path: prefix + shownName(name.slice(prefix.length)),
          message: `unknown variable${suggestion(name.slice(prefix.length), withoutPrefix(places, prefix), prefix)}`,
        })
      continue
    }
    const [member, inner] = place.path
    const path = place.path.join(".")
    const other = sources.get(path) ?? sources.get(inner === undefined ? within(member) : member)
    if (other !== undefined) {
      issues.push({ path: name, message: `give ${other} or ${name}, not both` })
      continue
    }
    sources.set(path, name)
    if (inner !== undefined) sources.set(within(member), name)
    const read = readPlace(place, text)
    if (read.message !== undefined) issues.push({ path: name, message: read.message })
    if (inner === undefined) config[member] = read.value
    else config[member] = { ...(config[member] as object | undefined), [inner]: read.value }
  }
  const names = new Map(Object.keys(members).map((member) => [member, variableOf(member, prefix)]))
  const inVariables = ({ path, message }: Issue): Issue => ({
    path: variablePath(path, sources, prefix),
    message: variableMessage(message, names),
  })
  return { config, issues, inVariables }
}

const withoutPrefix = (places: ReadonlyMap<string, Place>, prefix: string): ReadonlyArray<string> =>
  Array.from(places.keys(), (name) => name.slice(prefix.length))

/** The name under which a variable of a part of a member is noted. */
const within = (member: string): string => `${member}.`

/** Replaces the first part of a path by its variable, or the first two where those have one. */
const variablePath = (path: string, sources: ReadonlyMap<string, string>, prefix: string): string => {
  const [member = "", ...rest] = path.split(".")
  // No variable holds it: it is an option of `fromEnv`.
  if (member === "log") return path
  const [inner, ...deeper] = rest
  if (inner !== undefined && sources.has(within(member)))
    return [sources.get(`${member}.${inner}`) ?? variableOf(`${member}_${inner}`, prefix), ...deeper].join(".")
  return [sources.get(member) ?? variableOf(member, prefix), ...rest].join(".")
}

/**
 * Replaces the members that a message names by their variables: those in quotes, and those that are no English word because
 * of a capital letter, such as `privateKey`.
 */
const variableMessage = (message: string, names: ReadonlyMap<string, string>): string =>
  message.replace(/(["`]?)\b([a-z]+(?:[A-Z][a-z]+)*)\b\1/g, (whole, quote: string, word: string) =>
    quote === "" && !/[A-Z]/.test(word) ? whole : (names.get(word) ?? whole),
  )

interface Read {
  readonly value: unknown
  readonly message?: string
}

const readPlace = ({ schema, isFile }: Place, text: string): Read => {
  const file = isFile ? contentOf(text) : { value: text }
  if (file.message !== undefined) return { value: text, message: file.message }
  try {
    return { value: readVariable(schema, file.value) }
  } catch {
    return { value: file.value, message: isFile ? "expected a file with JSON" : `expected ${expectedJson(schema)}` }
  }
}

/** Reads a file, without one line break at its end. Editors and `echo` add it. */
export const contentOf = (path: string): { readonly value: string; readonly message?: string } => {
  // Loaded at run time, so that bundlers for platforms without files find no import.
  const files = globalThis.process?.getBuiltinModule?.("node:fs")
  if (files?.readFileSync === undefined) return { value: "", message: "files cannot be read on this platform" }
  try {
    return { value: files.readFileSync(path, "utf8").replace(/\r?\n$/, "") }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    return { value: "", message: `expected the path of a file that can be read, found ${code}` }
  }
}
