import { Refusal, refuse } from "../ory/errors.ts"
import type { Kinde } from "./state.ts"

/** A refusal in the dialect of the Management API. */
export class ManagementRefusal extends Error {
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

/** One entry; 400 unless told. */
export const invalid = (code: string, message: string, status = 400): ManagementRefusal =>
  new ManagementRefusal(status, [{ code, message }])

/** A bad credential: always two entries, the useful one second. */
export const badCredential = (status: number, code: string, message: string): ManagementRefusal =>
  new ManagementRefusal(status, [
    { code: "INVALID_CREDENTIALS", message: "Invalid credentials used to access API" },
    { code, message },
  ])

/** The token endpoint's answer to a client that does not exist: no JSON. */
export class UnknownClient extends Error {}

type GrantError = "invalid_grant" | "unauthorized_client" | "authorization_pending" | "expired_token"

/** A refusal of a grant, with the status that the tenant's quirks say. */
export const refuseGrant = (kinde: Kinde, code: GrantError, hint?: string): Refusal => {
  const status = kinde.quirks.grantErrorStatus
  const { description } = refuse(code, hint, status)
  return new Refusal(status, code, description)
}

const rest = {
  unsupported_grant_type: "The authorization grant type is not supported by the authorization server.",
  slow_down: "The authorization server requests to slow down polling.",
  access_denied: "The resource owner or authorization server denied the request.",
} as const

export const refusePlain = (kinde: Kinde, code: keyof typeof rest): Refusal =>
  new Refusal(kinde.quirks.grantErrorStatus, code, rest[code])
