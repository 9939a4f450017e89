/** Kinde's error responses in each of their shapes, with the expected reason per operation. */
import type { Reason } from "latchkey"

export type TestedOperation =
  | "clientCredentials"
  | "refresh"
  | "introspect"
  | "revoke"
  | "userInfo"
  | "clients.get"
  | "clients.create"
  | "connectedApps.authUrl"
  | "connectedApps.token"
  | "connectedApps.revoke"

interface Row {
  readonly name: string
  readonly status: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | object
  /** The expected reason per operation; `undefined`: success. */
  readonly means: Readonly<Partial<Record<TestedOperation, Reason["_tag"] | undefined>>>
}

const each = (operations: ReadonlyArray<TestedOperation>, tag: Reason["_tag"]) =>
  Object.fromEntries(operations.map((operation) => [operation, tag]))

const token: ReadonlyArray<TestedOperation> = ["clientCredentials", "refresh"]
const oauth: ReadonlyArray<TestedOperation> = [...token, "introspect", "revoke"]
const clients: ReadonlyArray<TestedOperation> = ["clients.get", "clients.create"]
const connected: ReadonlyArray<TestedOperation> = [
  "connectedApps.authUrl",
  "connectedApps.token",
  "connectedApps.revoke",
]
const managed: ReadonlyArray<TestedOperation> = [...clients, ...connected]
const all: ReadonlyArray<TestedOperation> = [...oauth, "userInfo", ...managed]

const text = { type: "text/plain; charset=utf-8", body: "not_found\n" }
const html = { type: "text/html", body: "<!DOCTYPE html><title>404 Domain Not Found</title>" }
const oauthError = (error: string) => ({ body: { error, error_description: "The request was rejected." } })
const errorList = (...codes: ReadonlyArray<string>) => ({
  body: { errors: codes.map((code) => ({ code, message: "x" })) },
})
const singleError = (code: string) => ({ body: { errors: { code, message: "x" } } })
const badCredentials = (code: string) => errorList("INVALID_CREDENTIALS", code)
const wait = { headers: { "ratelimit-reset": "30" } }

export const rows: ReadonlyArray<Row> = [
  { name: "an unknown client as text", status: 400, ...text, means: each(oauth, "InvalidClient") },
  { name: "an unknown client as text", status: 404, ...text, means: each(oauth, "InvalidClient") },
  { name: "an unknown client without a body", status: 404, means: each(token, "InvalidClient") },
  { name: "the page of a wrong host", status: 404, ...html, means: each(all, "Unavailable") },
  ...[200, 302, 401, 403, 503].map((status) => ({
    name: "a proxy's page",
    status,
    ...html,
    means: each(all, "Unavailable"),
  })),
  {
    name: "a proxy's XML",
    status: 200,
    type: "application/xml",
    body: "<Error/>",
    means: each(all, "UnexpectedResponse"),
  },
  {
    name: "invalid_client",
    status: 401,
    ...oauthError("invalid_client"),
    means: { ...each(oauth, "InvalidClient"), userInfo: "InvalidToken" },
  },
  {
    name: "request_unauthorized",
    status: 401,
    ...oauthError("request_unauthorized"),
    means: { introspect: "InvalidClient" },
  },
  ...[400, 401, 403].flatMap((status) => [
    { name: "invalid_grant", status, ...oauthError("invalid_grant"), means: { refresh: "InvalidGrant" } as const },
    ...["invalid_request", "invalid_scope", "unauthorized_client", "unsupported_grant_type"].map((code) => ({
      name: code,
      status,
      ...oauthError(code),
      means: each(token, "InvalidRequest"),
    })),
  ]),
  { name: "server_error", status: 400, ...oauthError("server_error"), means: each(token, "Unavailable") },
  { name: "invalid_token", status: 401, ...oauthError("invalid_token"), means: { userInfo: "InvalidToken" } },
  { name: "invalid_token", status: 403, ...oauthError("invalid_token"), means: { userInfo: "InvalidToken" } },
  {
    name: "an empty body",
    status: 403,
    means: {
      userInfo: "InvalidToken",
      introspect: "InvalidClient",
      revoke: "InvalidClient",
      ...each([...token, ...managed], "InvalidClient"),
    },
  },
  { name: "an empty body", status: 401, means: { userInfo: "InvalidToken", ...each(oauth, "InvalidClient") } },
  ...["INVALID_AUTHORIZATION_HEADER", "TOKEN_INVALID"].flatMap((code) =>
    [401, 403].map((status) => ({
      name: `a list with ${code} second`,
      status,
      ...badCredentials(code),
      means: { ...each([...managed, "introspect", "revoke"], "InvalidClient"), userInfo: "InvalidToken" } as const,
    })),
  ),
  { name: "TOKEN_INVALID alone", status: 403, ...errorList("TOKEN_INVALID"), means: each(managed, "InvalidClient") },
  { name: "SCOPE_MISSING in a list", status: 403, ...errorList("SCOPE_MISSING"), means: each(managed, "AccessDenied") },
  { name: "SCOPE_MISSING alone", status: 403, ...singleError("SCOPE_MISSING"), means: each(managed, "AccessDenied") },
  ...[400, 404].map((status) => ({
    name: "APPLICATION_NOT_FOUND",
    status,
    ...errorList("APPLICATION_NOT_FOUND"),
    means: each(clients, "NotFound"),
  })),
  {
    name: "an unknown application at revocation",
    status: 404,
    ...errorList("APPLICATION_NOT_FOUND"),
    means: { revoke: "InvalidRequest" },
  },
  {
    name: "a second code that decides",
    status: 400,
    ...errorList("REQUEST_REFUSED", "APPLICATION_NOT_FOUND"),
    means: each(clients, "NotFound"),
  },
  {
    name: "CONNECTED_APP_NOT_FOUND",
    status: 404,
    ...errorList("CONNECTED_APP_NOT_FOUND"),
    means: { "connectedApps.authUrl": "NotFound" },
  },
  {
    name: "SESSION_NOT_FOUND",
    status: 400,
    ...errorList("SESSION_NOT_FOUND"),
    means: { "connectedApps.token": "InvalidGrant" },
  },
  {
    name: "a problem in a list",
    status: 400,
    ...errorList("SESSION_INVALID"),
    means: {
      ...each([...clients, "connectedApps.authUrl", "connectedApps.revoke", "revoke"], "InvalidRequest"),
      "connectedApps.token": "InvalidGrant",
    },
  },
  { name: "an unknown token", status: 400, ...errorList("TOKEN_NOT_FOUND"), means: { revoke: undefined } },
  {
    name: "an unknown route",
    status: 404,
    ...singleError("ROUTE_NOT_FOUND"),
    means: each(managed, "UnexpectedResponse"),
  },
  { name: "a wrong method", status: 405, means: each(connected, "UnexpectedResponse") },
  {
    name: "the bot filter",
    status: 202,
    headers: { "x-amzn-waf-action": "challenge" },
    means: each(all, "Unavailable"),
  },
  { name: "throttling without a body", status: 429, ...wait, means: each(all, "RateLimited") },
  { name: "throttling in a list", status: 429, ...wait, ...errorList("TOO_MANY"), means: each(all, "RateLimited") },
  {
    name: "throttling as an OAuth error",
    status: 429,
    ...wait,
    ...oauthError("slow_down"),
    means: each(all, "RateLimited"),
  },
  { name: "a bad gateway", status: 502, means: each(all, "Unavailable") },
]
