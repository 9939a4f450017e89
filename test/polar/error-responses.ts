/** Polar's error responses by source, with the expected reason per operation. */
import { all, each, managing, type Row, registering, tag, withSecret } from "./error-row.ts"
import { oauthRows } from "./oauth-error-responses.ts"

const withCode = (error: string, detail: string) => ({ body: { error, detail } })
const problem = (loc: ReadonlyArray<string | number>, msg: string) => ({
  ...{ type: "value_error", loc, msg, input: "http://example.com", ctx: { error: {} } },
})

const polarRows: ReadonlyArray<Row> = [
  {
    name: "Unauthorized",
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="polar"' },
    ...withCode("Unauthorized", "Unauthorized"),
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
  {
    name: "NotPermitted",
    status: 403,
    ...withCode("NotPermitted", "Not permitted"),
    means: each([...registering, ...managing, "userInfo"], { _tag: "AccessDenied", detail: "Not permitted" }),
  },
  {
    name: "ResourceNotFound",
    status: 404,
    ...withCode("ResourceNotFound", "Not found"),
    means: each(managing, tag("NotFound")),
  },
  {
    name: "LengthRequired",
    status: 411,
    ...withCode("LengthRequired", "A Content-Length header is required."),
    means: each([...withSecret, ...registering], { _tag: "UnexpectedResponse", status: 411 }),
  },
  {
    name: "RequestBodyTooLarge",
    status: 413,
    ...withCode("RequestBodyTooLarge", "The body is too large."),
    means: each(registering, { _tag: "UnexpectedResponse", status: 413 }),
  },
]

const validationRows: ReadonlyArray<Row> = [
  {
    name: "RequestValidationError",
    status: 422,
    body: {
      error: "RequestValidationError",
      detail: [problem(["body", "redirect_uris", 10], "Value error, An HTTPS URL is required.")],
    },
    means: each([...registering, "clients.replace", "clients.patch", "registration.update"], {
      _tag: "InvalidRequest",
      field: "redirectUris",
      detail: "redirect_uris[10]: Value error, An HTTPS URL is required.",
    }),
  },
  {
    name: "two problems in the shape of the OpenAPI file",
    status: 422,
    body: {
      detail: [problem(["body", "scope"], "Input should be a string"), problem(["body", "x"], "Field required")],
    },
    means: each(registering, {
      _tag: "InvalidRequest",
      field: "scopes",
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
    name: "Unauthorized without a code",
    status: 401,
    body: { detail: "Unauthorized" },
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
]

const html = "<!DOCTYPE html><title>Just a moment...</title>"

const otherRows: ReadonlyArray<Row> = [
  { name: "a rate limit", status: 429, headers: { "retry-after": "60" }, means: each(all, tag("RateLimited")) },
  {
    name: "a redirect for a trailing slash",
    status: 307,
    headers: { location: "/x" },
    means: each(all, tag("UnexpectedResponse")),
  },
  {
    name: "an error as text",
    status: 500,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "Internal Server Error",
    means: each(all, { _tag: "Unavailable", status: 500 }),
  },
  ...[200, 302, 401, 403, 404, 503].map((status) => ({
    name: "a proxy's HTML page",
    status,
    headers: { "content-type": "text/html" },
    body: html,
    means: each(all, { _tag: "Unavailable", status }),
  })),
]

export const rows: ReadonlyArray<Row> = [...oauthRows, ...polarRows, ...validationRows, ...frameworkRows, ...otherRows]
