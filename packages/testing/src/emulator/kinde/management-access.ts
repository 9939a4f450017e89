import type { Exchange } from "../http-server.ts"
import { parseJwt } from "../jwt.ts"
import { badCredential, invalid } from "./errors.ts"
import { managementAudience } from "./management-audience.ts"
import type { Kinde } from "./state.ts"
import type { TokenRecord } from "./token-record.ts"
import { findToken, isExpired } from "./tokens.ts"

/** Returns the record of a request's access token. Throws unless it is a machine's token for the Management API. */
export const machineTokenOf = ({ headers }: Exchange, kinde: Kinde): TokenRecord => {
  const reject = (code: string, message: string) => badCredential(kinde.quirks.managementErrorStatus, code, message)
  const bearer = /^bearer (.*)$/i.exec(headers.authorization ?? "")?.[1]
  if (bearer === undefined) throw reject("INVALID_AUTHORIZATION_HEADER", "Invaild authorization header")
  if (bearer.split(".").length !== 3) throw reject("TOKEN_INVALID", "token contains an invalid number of segments")
  const kid = parseJwt(bearer)?.header.kid
  if (!kinde.keys.published().some((key) => key.kid === kid)) {
    throw reject("TOKEN_INVALID", "the JWT has an invalid kid: could not find kid in JWT header")
  }
  const record = findToken(kinde, bearer)
  if (record === undefined) throw reject("TOKEN_INVALID", "crypto/rsa: verification error")
  if (isExpired(kinde, record)) throw reject("TOKEN_INVALID", "Token is expired")
  if (record.revoked && kinde.quirks.rejectsRevokedTokens) throw reject("TOKEN_INVALID", "Token is revoked")
  if (record.grant.kind !== "machine" || !record.grant.audience.includes(managementAudience(kinde))) {
    throw reject("TOKEN_INVALID", "Invalid audience")
  }
  return record
}

/** Kinde's guide has the resource of some scopes in the singular; the specification has the plural. */
const spelled = (kinde: Kinde, scope: string) =>
  kinde.quirks.scopeSpelling === "guide"
    ? scope.replace("applications_redirect_uris", "application_redirect_uris")
    : scope

/** Throws unless the token has a scope. */
export const checkScope = (kinde: Kinde, { grant }: TokenRecord, scope: string): void => {
  const required = spelled(kinde, scope)
  if (!grant.granted.includes(required)) throw invalid("SCOPE_MISSING", `Scope is missing: ${required}`, 403)
}

const guideOnly = ["read", "create", "update", "delete"].map((verb) => `${verb}:application_redirect_uris`)

const verbs = (resource: string, ...subset: ReadonlyArray<string>) =>
  (subset.length === 0 ? ["read", "create", "update", "delete"] : subset).map((verb) => `${verb}:${resource}`)

/** The scopes of the Management API, with Kinde's irregular spelling. */
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
