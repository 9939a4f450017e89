/** Error responses of Polar's OAuth endpoints: a standard code, often without a description. */
import { each, grants, managing, type Row, registering, tag, withSecret } from "./error-row.ts"

const unknownClient = "The client does not exist on this server."
const wrongMethod = "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post', 'none']"
const basic = (description: string) => ({
  "www-authenticate": `Basic error="invalid_client", error_description="${description}"`,
})
const badToken = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
const bearer = { "www-authenticate": `Bearer realm="polar", error="invalid_token", error_description="${badToken}"` }
const oauth = (error: string, description?: string) => ({
  body: { error, ...(description !== undefined && { error_description: description }) },
})

export const oauthRows: ReadonlyArray<Row> = [
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
    name: "a wrong secret or authentication method",
    status: 401,
    headers: basic(wrongMethod),
    ...oauth("invalid_client", wrongMethod),
    means: each(withSecret, { _tag: "InvalidClient", code: "invalid_client" }),
  },
  {
    name: "invalid_grant without a description",
    status: 400,
    ...oauth("invalid_grant"),
    means: {
      ...each(grants, { _tag: "InvalidGrant", code: "invalid_grant" }),
      revoke: { _tag: "AccessDenied", code: "invalid_grant" },
    },
  },
  {
    name: "invalid_grant with a description",
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
    name: "an unknown token_type_hint",
    status: 401,
    ...oauth("unsupported_token_type"),
    means: each(["introspect", "revoke"], { _tag: "InvalidRequest", code: "unsupported_token_type" }),
  },
  {
    name: "a bearer token rejected before the endpoint",
    status: 401,
    headers: bearer,
    ...oauth("invalid_token", badToken),
    means: each(["userInfo", ...managing], { _tag: "InvalidToken", check: "rejected" }),
  },
  {
    name: "a missing scope",
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
    name: "an invalid member of the client metadata",
    status: 400,
    ...oauth("invalid_client_metadata", "Invalid claim: 'scope'"),
    means: each([...registering, "clients.replace", "clients.patch", "registration.update"], {
      _tag: "InvalidRequest",
      code: "invalid_client_metadata",
      detail: "Invalid claim: 'scope'",
      field: "scopes",
    }),
  },
  {
    name: "plain http",
    status: 400,
    ...oauth("insecure_transport", "OAuth 2 MUST utilize https."),
    means: each([...withSecret, ...registering], { _tag: "InvalidRequest", code: "insecure_transport" }),
  },
]
