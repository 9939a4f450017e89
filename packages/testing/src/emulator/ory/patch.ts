import { refuse } from "./errors.ts"

interface Operation {
  readonly op: "add" | "remove" | "replace"
  readonly path: string
  readonly value: unknown
}

type Container = Record<string, unknown> | Array<unknown>

// Whatever is wrong with a patch, the server has one answer.
const broken = () => refuse("error")

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null

const readOperation = (entry: unknown): Operation => {
  if (!isContainer(entry) || Array.isArray(entry)) throw broken()
  const { op, path, value } = entry
  if (op !== "add" && op !== "remove" && op !== "replace") throw broken()
  if (typeof path !== "string" || !path.startsWith("/") || path.toLowerCase() === "/id") throw broken()
  return { op, path, value }
}

const keysOf = (path: string) =>
  path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))

const indexOf = (list: ReadonlyArray<unknown>, key: string, adding: boolean): number => {
  if (adding && key === "-") return list.length
  const index = Number(key)
  if (!/^\d+$/.test(key) || index > (adding ? list.length : list.length - 1)) throw broken()
  return index
}

const own = (container: Container, key: string): unknown => {
  if (Array.isArray(container)) return container[indexOf(container, key, false)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

/** Walks to the parent of a path; unless removing, members that are missing or null on the way come into being. */
const parentOf = (document: Container, keys: ReadonlyArray<string>, creating: boolean): Container => {
  let at = document
  for (const key of keys) {
    const next = own(at, key)
    if (isContainer(next)) {
      at = next
      continue
    }
    if (!creating || (next ?? undefined) !== undefined || Array.isArray(at)) throw broken()
    const made: Record<string, unknown> = {}
    define(at, key, made)
    at = made
  }
  return at
}

// `__proto__` is a member like any other here.
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
  if (!Object.hasOwn(parent, key)) throw broken()
  delete parent[key]
}

/** Whether an operation goes into a null of the same patch: there the real server panics and hangs up. */
const goesInto = ({ path }: Operation, earlier: ReadonlyArray<Operation>) =>
  earlier.some((each) => each.value === null && path.startsWith(`${each.path}/`))

/**
 * Applies a JSON patch as the server does: only add, remove and replace; a replace of a missing member adds it; a
 * mistake of any kind is a 500.
 */
export const applyPatch = (document: Record<string, unknown>, body: string): Record<string, unknown> => {
  const operations = parsePatch(body).map(readOperation)
  if (operations.some((each, index) => goesInto(each, operations.slice(0, index)))) throw broken()
  const copy: Record<string, unknown> = structuredClone(document)
  for (const operation of operations) applyOne(copy, operation)
  return copy
}

const parsePatch = (body: string): ReadonlyArray<unknown> => {
  try {
    const parsed: unknown = JSON.parse(body)
    if (Array.isArray(parsed)) return parsed
  } catch {
    // The refusal below.
  }
  throw broken()
}
