/** What Polar answers when it refuses, family by family, and what it means to each operation. */
import type { Operation, Reason } from "latchkey"

export interface Row {
  readonly name: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body?: string | object
  /** What the answer means to these operations. */
  readonly means: Readonly<Partial<Record<Operation, Partial<Reason>>>>
}

const each = (operations: ReadonlyArray<Operation>, reason: Partial<Reason>): Row["means"] =>
  Object.fromEntries(operations.map((operation) => [operation, reason]))

const tag = (name: Reason["_tag"]): Partial<Reason> => ({ _tag: name })

const grants = ["exchange", "refresh"] as const
const withSecret = [...grants, "introspect", "revoke"] as const
const registering = ["clients.create", "registration.register"] as const
const managing = [
  "clients.get",
  "clients.replace",
  "clients.patch",
  "clients.remove",
  "registration.read",
  "registration.update",
  "registration.remove",
] as const
const published = ["metadata.discover", "metadata.keys"] as const
const all = [...withSecret, "userInfo", ...registering, ...managing, ...published] as const

const unknownClient = "The client does not exist on this server."
const cannot = "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post', 'none']"
const basic = (words: string) => ({ "www-authenticate": `Basic error="invalid_client", error_description="${words}"` })
const badToken = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
const bearer = { "www-authenticate": `Bearer realm="polar", error="invalid_token", error_description="${badToken}"` }
const oauth = (error: string, words?: string) => ({
  body: { error, ...(words !== undefined && { error_description: words }) },
})
const named = (error: string, detail: string) => ({ body: { error, detail } })
const problem = (loc: ReadonlyArray<string | number>, msg: string) => ({
  ...{ type: "value_error", loc, msg, input: "http://example.com", ctx: { error: {} } },
})

const oauthRows: ReadonlyArray<Row> = [
  {
    name: "an unknown client in the form",
    status: 400,
    ...oauth("invalid_client", unknownClient),
    means: each(withSecret, { _tag: "InvalidClient", code: "invalid_client", detail: unknownClient }),
  },
  {
    name: "an unknown client in the header",
    status: 401,
    headers: basic(unknownClient),
    ...oauth("invalid_client", unknownClient),
    means: {
      ...each(withSecret, tag("InvalidClient")),
      ...each(managing, { _tag: "InvalidToken", check: "rejected" }),
    },
  },
  {
    name: "a wrong secret, or the wrong way to send it",
    status: 401,
    headers: basic(cannot),
    ...oauth("invalid_client", cannot),
    means: each(withSecret, { _tag: "InvalidClient", code: "invalid_client" }),
  },
  {
    name: "invalid_grant without a word",
    status: 400,
    ...oauth("invalid_grant"),
    means: {
      ...each(grants, { _tag: "InvalidGrant", code: "invalid_grant" }),
      revoke: { _tag: "AccessDenied", code: "invalid_grant" },
    },
  },
  {
    name: "invalid_grant in words",
    status: 400,
    ...oauth("invalid_grant", "Invalid 'code' in request."),
    means: { exchange: { _tag: "InvalidGrant", detail: "Invalid 'code' in request." } },
  },
  {
    name: "invalid_request",
    status: 400,
    ...oauth("invalid_request"),
    means: each([...withSecret, "clients.replace"], { _tag: "InvalidRequest", code: "invalid_request" }),
  },
  ...["invalid_scope", "unauthorized_client", "unsupported_grant_type"].map((code) => ({
    name: code,
    status: 400,
    ...oauth(code, "No."),
    means: each(grants, { _tag: "InvalidRequest", code, detail: "No." }),
  })),
  {
    name: "a hint that it does not know",
    status: 401,
    ...oauth("unsupported_token_type"),
    means: each(["introspect", "revoke"], { _tag: "InvalidRequest", code: "unsupported_token_type" }),
  },
  {
    name: "a bearer token that is no good, found before the endpoint",
    status: 401,
    headers: bearer,
    ...oauth("invalid_token", badToken),
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
  {
    name: "a scope that the token lacks",
    status: 403,
    ...oauth("insufficient_scope", "The request requires higher privileges than provided by the access token."),
    means: { userInfo: { _tag: "AccessDenied", code: "insufficient_scope" } },
  },
  {
    name: "no registration token",
    status: 400,
    ...oauth("access_denied", "The resource owner or authorization server denied the request"),
    means: each(managing, { _tag: "InvalidToken", check: "rejected" }),
  },
  {
    name: "a claim of the record that is none",
    status: 400,
    ...oauth("invalid_client_metadata", "Invalid claim: 'scope'"),
    means: each([...registering, "clients.replace", "clients.patch", "registration.update"], {
      _tag: "InvalidRequest",
      code: "invalid_client_metadata",
      detail: "Invalid claim: 'scope'",
      field: "scope",
    }),
  },
  {
    name: "plain http",
    status: 400,
    ...oauth("insecure_transport", "OAuth 2 MUST utilize https."),
    means: each([...withSecret, ...registering], { _tag: "InvalidRequest", code: "insecure_transport" }),
  },
]

const polarRows: ReadonlyArray<Row> = [
  {
    name: "Unauthorized",
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="polar"' },
    ...named("Unauthorized", "Unauthorized"),
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
  {
    name: "NotPermitted",
    status: 403,
    ...named("NotPermitted", "Not permitted"),
    means: each([...registering, ...managing, "userInfo"], { _tag: "AccessDenied", detail: "Not permitted" }),
  },
  {
    name: "ResourceNotFound",
    status: 404,
    ...named("ResourceNotFound", "Not found"),
    means: each(managing, tag("NotFound")),
  },
  {
    name: "LengthRequired",
    status: 411,
    ...named("LengthRequired", "A Content-Length header is required."),
    means: each([...withSecret, ...registering], { _tag: "UnexpectedResponse", status: 411 }),
  },
  {
    name: "RequestBodyTooLarge",
    status: 413,
    ...named("RequestBodyTooLarge", "The body is too large."),
    means: each(registering, { _tag: "UnexpectedResponse", status: 413 }),
  },
]

const validationRows: ReadonlyArray<Row> = [
  {
    name: "RequestValidationError",
    status: 422,
    body: {
      error: "RequestValidationError",
      detail: [problem(["body", "redirect_uris", 0], "Value error, An HTTPS URL is required.")],
    },
    means: each([...registering, "clients.replace", "clients.patch", "registration.update"], {
      _tag: "InvalidRequest",
      field: "redirect_uris",
      detail: "redirect_uris.0: Value error, An HTTPS URL is required.",
    }),
  },
  {
    name: "two problems, as the OpenAPI file has them",
    status: 422,
    body: {
      detail: [problem(["body", "scope"], "Input should be a string"), problem(["body", "x"], "Field required")],
    },
    means: each(registering, {
      _tag: "InvalidRequest",
      field: "scope",
      detail: "scope: Input should be a string; x: Field required",
    }),
  },
]

const frameworkRows: ReadonlyArray<Row> = [
  {
    name: "Not Found",
    status: 404,
    body: { detail: "Not Found" },
    means: each(all, { _tag: "UnexpectedResponse", status: 404 }),
  },
  {
    name: "Method Not Allowed",
    status: 405,
    body: { detail: "Method Not Allowed" },
    means: each(all, { _tag: "UnexpectedResponse", status: 405 }),
  },
  {
    name: "Unauthorized without a name",
    status: 401,
    body: { detail: "Unauthorized" },
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
]

const html = "<!DOCTYPE html><title>Just a moment...</title>"

const wordlessRows: ReadonlyArray<Row> = [
  { name: "too much", status: 429, headers: { "retry-after": "60" }, means: each(all, tag("RateLimited")) },
  { name: "a slash too many", status: 307, headers: { location: "/x" }, means: each(all, tag("UnexpectedResponse")) },
  {
    name: "a failure in text",
    status: 500,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "Internal Server Error",
    means: each(all, { _tag: "Unavailable", status: 500 }),
  },
  {
    name: "a page of what stands before it",
    status: 503,
    headers: { "content-type": "text/html" },
    body: html,
    means: each(all, { _tag: "Unavailable", status: 503 }),
  },
  {
    name: "a page in place of an answer",
    status: 200,
    headers: { "content-type": "text/html" },
    body: html,
    means: each(
      all.filter((name) => !name.endsWith(".remove")),
      { _tag: "UnexpectedResponse" },
    ),
  },
]

export const rows: ReadonlyArray<Row> = [
  ...oauthRows,
  ...polarRows,
  ...validationRows,
  ...frameworkRows,
  ...wordlessRows,
]
