/** The rows about the vendor, about routes where a token is optional, and about OPTIONS. */
import * as Duration from "effect/Duration"
import type { Reason } from "../../src/ports/errors.ts"
import { active, bearer, failed, invalidToken, malformed, missing, type Row, token, unavailable } from "./row.ts"

const outageRows: ReadonlyArray<readonly [number: string, name: string, fails: Reason, seconds: number]> = [
  ["22", "the vendor is unreachable", { _tag: "Unavailable", detail: "connection refused" }, 1],
  ["22", "the vendor asks for a pause", { _tag: "Unavailable", detail: "down", after: Duration.seconds(12) }, 12],
  [
    "22",
    "the pause is no whole number of seconds",
    { _tag: "Unavailable", detail: "open", status: 503, after: Duration.millis(2100) },
    3,
  ],
  ["22", "the pause is over at once", { _tag: "Unavailable", detail: "open", after: Duration.millis(0) }, 1],
  ["22", "the certificate of the vendor is not accepted", { _tag: "Unavailable", detail: "TLS", permanent: true }, 1],
  ["23", "the vendor limits this service", { _tag: "RateLimited", after: Duration.seconds(7) }, 7],
  ["23", "the vendor limits this service and names no pause", { _tag: "RateLimited" }, 1],
]

const outages = outageRows.map(
  ([number, name, fails, seconds]): Row => ({
    number,
    name,
    lines: bearer,
    auth: { fails },
    expected: unavailable(seconds),
  }),
)

const detail = "a detail of the vendor"

/** Every other reason: whoever presents the token cannot mend it. */
const reasons: ReadonlyArray<Reason> = [
  { _tag: "InvalidClient", code: "invalid_client", detail },
  { _tag: "AccessDenied", detail },
  { _tag: "InvalidRequest", code: "invalid_request", detail },
  { _tag: "InvalidConfig", issues: [{ path: "token.kind", message: detail }] },
  { _tag: "UnexpectedResponse", status: 200, detail },
  { _tag: "UnsupportedOperation", standard: "RFC 7662" },
  { _tag: "InvalidGrant", detail },
  { _tag: "InvalidCallback", check: "state" },
  { _tag: "InteractionRequired", code: "login_required" },
  { _tag: "InvalidToken", check: "signature" },
  { _tag: "NotFound" },
  { _tag: "Conflict" },
  { _tag: "AuthorizationPending", slowDown: false },
]

const faults: ReadonlyArray<Row> = [
  ...reasons.map((fails) => ({
    number: "25",
    name: `a fault that an operator must mend: ${fails._tag}`,
    lines: bearer,
    auth: { fails },
    expected: failed,
  })),
  {
    number: "25",
    name: "a client that fails with an error of another kind",
    lines: bearer,
    auth: { throws: new TypeError("a bug of the client") },
    expected: failed,
  },
  {
    number: "25",
    name: "a client that fails with a value that is no error",
    lines: bearer,
    auth: { throws: null },
    expected: failed,
  },
]

const optionalRows: ReadonlyArray<Row> = [
  {
    number: "27",
    name: "no credentials where they are optional",
    lines: [],
    auth: "unasked",
    expected: { passes: null },
  },
  {
    number: "27",
    name: "an active token where one is optional",
    lines: bearer,
    auth: active(),
    expected: { passes: "alice" },
  },
  {
    number: "28",
    name: "an inactive token where one is optional",
    lines: bearer,
    auth: { active: false },
    expected: invalidToken,
  },
  {
    number: "28",
    name: "an outage where a token is optional",
    lines: bearer,
    auth: { fails: { _tag: "Unavailable", detail: "down" } },
    expected: unavailable(1),
  },
  {
    number: "28",
    name: "another scheme where a token is optional",
    lines: [["Authorization", "Basic YWxpY2U6c2VjcmV0"]],
    auth: "unasked",
    expected: missing("Bearer"),
  },
  {
    number: "28",
    name: "a malformed token where one is optional",
    lines: [["Authorization", "Bearer a b"]],
    auth: "unasked",
    expected: malformed,
  },
  {
    number: "28",
    name: "a token only in the query where one is optional",
    query: `?access_token=${token}`,
    lines: [],
    auth: "unasked",
    expected: missing("Bearer"),
  },
]

const optional = optionalRows.map((row): Row => ({ ...row, needs: { optional: true } }))

const preflight = [
  ["Origin", "https://app.example"],
  ["Access-Control-Request-Method", "GET"],
] as const

const options: ReadonlyArray<Row> = [
  {
    number: "29",
    name: "a preflight request, judged as any request",
    method: "OPTIONS",
    lines: preflight,
    auth: "unasked",
    expected: missing("Bearer"),
  },
  {
    number: "29",
    name: 'a preflight request with preflight: "pass"',
    method: "OPTIONS",
    lines: preflight,
    auth: "unasked",
    options: { preflight: "pass" },
    expected: { passes: null },
  },
  {
    number: "29",
    name: 'OPTIONS that is no preflight request with preflight: "pass"',
    method: "OPTIONS",
    lines: [["Origin", "https://app.example"]],
    auth: "unasked",
    options: { preflight: "pass" },
    expected: missing("Bearer"),
  },
  {
    number: "29",
    name: 'a preflight request by another method with preflight: "pass"',
    lines: preflight,
    auth: "unasked",
    options: { preflight: "pass" },
    expected: missing("Bearer"),
  },
]

export const vendorRows = [...outages, ...faults, ...optional, ...options]
