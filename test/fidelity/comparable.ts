/**
 * Flattens responses into comparable data. Values that differ on every run (ids, tokens, times, secrets) become
 * placeholders.
 */
import type { RecordedResponse, ServerUrls } from "./sdk.ts"

type Leaf = string | number | boolean | null

/** Headers that do not depend on the server's behaviour. */
const ignored = new Set(["date", "connection", "keep-alive", "content-length", "transfer-encoding"])

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/ory_(at|rt|ac|dc)_[\w-]+\.[\w-]+/g, "<$1 token>"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/((?:login|consent|logout|device)_(?:challenge|verifier)=)[^&";]+/g, "$1<opaque>"],
  [/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g, "<JWT>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<whole second>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, "<time>"],
  // The URLs of the screens are a setting; no server listens there.
  [/http:\/\/127\.0\.0\.1:[19]\/(login|consent|logout|device)\b/g, "<screen>/$1"],
  [/\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT/g, "<date>"],
  [/^(ory_hydra_\w+=)[^;]{20,}/g, "$1<opaque>"],
  [/\b[0-9a-f]{32}\b/g, "<32 hexadecimal digits>"],
]

/** Placeholders for members whose values cannot be recognized without the name. */
const byName: Readonly<Record<string, (value: Leaf) => Leaf>> = {
  client_secret: (value) => (/^[\w.~-]{26}$/.test(String(value)) ? "<generated secret>" : value),
  challenge: () => "<opaque>",
  n: (value) => `<modulus of ${String(value).length} characters>`,
  at_hash: (value) => `<hash of ${String(value).length} characters>`,
  // Rounded, because the value is often one second short.
  expires_in: (value) => Math.round(Number(value) / 10) * 10,
  ...Object.fromEntries(["exp", "iat", "nbf", "auth_time", "rat"].map((name) => [name, sinceNow])),
}

/** A time in whole minutes from now. Both servers respond within one minute. */
function sinceNow(value: Leaf): string {
  return `<now + ${Math.round((Number(value) - Date.now() / 1000) / 60) || 0} minutes>`
}

const isJwt = (text: string) => /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(text)

const decodePart = (jwt: string, index: number): unknown =>
  JSON.parse(Buffer.from(jwt.split(".")[index] ?? "", "base64url").toString())

const withPlaceholders = (text: string, { publicUrl, adminUrl }: ServerUrls): string => {
  let result = text
  for (const [url, name] of [
    [publicUrl, "P"],
    [adminUrl, "A"],
  ] as const)
    result = result.replaceAll(url, name).replaceAll(encodeURIComponent(url), name)
  return patterns.reduce((each, [pattern, placeholder]) => each.replace(pattern, placeholder), result)
}

const flatten = (value: unknown, path: string, urls: ServerUrls, into: Map<string, Leaf>): void => {
  if (typeof value === "string" && isJwt(value)) {
    flatten({ header: decodePart(value, 0), claims: decodePart(value, 1) }, `${path}(JWT)`, urls, into)
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
    if (entries.length === 0) into.set(path, Array.isArray(value) ? "[]" : "{}")
    for (const [name, inner] of entries)
      flatten(inner, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, urls, into)
  } else {
    const leaf = value === undefined ? "<undefined>" : (value as Leaf)
    const normalized = byName[path.slice(path.lastIndexOf(".") + 1)]?.(leaf) ?? leaf
    into.set(path, typeof normalized === "string" ? withPlaceholders(normalized, urls) : normalized)
  }
}

/** Returns every member of a response: its status, each header, and each leaf of the body. */
export const comparable = (response: RecordedResponse, urls: ServerUrls): ReadonlyMap<string, Leaf> => {
  const members = new Map<string, Leaf>([["status", response.status]])
  for (const [name, value] of Object.entries(response.headers)) {
    if (!ignored.has(name)) flatten(value, `header ${name}`, urls, members)
  }
  flatten(response.body, "body", urls, members)
  return members
}

/** A member that differs between two servers; `undefined` where a server omits the member. */
export interface Difference {
  readonly member: string
  readonly emulator: Leaf | undefined
  readonly real: Leaf | undefined
}

export const differences = (
  emulator: ReadonlyMap<string, Leaf>,
  real: ReadonlyMap<string, Leaf>,
): ReadonlyArray<Difference> =>
  [...new Set([...emulator.keys(), ...real.keys()])]
    .map((member) => ({ member, emulator: emulator.get(member), real: real.get(member) }))
    .filter((each) => each.emulator !== each.real)
