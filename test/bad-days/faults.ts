/** Failed and invalid responses of a vendor or of a proxy in front of it, and the reason that each must produce. */
import type { Reason } from "latchkey"
import type { Script } from "./scripted-server.ts"
import { asHtml, asJson, drip, endless, hang, head, json, raw, rawThenClose, reset, respond } from "./scripts.ts"

export interface Fault {
  readonly name: string
  readonly script: Script
  readonly reason: Partial<Reason> & Pick<Reason, "_tag">
  /** Minimum and maximum of the error's `retryAfter`, in seconds. */
  readonly after?: readonly [number, number]
  /** The configured timeout, for faults whose response never completes. */
  readonly timeout?: number
}

const unavailable = (status?: number) => ({ _tag: "Unavailable", ...(status !== undefined && { status }) }) as const
const unexpected = (status?: number) =>
  ({ _tag: "UnexpectedResponse", ...(status !== undefined && { status }) }) as const

const htmlPage = '<!DOCTYPE html><html><body>{"active":false}</body></html>'
const inactiveBody = '{"active":false,"error":"invalid_token"}'

const members = [
  ...["active", "exp", "iat", "nbf", "aud", "scope", "sub", "client_id", "username", "iss", "token_use"],
  ...["access_token", "token_type", "expires_in", "id_token", "refresh_token", "device_code", "user_code"],
  ...["verification_uri", "interval", "issuer", "jwks_uri", "keys", "redirect_uris", "grant_types"],
  ...["challenge", "skip", "client", "request_url"],
]

/** A JSON object with every member that latchkey reads from any response, each set to this value. */
const everyMember = (value: string): string => `{${members.map((name) => `"${name}":${value}`).join(",")}}`

const nested = (depth: number) => `{"deep":${"[".repeat(depth)}${"]".repeat(depth)}}`

const httpDateIn5Seconds = () => new Date(Date.now() + 5000).toUTCString()

/** Error statuses and unexpected statuses, from the vendor or a proxy. */
const statusFaults: ReadonlyArray<Fault> = [
  ...[200, 302, 401, 403, 404, 429, 503].map((status) => ({
    name: `an HTML ${status}`,
    script: respond(status, htmlPage, asHtml),
    reason: unavailable(status),
  })),
  { name: "JSON with the type text/html", script: respond(200, everyMember("true"), asHtml), reason: unavailable(200) },
  {
    name: "an XHTML page",
    script: respond(200, htmlPage, { "content-type": "Application/XHTML+XML; Charset=UTF-8" }),
    reason: unavailable(200),
  },
  { name: "a page without a content type", script: respond(403, htmlPage, {}), reason: unavailable(403) },
  { name: "an HTML 200 without a body", script: respond(200, "", asHtml), reason: unavailable(200) },
  {
    name: "an XML 200",
    script: respond(200, "<Error/>", { "content-type": "application/xml" }),
    reason: unexpected(200),
  },
  { name: "an empty 502", script: respond(502, "", {}), reason: unavailable(502) },
  {
    name: "a 503 with Retry-After",
    script: respond(503, "", { "retry-after": "7" }),
    reason: unavailable(503),
    after: [7, 7],
  },
  { name: 'a 503 with "active": false', script: respond(503, inactiveBody), reason: unavailable(503) },
  {
    name: "a 429 with Retry-After in seconds",
    script: respond(429, inactiveBody, { ...asJson, "retry-after": "3" }),
    reason: { _tag: "RateLimited" },
    after: [3, 3],
  },
  {
    name: "a 429 with Retry-After as a date",
    script: (request) => respond(429, "", { "retry-after": httpDateIn5Seconds() })(request),
    reason: { _tag: "RateLimited" },
    after: [3, 6],
  },
  {
    name: "a 429 without Retry-After",
    script: respond(429, "slow down", { "content-type": "text/plain" }),
    reason: { _tag: "RateLimited" },
  },
  {
    name: "a JSON 500",
    script: respond(500, '{"error":"server_error","error_description":"it broke"}'),
    reason: { _tag: "Unavailable", status: 500, detail: "server_error: it broke" },
  },
  { name: "an undocumented 202", script: respond(202, inactiveBody), reason: unexpected(202) },
]

/** 200 responses with an invalid body, which a revocation does not read. */
export const bodyFaults: ReadonlyArray<Fault> = [
  { name: "an empty 200", script: respond(200), reason: unexpected(200) },
  { name: "an empty 200 without a content type", script: respond(200, "", {}), reason: unexpected(200) },
  { name: "a 200 with truncated JSON", script: respond(200, '{"active":fal'), reason: unexpected(200) },
  ...["text/plain", "application/jsonp", "application/json-seq", "application/jsonlines", "text/json"].map((type) => ({
    name: `a 200 with "active": false and the content type ${type}`,
    script: respond(200, inactiveBody, { "content-type": type }),
    reason: unexpected(200),
  })),
  { name: "a 200 with members of the wrong type", script: respond(200, everyMember("[1]")), reason: unexpected(200) },
  { name: "a 200 whose members are all numbers", script: respond(200, everyMember("5")), reason: unexpected(200) },
  { name: "a 200 whose members are all null", script: respond(200, everyMember("null")), reason: unexpected(200) },
  { name: "a 200 with an empty object", script: json({}), reason: unexpected(200) },
  { name: "a 200 with a JSON array", script: json([null]), reason: unexpected(200) },
  { name: "a 200 with a JSON string", script: json("active"), reason: unexpected(200) },
  { name: "a 200 with JSON nested 30 000 levels deep", script: respond(200, nested(30_000)), reason: unexpected(200) },
  {
    name: "a 200 with JSON nested 100 000 levels deep",
    script: respond(200, nested(100_000)),
    reason: unexpected(200),
  },
  {
    name: "a 200 whose members are all in __proto__",
    script: respond(200, `{"__proto__":${everyMember("true")},"constructor":{"prototype":${everyMember("true")}}}`),
    reason: unexpected(200),
  },
  { name: "a 200 whose members are all 1e400", script: respond(200, everyMember("1e400")), reason: unexpected(200) },
  {
    name: "a body of unknown length that ends with a reset",
    script: ({ socket }) => {
      socket.write(`${head(200, asJson)}{"active":`, () => setTimeout(() => socket.resetAndDestroy(), 20))
    },
    reason: unexpected(),
  },
]

/** Broken connections, oversized bodies and timeouts. */
const connectionFaults: ReadonlyArray<Fault> = [
  {
    name: "a body with a Content-Length of 10 MB",
    script: raw(head(200, { ...asJson, "content-length": "10485760" })),
    reason: unexpected(200),
  },
  {
    name: "a body of unknown length over 10 MB",
    script: drip(head(200, asJson), endless(`{"a":"${"x".repeat(1 << 20)}`), 1),
    reason: unexpected(200),
  },
  { name: "a reset", script: reset, reason: unavailable() },
  { name: "a connection closed without a response", script: rawThenClose(""), reason: unavailable() },
  {
    name: "a body that ends early",
    script: rawThenClose(`${head(200, { ...asJson, "content-length": "99" })}{"active":false}`),
    reason: unavailable(),
  },
  { name: "malformed HTTP", script: rawThenClose("HTTP/1.1 200 OK\r\n: x\r\n\r\n"), reason: unexpected() },
  { name: "no response", script: hang, reason: unavailable(), timeout: 100 },
  {
    name: "a body sent one byte at a time",
    script: drip(head(200, { ...asJson, "content-length": "999" }), endless(" "), 30),
    reason: unavailable(),
    timeout: 100,
  },
]

export const faults: ReadonlyArray<Fault> = [...statusFaults, ...bodyFaults, ...connectionFaults]
