/** The shape of a row: one situation of a protected route, and the response that the standards require. */
import type { DpopOptions } from "../../src/guard/dpop.ts"
import type { Needs } from "../../src/guard/needs.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import type { Reason } from "../../src/ports/errors.ts"
import type { ActiveToken } from "../../src/ports/introspection.ts"

/** Header lines as they are sent. A name may occur twice. */
export type Lines = ReadonlyArray<readonly [name: string, value: string]>

/** What `introspect` does: `"unasked"` fails the test if it is called. */
export type Behaviour =
  | "unasked"
  | { readonly active: false }
  | ActiveToken
  | { readonly fails: Reason }
  | { readonly throws: unknown }

/** The status, every header that the guard sends, and the body. */
export interface Refused {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The request passes; `null` without a principal. */
export interface Passed {
  readonly passes: string | null
}

export interface Row {
  /** The number in the table of docs/guards.md. */
  readonly number: string
  readonly name: string
  readonly method?: "GET" | "OPTIONS"
  /** Follows the path. */
  readonly query?: string
  /** A function for what must be made freshly, such as a proof for this URL. */
  readonly lines: Lines | ((url: string) => Promise<Lines>)
  readonly auth: Behaviour
  readonly needs?: Needs
  readonly options?: Omit<GuardOptions, "dpop"> & { readonly dpop?: () => DpopOptions }
  readonly expected: Refused | Passed
  /** A request that is sent before, with the same lines. */
  readonly twice?: true
}

/** The texts of the responses: constants, so that they tell an attacker nothing. */
export const bodies = {
  missing:
    '{"title":"Unauthorized","status":401,"detail":"This resource requires an access token in the Authorization header."}',
  malformed:
    '{"title":"Bad Request","status":400,"error":"invalid_request","detail":"The request must have one access token, in the Authorization header."}',
  invalidToken:
    '{"title":"Unauthorized","status":401,"error":"invalid_token","detail":"The access token is not valid for this resource."}',
  invalidProof:
    '{"title":"Unauthorized","status":401,"error":"invalid_dpop_proof","detail":"The DPoP proof is missing, or it is not valid for this request."}',
  nonceRequired:
    '{"title":"Unauthorized","status":401,"error":"use_dpop_nonce","detail":"The DPoP proof must have the nonce of this response."}',
  insufficientScope:
    '{"title":"Forbidden","status":403,"error":"insufficient_scope","detail":"The access token lacks a scope that this resource requires."}',
  insufficientAuthentication:
    '{"title":"Unauthorized","status":401,"error":"insufficient_user_authentication","detail":"The user must log in again, in the required way."}',
  unavailable:
    '{"title":"Service Unavailable","status":503,"detail":"The access token cannot be checked at the moment. Send the request again later."}',
  failed:
    '{"title":"Internal Server Error","status":500,"detail":"The server cannot check access tokens because of a fault of its own."}',
} as const

/** In the expected headers: any value that is not empty. */
export const anyValue = "*"

const problem = { "cache-control": "no-store", "content-type": "application/problem+json" }

const refused = (status: number, body: keyof typeof bodies, more: Readonly<Record<string, string>>): Refused => ({
  status,
  headers: { ...problem, ...more },
  body: bodies[body],
})

const challenged = (status: number, body: keyof typeof bodies) => (challenge: string) =>
  refused(status, body, { "www-authenticate": challenge })

/** The responses with a challenge. */
export const missing = challenged(401, "missing")
export const malformedOf = challenged(400, "malformed")
export const malformed = malformedOf(
  'Bearer error="invalid_request", error_description="The request must have one access token, in the Authorization header."',
)
export const invalidToken = refused(401, "invalidToken", {
  "www-authenticate":
    'Bearer error="invalid_token", error_description="The access token is not valid for this resource."',
})
export const invalidTokenOf = challenged(401, "invalidToken")
export const invalidProofOf = challenged(401, "invalidProof")
/** The nonce is a new one each time. */
export const nonceRequiredOf = (challenge: string): Refused =>
  refused(401, "nonceRequired", { "www-authenticate": challenge, "dpop-nonce": anyValue })
export const insufficientScope = challenged(403, "insufficientScope")
export const insufficientAuthentication = challenged(401, "insufficientAuthentication")

/** The responses without a challenge: new credentials do not help. */
export const unavailable = (seconds: number): Refused => refused(503, "unavailable", { "retry-after": String(seconds) })
export const failed = refused(500, "failed", {})

/** The token that every row sends, unless the row is about its form. */
export const token = "mF_9.B5f-4.1JqM"
export const bearer: Lines = [["Authorization", `Bearer ${token}`]]

/** An active token, with what a row changes. */
export const active = (changes: Partial<ActiveToken> = {}): ActiveToken => ({
  active: true,
  use: "access_token",
  subject: "alice",
  clientId: "web",
  audience: ["https://api.example"],
  scopes: ["orders:read"],
  claims: { sub: "alice" },
  source: { stale: false },
  ...changes,
})
