/** Conversion of a merge patch (RFC 7396) to the JSON Patch (RFC 6902) that Ory applies. */
import type { ClientChanges } from "../../ports/clients.ts"
import { toWire } from "../oidc/operations/client-metadata.ts"

interface Add {
  readonly op: "add"
  readonly path: string
  readonly value: unknown
}

type Wire = Readonly<Record<string, unknown>>

/**
 * Returns the patch for a client in its current state.
 *
 * All operations are `add`. Some releases report success for `remove` and for `null` but keep the old value, so a member
 * is cleared with the empty value of its type. Every path is a known one: the server reports success for any path.
 */
export const jsonPatch = (changes: ClientChanges, current: Wire): ReadonlyArray<Add> => {
  const members: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(toWire(changes))) {
    if (name === "metadata") members[name] = mergePatch(current.metadata, value)
    else if (value !== null) members[name] = value
    else if (current[name] !== undefined && current[name] !== null) members[name] = emptyOf(name, current[name])
  }
  if (Object.keys(members).length === 0) return []
  if (changes.jwks && current.jwks_uri) members.jwks_uri = ""
  // Some releases store `"jwks": {}` beside `jwks_uri`, and then reject their own record because it has both.
  if (members.jwks_uri || (current.jwks_uri && members.jwks_uri === undefined)) members.jwks = null
  return Object.entries(members).map(([name, value]) => ({ op: "add", path: `/${name}`, value }))
}

/**
 * Returns the value that clears a member on every release.
 *
 * v2.3.0 decodes a patch into the stored record, so an empty object keeps the keys of `jwks`. It rejects `null` for a
 * client that authenticates with its keys.
 */
const emptyOf = (name: string, value: unknown): unknown => {
  if (name === "jwks") return { keys: [] }
  if (Array.isArray(value)) return []
  if (typeof value === "object") return {}
  return typeof value === "boolean" ? false : ""
}

const isObject = (value: unknown): value is Wire => typeof value === "object" && value !== null && !Array.isArray(value)

/** Applies a merge patch (RFC 7396 section 2). */
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
