import { ErrorResponse, oauthError } from "../ory/errors.ts"
import type { Kinde } from "./state.ts"

/** An error in the format of the Management API. */
export class ManagementError extends Error {
  readonly status: number
  readonly errors: ReadonlyArray<ErrorEntry>

  constructor(status: number, errors: ReadonlyArray<ErrorEntry>) {
    super(errors.at(-1)?.code ?? "")
    this.status = status
    this.errors = errors
  }
}

interface ErrorEntry {
  readonly code: string
  readonly message: string
}

/** Makes an error with one entry. Default status: 400. */
export const invalid = (code: string, message: string, status = 400): ManagementError =>
  new ManagementError(status, [{ code, message }])

/** Makes the error for an invalid credential. It always has two entries; the second names the cause. */
export const badCredential = (status: number, code: string, message: string): ManagementError =>
  new ManagementError(status, [
    { code: "INVALID_CREDENTIALS", message: "Invalid credentials used to access API" },
    { code, message },
  ])

/** An unknown client at the token endpoint, whose response is not JSON. */
export class UnknownClient extends Error {}

type GrantErrorCode = "invalid_grant" | "unauthorized_client" | "authorization_pending" | "expired_token"

/** Makes an error of the token endpoint with Ory's description. `grantErrorStatus` decides the status. */
export const grantError = (kinde: Kinde, code: GrantErrorCode, hint?: string): ErrorResponse => {
  const status = kinde.quirks.grantErrorStatus
  const { description } = oauthError(code, hint, status)
  return new ErrorResponse(status, code, description)
}

const descriptions = {
  unsupported_grant_type: "The authorization grant type is not supported by the authorization server.",
  slow_down: "The authorization server requests to slow down polling.",
  access_denied: "The resource owner or authorization server denied the request.",
} as const

/** Makes an error of the token endpoint whose description differs from Ory's. `grantErrorStatus` decides the status. */
export const kindeError = (kinde: Kinde, code: keyof typeof descriptions): ErrorResponse =>
  new ErrorResponse(kinde.quirks.grantErrorStatus, code, descriptions[code])
