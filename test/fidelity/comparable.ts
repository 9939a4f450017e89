/** An answer as flat, comparable data: what is new every time (ids, tokens, times, secrets) becomes its kind. */
import type { Answer, Place } from "./sdk.ts"

type Leaf = string | number | boolean | null

/** Headers that say nothing about the server's behaviour. */
const ignored = new Set(["date", "connection", "keep-alive", "content-length", "transfer-encoding"])

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/ory_(at|rt|ac|dc)_[\w-]+\.[\w-]+/g, "<$1 token>"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/((?:login|consent|logout|device)_(?:challenge|verifier)=)[^&";]+/g, "$1<opaque>"],
  [/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g, "<JWT>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<whole second>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, "<time>"],
  // Where the screens are is a setting; nothing listens there.
  [/http:\/\/127\.0\.0\.1:[19]\/(login|consent|logout|device)\b/g, "<screen>/$1"],
  [/\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT/g, "<date>"],
  [/^(ory_hydra_\w+=)[^;]{20,}/g, "$1<opaque>"],
  [/\b[0-9a-f]{32}\b/g, "<32 hexadecimal digits>"],
]

/** What a member's name says about its value, where the value alone does not. */
const named: Readonly<Record<string, (value: Leaf) => Leaf>> = {
  client_secret: (value) => (/^[\w.~-]{26}$/.test(String(value)) ? "<generated secret>" : value),
  challenge: () => "<opaque>",
  n: (value) => `<modulus of ${String(value).length} characters>`,
  at_hash: (value) => `<hash of ${String(value).length} characters>`,
  // Often one second short.
  expires_in: (value) => Math.round(Number(value) / 10) * 10,
  ...Object.fromEntries(["exp", "iat", "nbf", "auth_time", "rat"].map((name) => [name, sinceNow])),
}

/** A time of the answer in whole minutes from now: two servers are asked within one. */
function sinceNow(value: Leaf): string {
  return `<now + ${Math.round((Number(value) - Date.now() / 1000) / 60) || 0} minutes>`
}

const isJwt = (text: string) => /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(text)

const part = (jwt: string, index: number): unknown =>
  JSON.parse(Buffer.from(jwt.split(".")[index] ?? "", "base64url").toString())

const plain = (text: string, { publicUrl, adminUrl }: Place): string => {
  let result = text
  for (const [url, name] of [
    [publicUrl, "P"],
    [adminUrl, "A"],
  ] as const)
    result = result.replaceAll(url, name).replaceAll(encodeURIComponent(url), name)
  return patterns.reduce((each, [pattern, kind]) => each.replace(pattern, kind), result)
}

const flatten = (value: unknown, path: string, place: Place, into: Map<string, Leaf>): void => {
  if (typeof value === "string" && isJwt(value)) {
    flatten({ header: part(value, 0), claims: part(value, 1) }, `${path}(JWT)`, place, into)
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
    if (entries.length === 0) into.set(path, Array.isArray(value) ? "[]" : "{}")
    for (const [name, inner] of entries)
      flatten(inner, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, place, into)
  } else {
    const leaf = value === undefined ? "<undefined>" : (value as Leaf)
    const told = named[path.slice(path.lastIndexOf(".") + 1)]?.(leaf) ?? leaf
    into.set(path, typeof told === "string" ? plain(told, place) : told)
  }
}

/** Every member of an answer: its status, each header, and each leaf of the body. */
export const comparable = (answer: Answer, place: Place): ReadonlyMap<string, Leaf> => {
  const members = new Map<string, Leaf>([["status", answer.status]])
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!ignored.has(name)) flatten(value, `header ${name}`, place, members)
  }
  flatten(answer.body, "body", place, members)
  return members
}

/** A member on which two servers differ; undefined where one has none. */
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
