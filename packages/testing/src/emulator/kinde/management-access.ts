import type { Exchange } from "../http-server.ts"
import { parseJwt } from "../jwt.ts"
import { badCredential, invalid } from "./errors.ts"
import { type Kinde, managementAudience } from "./state.ts"
import { findToken, isExpired, type TokenRecord } from "./tokens.ts"

/** The machine whose token a request carries; refuses every other request, whatever its path. */
export const machineOf = ({ headers }: Exchange, kinde: Kinde): TokenRecord => {
  const bad = (code: string, message: string) => badCredential(kinde.quirks.managementRefusal, code, message)
  const bearer = /^bearer (.*)$/i.exec(headers.authorization ?? "")?.[1]
  if (bearer === undefined) throw bad("INVALID_AUTHORIZATION_HEADER", "Invaild authorization header")
  if (bearer.split(".").length !== 3) throw bad("TOKEN_INVALID", "token contains an invalid number of segments")
  const kid = parseJwt(bearer)?.header.kid
  if (!kinde.keys.published().some((key) => key.kid === kid)) {
    throw bad("TOKEN_INVALID", "the JWT has an invalid kid: could not find kid in JWT header")
  }
  const record = findToken(kinde, bearer)
  if (record === undefined) throw bad("TOKEN_INVALID", "crypto/rsa: verification error")
  if (isExpired(kinde, record)) throw bad("TOKEN_INVALID", "Token is expired")
  if (record.revoked && kinde.quirks.refusesRevoked) throw bad("TOKEN_INVALID", "Token is revoked")
  if (record.grant.kind !== "machine" || !record.grant.audience.includes(managementAudience(kinde))) {
    throw bad("TOKEN_INVALID", "Invalid audience")
  }
  return record
}

/** The guide writes some scopes' resource in the singular that the specification has in the plural. */
const spelled = (kinde: Kinde, scope: string) =>
  kinde.quirks.scopeSpelling === "guide"
    ? scope.replace("applications_redirect_uris", "application_redirect_uris")
    : scope

export const checkScope = (kinde: Kinde, { grant }: TokenRecord, scope: string): void => {
  const wanted = spelled(kinde, scope)
  if (!grant.granted.includes(wanted)) throw invalid("SCOPE_MISSING", `Scope is missing: ${wanted}`, 403)
}

const guideOnly = ["read", "create", "update", "delete"].map((verb) => `${verb}:application_redirect_uris`)

const verbs = (resource: string, ...some: ReadonlyArray<string>) =>
  (some.length === 0 ? ["read", "create", "update", "delete"] : some).map((verb) => `${verb}:${resource}`)

/** What the Management API's tokens can be allowed; the spelling is as irregular as the vendor's. */
export const managementScopes: ReadonlyArray<string> = [
  ...verbs("applications"),
  ...verbs("applications_redirect_uris"),
  ...guideOnly,
  ...verbs("application_logout_uris"),
  ...verbs("application_tokens", "update"),
  ...verbs("application_connections", "read", "create", "delete"),
  ...verbs("apis"),
  ...verbs("api_scopes", "read", "create", "update"),
  "delete:apis_scopes",
  "create:api_application_scopes",
  "delete:apis_application_scopes",
  ...verbs("connected_apps", "read", "create"),
  ...verbs("environments", "read"),
]
