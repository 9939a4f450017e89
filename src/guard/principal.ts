/** The principal of a request: the caller, as a handler gets it. */
import type { ActiveToken } from "../ports/introspection.ts"

type Known =
  | "subject"
  | "subjectType"
  | "clientId"
  | "scopes"
  | "expiresAt"
  | "acr"
  | "authTime"
  | "sessionId"
  | "confirmation"
  | "authorizationDetails"

/** The caller of a request, the same with every vendor and in every framework. A member is absent if it is not known. */
export interface Principal extends Pick<ActiveToken, Known | "audience" | "claims"> {
  /** The vendor's id, such as `"oidc"`. */
  readonly provider: string
  /** The access token. It is not enumerable: copies, JSON and logs do not have it. */
  readonly token: string
}

/** The principal of a route's requests: it may be absent where the route says `optional`. */
export type PrincipalFor<N> = "optional" extends keyof N
  ? N["optional"] extends false | undefined
    ? Principal
    : Principal | undefined
  : Principal

/** Makes the principal of an active token. */
export const principalOf = (state: ActiveToken, token: string, provider: string): Principal =>
  new TokenPrincipal(state, token, provider)

/** A class, because only a private member is never printed. */
class TokenPrincipal implements Principal {
  declare readonly subject?: NonNullable<ActiveToken["subject"]>
  declare readonly subjectType?: NonNullable<ActiveToken["subjectType"]>
  declare readonly clientId?: NonNullable<ActiveToken["clientId"]>
  declare readonly scopes?: NonNullable<ActiveToken["scopes"]>
  declare readonly expiresAt?: NonNullable<ActiveToken["expiresAt"]>
  declare readonly acr?: NonNullable<ActiveToken["acr"]>
  declare readonly authTime?: NonNullable<ActiveToken["authTime"]>
  declare readonly sessionId?: NonNullable<ActiveToken["sessionId"]>
  declare readonly confirmation?: NonNullable<ActiveToken["confirmation"]>
  declare readonly authorizationDetails?: NonNullable<ActiveToken["authorizationDetails"]>
  readonly audience: ActiveToken["audience"]
  readonly claims: ActiveToken["claims"]
  readonly provider: string
  readonly #token: string

  constructor(state: ActiveToken, token: string, provider: string) {
    const { subject, subjectType, clientId, scopes, expiresAt, acr, authTime, sessionId, confirmation } = state
    if (subject !== undefined) this.subject = subject
    if (subjectType !== undefined) this.subjectType = subjectType
    if (clientId !== undefined) this.clientId = clientId
    if (scopes !== undefined) this.scopes = scopes
    if (expiresAt !== undefined) this.expiresAt = expiresAt
    if (acr !== undefined) this.acr = acr
    if (authTime !== undefined) this.authTime = authTime
    if (sessionId !== undefined) this.sessionId = sessionId
    if (confirmation !== undefined) this.confirmation = confirmation
    if (state.authorizationDetails !== undefined) this.authorizationDetails = state.authorizationDetails
    this.audience = state.audience
    this.claims = state.claims
    this.provider = provider
    this.#token = token
  }

  get token(): string {
    return this.#token
  }
}

/** Returns the principal that a guard has put into a request, by default as `auth`. */
export const principalIn = (request: object, name = "auth"): Principal => {
  const auth: unknown = Reflect.get(request, name)
  if (auth instanceof TokenPrincipal) return auth
  throw new TypeError("the request has no principal: put the guard before this handler, without `optional`")
}
