import { oauthError } from "./errors.ts"

interface Operation {
  readonly op: "add" | "remove" | "replace"
  readonly path: string
  readonly value: unknown
}

type Container = Record<string, unknown> | Array<unknown>

// The server has one error response for every invalid patch.
const invalidPatch = () => oauthError("error")

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null

const readOperation = (entry: unknown): Operation => {
  if (!isContainer(entry) || Array.isArray(entry)) throw invalidPatch()
  const { op, path, value } = entry
  if (op !== "add" && op !== "remove" && op !== "replace") throw invalidPatch()
  if (typeof path !== "string" || !path.startsWith("/") || path.toLowerCase() === "/id") throw invalidPatch()
  return { op, path, value }
}

const keysOf = (path: string) =>
  path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))

const indexOf = (list: ReadonlyArray<unknown>, key: string, isAdding: boolean): number => {
  if (isAdding && key === "-") return list.length
  const index = Number(key)
  if (!/^\d+$/.test(key) || index > (isAdding ? list.length : list.length - 1)) throw invalidPatch()
  return index
}

const memberOf = (container: Container, key: string): unknown => {
  if (Array.isArray(container)) return container[indexOf(container, key, false)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

/** Returns the parent of a path. With `isCreating`, missing and null members on the way become objects. */
const parentOf = (document: Container, keys: ReadonlyArray<string>, isCreating: boolean): Container => {
  let container = document
  for (const key of keys) {
    const next = memberOf(container, key)
    if (isContainer(next)) {
      container = next
      continue
    }
    if (!isCreating || (next ?? undefined) !== undefined || Array.isArray(container)) throw invalidPatch()
    const created: Record<string, unknown> = {}
    define(container, key, created)
    container = created
  }
  return container
}

// An assignment to `__proto__` would set the prototype instead of a member.
const define = (target: Record<string, unknown>, key: string, value: unknown) =>
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })

const applyOne = (document: Record<string, unknown>, { op, path, value }: Operation) => {
  const keys = keysOf(path)
  const key = keys.at(-1) ?? ""
  const parent = parentOf(document, keys.slice(0, -1), op !== "remove")
  if (Array.isArray(parent)) {
    const index = indexOf(parent, key, op === "add")
    if (op === "add") parent.splice(index, 0, value)
    else if (op === "remove") parent.splice(index, 1)
    else parent[index] = value
    return
  }
  if (op !== "remove") {
    define(parent, key, value ?? null)
    return
  }
  if (!Object.hasOwn(parent, key)) throw invalidPatch()
  delete parent[key]
}

/** Returns whether an operation addresses a member of a null from the same patch. There the real server panics. */
const isInsideNull = ({ path }: Operation, earlier: ReadonlyArray<Operation>) =>
  earlier.some((operation) => operation.value === null && path.startsWith(`${operation.path}/`))

/**
 * Applies a JSON Patch (RFC 6902) like the server.
 *
 * The server supports only `add`, `remove` and `replace`. A `replace` of a missing member adds it. Every error has
 * status 500.
 */
export const applyPatch = (document: Record<string, unknown>, body: string): Record<string, unknown> => {
  const operations = parsePatch(body).map(readOperation)
  if (operations.some((operation, index) => isInsideNull(operation, operations.slice(0, index)))) throw invalidPatch()
  const copy: Record<string, unknown> = structuredClone(document)
  for (const operation of operations) applyOne(copy, operation)
  return copy
}

const parsePatch = (body: string): ReadonlyArray<unknown> => {
  try {
    const parsed: unknown = JSON.parse(body)
    if (Array.isArray(parsed)) return parsed
  } catch {
    // Throws the same error as a body that is not an array.
  }
  throw invalidPatch()
}
