/** What a vendor, or whatever stands in front of it, answers on a bad day; and what that must become. */
import type { Reason } from "latchkey"
import type { Script } from "./scripted-server.ts"
import { answer, asHtml, asJson, drip, endless, hang, head, json, raw, rawThenClose, reset } from "./scripts.ts"

export interface Fault {
  readonly name: string
  readonly script: Script
  readonly reason: Partial<Reason> & Pick<Reason, "_tag">
  /** Seconds to wait that the error tells, from and to. */
  readonly after?: readonly [number, number]
  /** The configured time-out, where the fault is that nothing comes. */
  readonly timeout?: number
}

const unavailable = (status?: number) => ({ _tag: "Unavailable", ...(status !== undefined && { status }) }) as const
const unexpected = (status?: number) =>
  ({ _tag: "UnexpectedResponse", ...(status !== undefined && { status }) }) as const

const page = '<!DOCTYPE html><html><body>{"active":false}</body></html>'
const no = '{"active":false,"error":"invalid_token"}'

const members = [
  ...["active", "exp", "iat", "nbf", "aud", "scope", "sub", "client_id", "username", "iss", "token_use"],
  ...["access_token", "token_type", "expires_in", "id_token", "refresh_token", "device_code", "user_code"],
  ...["verification_uri", "interval", "issuer", "jwks_uri", "keys", "redirect_uris", "grant_types"],
  ...["challenge", "skip", "client", "request_url"],
]

/** Every member that any answer is read for, each with this value. */
const everyMember = (value: string): string => `{${members.map((name) => `"${name}":${value}`).join(",")}}`

const nested = (depth: number) => `{"deep":${"[".repeat(depth)}${"]".repeat(depth)}}`

const soonHttp = () => new Date(Date.now() + 5000).toUTCString()

/** Statuses and bodies of whatever stands between us and the vendor. */
const fromProxies: ReadonlyArray<Fault> = [
  { name: "a 404 of HTML", script: answer(404, page, asHtml), reason: unexpected(404) },
  { name: "a 200 of HTML that holds an answer", script: answer(200, page, asHtml), reason: unexpected(200) },
  { name: "an empty 502", script: answer(502, "", {}), reason: unavailable(502) },
  {
    name: "a 503 with Retry-After",
    script: answer(503, "", { "retry-after": "7" }),
    reason: unavailable(503),
    after: [7, 7],
  },
  { name: 'a 503 that says "active": false', script: answer(503, no), reason: unavailable(503) },
  {
    name: "a 429 with Retry-After in seconds",
    script: answer(429, no, { ...asJson, "retry-after": "3" }),
    reason: { _tag: "RateLimited" },
    after: [3, 3],
  },
  {
    name: "a 429 with Retry-After as a date",
    script: (asked) => answer(429, "", { "retry-after": soonHttp() })(asked),
    reason: { _tag: "RateLimited" },
    after: [3, 6],
  },
  { name: "a 429 without Retry-After", script: answer(429, "slow down", asHtml), reason: { _tag: "RateLimited" } },
  {
    name: "a 500 of JSON",
    script: answer(500, '{"error":"server_error","error_description":"it broke"}'),
    reason: { _tag: "Unavailable", status: 500, detail: "server_error" },
  },
  { name: "a 202 that nobody documents", script: answer(202, no), reason: unexpected(202) },
]

/** JSON, or nearly: a revocation reads none of it. */
export const ofJson: ReadonlyArray<Fault> = [
  { name: "an empty 200", script: answer(200), reason: unexpected(200) },
  { name: "an empty 200 without a content type", script: answer(200, "", {}), reason: unexpected(200) },
  { name: "a 200 of JSON cut short", script: answer(200, '{"active":fal'), reason: unexpected(200) },
  {
    name: "a 200 of JSON that calls itself text",
    script: answer(200, "{}", { "content-type": "text/plain" }),
    reason: unexpected(200),
  },
  { name: "a 200 with members of the wrong type", script: answer(200, everyMember("[1]")), reason: unexpected(200) },
  { name: "a 200 with numbers for everything", script: answer(200, everyMember("5")), reason: unexpected(200) },
  { name: "a 200 with null for everything", script: answer(200, everyMember("null")), reason: unexpected(200) },
  { name: "a 200 of an empty object", script: json({}), reason: unexpected(200) },
  { name: "a 200 of a JSON array", script: json([null]), reason: unexpected(200) },
  { name: "a 200 of a JSON string", script: json("active"), reason: unexpected(200) },
  { name: "a 200 of JSON nested 30 000 deep", script: answer(200, nested(30_000)), reason: unexpected(200) },
  { name: "a 200 of JSON nested 100 000 deep", script: answer(200, nested(100_000)), reason: unexpected(200) },
  {
    name: "a 200 whose members are all in __proto__",
    script: answer(200, `{"__proto__":${everyMember("true")},"constructor":{"prototype":${everyMember("true")}}}`),
    reason: unexpected(200),
  },
  { name: "a 200 with 1e400 for everything", script: answer(200, everyMember("1e400")), reason: unexpected(200) },
  {
    name: "a body of unknown length that a reset ends",
    script: ({ socket }) => {
      socket.write(`${head(200, asJson)}{"active":`, () => setTimeout(() => socket.resetAndDestroy(), 20))
    },
    reason: unexpected(),
  },
]

/** Connections that break, and bodies without end. */
const ofTheWire: ReadonlyArray<Fault> = [
  {
    name: "a body that was announced as 10 MB",
    script: raw(head(200, { ...asJson, "content-length": "10485760" })),
    reason: unexpected(200),
  },
  {
    name: "a body of 10 MB and more",
    script: drip(head(200, asJson), endless(`{"a":"${"x".repeat(1 << 20)}`), 1),
    reason: unexpected(200),
  },
  { name: "a reset", script: reset, reason: unavailable() },
  { name: "a connection closed without an answer", script: rawThenClose(""), reason: unavailable() },
  {
    name: "a body that ends early",
    script: rawThenClose(`${head(200, { ...asJson, "content-length": "99" })}{"active":false}`),
    reason: unavailable(),
  },
  { name: "broken HTTP", script: rawThenClose("HTTP/1.1 200 OK\r\n: x\r\n\r\n"), reason: unexpected() },
  { name: "no answer", script: hang, reason: unavailable(), timeout: 100 },
  {
    name: "a body that drips",
    script: drip(head(200, { ...asJson, "content-length": "999" }), endless(" "), 30),
    reason: unavailable(),
    timeout: 100,
  },
]

export const faults: ReadonlyArray<Fault> = [...fromProxies, ...ofJson, ...ofTheWire]
