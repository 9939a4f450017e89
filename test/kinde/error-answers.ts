/** What Kinde answers when it refuses, in each of its shapes, and what it means to each operation. */
import type { Reason } from "latchkey"

export type Asked =
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
  /** What the answer means to these operations; `undefined`: success. */
  readonly means: Readonly<Partial<Record<Asked, Reason["_tag"] | undefined>>>
}

const each = (operations: ReadonlyArray<Asked>, tag: Reason["_tag"]) =>
  Object.fromEntries(operations.map((operation) => [operation, tag]))

const token: ReadonlyArray<Asked> = ["clientCredentials", "refresh"]
const oauth: ReadonlyArray<Asked> = [...token, "introspect", "revoke"]
const clients: ReadonlyArray<Asked> = ["clients.get", "clients.create"]
const connected: ReadonlyArray<Asked> = ["connectedApps.authUrl", "connectedApps.token", "connectedApps.revoke"]
const managed: ReadonlyArray<Asked> = [...clients, ...connected]
const all: ReadonlyArray<Asked> = [...oauth, "userInfo", ...managed]

const text = { type: "text/plain; charset=utf-8", body: "not_found\n" }
const html = { type: "text/html", body: "<!DOCTYPE html><title>404 Domain Not Found</title>" }
const said = (error: string) => ({ body: { error, error_description: "The request was refused." } })
const listed = (...codes: ReadonlyArray<string>) => ({
  body: { errors: codes.map((code) => ({ code, message: "x" })) },
})
const single = (code: string) => ({ body: { errors: { code, message: "x" } } })
const bad = (code: string) => listed("INVALID_CREDENTIALS", code)
const wait = { headers: { "ratelimit-reset": "30" } }

export const rows: ReadonlyArray<Row> = [
  { name: "an unknown client in text", status: 400, ...text, means: each(oauth, "InvalidClient") },
  { name: "an unknown client in text", status: 404, ...text, means: each(oauth, "InvalidClient") },
  { name: "an unknown client in no words", status: 404, means: each(token, "InvalidClient") },
  { name: "a wrong host's page", status: 404, ...html, means: each(all, "UnexpectedResponse") },
  { name: "a proxy's page", status: 200, ...html, means: each(all, "UnexpectedResponse") },
  {
    name: "invalid_client",
    status: 401,
    ...said("invalid_client"),
    means: { ...each(oauth, "InvalidClient"), userInfo: "InvalidToken" },
  },
  {
    name: "request_unauthorized",
    status: 401,
    ...said("request_unauthorized"),
    means: { introspect: "InvalidClient" },
  },
  ...[400, 401, 403].flatMap((status) => [
    { name: "invalid_grant", status, ...said("invalid_grant"), means: { refresh: "InvalidGrant" } as const },
    ...["invalid_request", "invalid_scope", "unauthorized_client", "unsupported_grant_type"].map((code) => ({
      name: code,
      status,
      ...said(code),
      means: each(token, "InvalidRequest"),
    })),
  ]),
  { name: "server_error", status: 400, ...said("server_error"), means: each(token, "Unavailable") },
  { name: "invalid_token", status: 401, ...said("invalid_token"), means: { userInfo: "InvalidToken" } },
  { name: "invalid_token", status: 403, ...said("invalid_token"), means: { userInfo: "InvalidToken" } },
  {
    name: "nothing",
    status: 403,
    means: {
      userInfo: "InvalidToken",
      introspect: "InvalidClient",
      revoke: "InvalidClient",
      ...each([...token, ...managed], "InvalidClient"),
    },
  },
  { name: "nothing", status: 401, means: { userInfo: "InvalidToken", ...each(oauth, "InvalidClient") } },
  ...["INVALID_AUTHORIZATION_HEADER", "TOKEN_INVALID"].flatMap((code) =>
    [401, 403].map((status) => ({
      name: `a list with ${code} second`,
      status,
      ...bad(code),
      means: { ...each([...managed, "introspect", "revoke"], "InvalidClient"), userInfo: "InvalidToken" } as const,
    })),
  ),
  { name: "TOKEN_INVALID alone", status: 403, ...listed("TOKEN_INVALID"), means: each(managed, "InvalidClient") },
  { name: "SCOPE_MISSING in a list", status: 403, ...listed("SCOPE_MISSING"), means: each(managed, "AccessDenied") },
  { name: "SCOPE_MISSING alone", status: 403, ...single("SCOPE_MISSING"), means: each(managed, "AccessDenied") },
  ...[400, 404].map((status) => ({
    name: "APPLICATION_NOT_FOUND",
    status,
    ...listed("APPLICATION_NOT_FOUND"),
    means: each(clients, "NotFound"),
  })),
  {
    name: "something missing that is no token",
    status: 404,
    ...listed("APPLICATION_NOT_FOUND"),
    means: { revoke: "InvalidRequest" },
  },
  {
    name: "two codes of which the second tells",
    status: 400,
    ...listed("REQUEST_REFUSED", "APPLICATION_NOT_FOUND"),
    means: each(clients, "NotFound"),
  },
  {
    name: "CONNECTED_APP_NOT_FOUND",
    status: 404,
    ...listed("CONNECTED_APP_NOT_FOUND"),
    means: { "connectedApps.authUrl": "NotFound" },
  },
  {
    name: "SESSION_NOT_FOUND",
    status: 400,
    ...listed("SESSION_NOT_FOUND"),
    means: { "connectedApps.token": "InvalidGrant" },
  },
  {
    name: "a problem in a list",
    status: 400,
    ...listed("SESSION_INVALID"),
    means: {
      ...each([...clients, "connectedApps.authUrl", "connectedApps.revoke", "revoke"], "InvalidRequest"),
      "connectedApps.token": "InvalidGrant",
    },
  },
  { name: "a token that is unknown", status: 400, ...listed("TOKEN_NOT_FOUND"), means: { revoke: undefined } },
  { name: "an unknown route", status: 404, ...single("ROUTE_NOT_FOUND"), means: each(managed, "UnexpectedResponse") },
  { name: "a wrong method", status: 405, means: each(connected, "UnexpectedResponse") },
  {
    name: "the bot filter",
    status: 202,
    headers: { "x-amzn-waf-action": "challenge" },
    means: each(all, "Unavailable"),
  },
  { name: "throttling without a body", status: 429, ...wait, means: each(all, "RateLimited") },
  { name: "throttling in a list", status: 429, ...wait, ...listed("TOO_MANY"), means: each(all, "RateLimited") },
  { name: "throttling in OAuth's words", status: 429, ...wait, ...said("slow_down"), means: each(all, "RateLimited") },
  { name: "a failure", status: 502, means: each(all, "Unavailable") },
]
