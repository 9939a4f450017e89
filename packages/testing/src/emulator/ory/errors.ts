interface OAuthCode {
  readonly status: number
  readonly description: string
  /** The last sentence of the description, unless the error has a hint of its own. */
  readonly hint?: string
}

const malformedRequest =
  "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed."
const invalidMetadata =
  "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that an Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's Metadata."

/** The server's OAuth error codes, with their status and the first sentence of their description. */
const codes = {
  invalid_request: {
    status: 400,
    description: malformedRequest,
    hint: "Make sure that the various parameters are correct, be aware of case sensitivity and trim your parameters. Make sure that the client you are using has exactly whitelisted the redirect_uri you specified.",
  },
  invalid_client: {
    status: 401,
    description:
      "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).",
  },
  invalid_grant: {
    status: 400,
    description:
      "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
  },
  invalid_scope: { status: 400, description: "The requested scope is invalid, unknown, or malformed." },
  unauthorized_client: {
    status: 400,
    description: "The client is not authorized to request a token using this method.",
  },
  access_denied: {
    status: 403,
    description: "The resource owner or authorization server denied the request.",
    hint: "Make sure that the request you are making is valid. Maybe the credential or request parameters you are using are limited in scope or otherwise restricted.",
  },
  scope_not_granted: {
    status: 403,
    description: "The token was not granted the requested scope.",
    hint: "The resource owner did not grant the requested scope.",
  },
  request_forbidden: { status: 403, description: "The request is not allowed." },
  request_unauthorized: {
    status: 401,
    description: "The request could not be authorized.",
    hint: "Check that you provided valid credentials in the right format.",
  },
  invalid_state: {
    status: 400,
    description: "The state is missing or does not have enough characters and is therefore considered too weak.",
  },
  unsupported_response_type: {
    status: 400,
    description: "The authorization server does not support obtaining a token using this method.",
  },
  unsupported_response_mode: {
    status: 400,
    description: "The authorization server does not support obtaining a response using this response mode.",
  },
  registration_not_supported: {
    status: 400,
    description: "The OP does not support use of the registration parameter.",
  },
  login_required: { status: 400, description: "The Authorization Server requires End-User authentication." },
  consent_required: { status: 400, description: "The Authorization Server requires End-User consent." },
  insufficient_entropy: {
    status: 400,
    description: "The request used a security parameter (e.g., anti-replay, anti-csrf) with insufficient entropy.",
  },
  authorization_pending: {
    status: 400,
    description:
      "The authorization request is still pending as the end user hasn't yet completed the user-interaction steps.",
  },
  expired_token: {
    status: 400,
    description: "The device_code has expired, and the device authorization session has concluded.",
  },
  invalid_token: { status: 401, description: "Token expired." },
  jti_known: { status: 400, description: "The jti was already used." },
  server_error: {
    status: 500,
    description:
      "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.",
  },
  error: { status: 500, description: "The error is unrecognizable" },
  invalid_client_metadata: { status: 400, description: invalidMetadata },
  invalid_redirect_uri: { status: 400, description: "The value of one or more redirect_uris is invalid." },
  missing_required_parameter: {
    status: 400,
    description: "One of the required parameters is missing. Check your request parameters.",
  },
} satisfies Record<string, OAuthCode>

export type ErrorCode = keyof typeof codes

const codeOf = (code: ErrorCode): OAuthCode => codes[code]

/** An error response: its status and the two members of every error body. */
export class ErrorResponse extends Error {
  readonly status: number
  readonly error: string
  readonly description: string

  constructor(status: number, error: string, description: string) {
    super(error)
    this.status = status
    this.error = error
    // The server replaces the double quotes of a description.
    this.description = description.replaceAll('"', "'")
  }
}

/** A panic of the server: it closes the connection and sends nothing. */
export class Disconnect extends Error {}

/** Makes an error response with an OAuth error code. The hint is the last sentence of its description. */
export const oauthError = (
  code: ErrorCode,
  hint = codeOf(code).hint,
  status: number = codes[code].status,
): ErrorResponse =>
  new ErrorResponse(status, code, hint === undefined ? codes[code].description : `${codes[code].description} ${hint}`)

/** Makes an error response whose description is only the code's own sentence. */
export const oauthErrorWithoutHint = (code: ErrorCode): ErrorResponse =>
  new ErrorResponse(codes[code].status, code, codes[code].description)

/** Error responses of the admin API, whose `error` is a sentence. */
export const adminError = {
  notFound: () => new ErrorResponse(404, "Unable to locate the resource", ""),
  conflict: () =>
    new ErrorResponse(409, "Unable to insert or update resource because a resource with that value exists already", ""),
  unknownChallenge: () => new ErrorResponse(404, "Not Found", "Unable to locate the requested resource"),
  malformed: (reason: string) =>
    new ErrorResponse(400, "The request was malformed or contained invalid parameters", reason),
  forbidden: (reason: string) => new ErrorResponse(403, "The requested action was forbidden", reason),
  unauthorized: (reason: string) => new ErrorResponse(401, "The request could not be authorized", reason),
}
