/** What Polar answers when it refuses, family by family, and what it means to each operation. */
import { all, each, managing, type Row, registering, tag, withSecret } from "./error-row.ts"
import { oauthRows } from "./oauth-error-answers.ts"

const named = (error: string, detail: string) => ({ body: { error, detail } })
const problem = (loc: ReadonlyArray<string | number>, msg: string) => ({
  ...{ type: "value_error", loc, msg, input: "http://example.com", ctx: { error: {} } },
})

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
      detail: [problem(["body", "redirect_uris", 10], "Value error, An HTTPS URL is required.")],
    },
    means: each([...registering, "clients.replace", "clients.patch", "registration.update"], {
      _tag: "InvalidRequest",
      field: "redirectUris",
      detail: "redirect_uris[10]: Value error, An HTTPS URL is required.",
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
