/** Turning a merge patch (RFC 7396) into the JSON Patch (RFC 6902) that this server carries out. */
import type { ClientChanges } from "../../ports/clients.ts"
import { toWire } from "../oidc/operations/client-metadata.ts"

interface Add {
  readonly op: "add"
  readonly path: string
  readonly value: unknown
}

type Wire = Readonly<Record<string, unknown>>

/**
 * Makes the patch for a client as it stands.
 *
 * Only `add`: the server answers success to `remove` and to `null` but keeps the old value, so a member is cleared by
 * the empty value of its type. Every path is one that the server knows, for it answers success to any other too.
 */
export const jsonPatch = (changes: ClientChanges, current: Wire): ReadonlyArray<Add> => {
  const wanted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(toWire(changes))) {
    if (name === "metadata") wanted[name] = mergePatch(current.metadata, value)
    else if (value !== null) wanted[name] = value
    else if (current[name] !== undefined && current[name] !== null) wanted[name] = empty(current[name])
  }
  if (wanted.jwks !== undefined && current.jwks_uri) wanted.jwks_uri = ""
  // The server writes `"jwks": {}` beside a jwks_uri and then refuses its own record for having both.
  if (wanted.jwks_uri || (current.jwks_uri && wanted.jwks_uri === undefined)) wanted.jwks = null
  const members = Object.entries(wanted).filter(
    ([name]) => name !== "jwks" || Object.keys(wanted).length > 1 || wanted.jwks !== null,
  )
  return members.map(([name, value]) => ({ op: "add", path: `/${name}`, value }))
}

const empty = (value: unknown): unknown => {
  if (Array.isArray(value)) return []
  if (typeof value === "object") return {}
  return typeof value === "boolean" ? false : ""
}

const isObject = (value: unknown): value is Wire => typeof value === "object" && value !== null && !Array.isArray(value)

/** RFC 7396 section 2. */
const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (patch === null) return {}
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, isObject(value) ? mergePatch(merged.get(name), value) : value)
  }
  return Object.fromEntries(merged)
}
