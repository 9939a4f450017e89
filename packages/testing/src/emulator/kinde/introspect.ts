import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { oauthError } from "../ory/errors.ts"
import { applicationOf, basicOf } from "./client-auth.ts"
import { UnknownClient } from "./errors.ts"
import { tokenReply } from "./replies.ts"
import type { Kinde } from "./state.ts"
import type { TokenRecord } from "./token-record.ts"
import { findToken, isActive } from "./tokens.ts"

const bearerOf = (headers: Readonly<Record<string, string>>) => /^bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]

const unauthorized = (hint: string) => oauthError("request_unauthorized", hint)

const checkBearer = (kinde: Kinde, bearer: string, token: string) => {
  const { introspection } = kinde.quirks
  if (bearer === token) throw unauthorized("Bearer and introspection token are identical.")
  const record = findToken(kinde, bearer)
  const active = record !== undefined && record.use === "access_token" && isActive(kinde, record)
  if (!active) throw unauthorized("HTTP Authorization header missing, malformed, or credentials used are invalid.")
  const kind = record.grant.kind === "machine" ? "m2m" : "user"
  if (introspection !== "any" && introspection !== kind) throw unauthorized("The bearer token may not introspect.")
}

/** Checks the credential in the `Authorization` header. Credentials in the form are ignored. */
const checkCaller = (exchange: Exchange, kinde: Kinde, token: string) => {
  const { introspection } = kinde.quirks
  const bearer = bearerOf(exchange.headers)
  if (bearer !== undefined && introspection !== "basic") return checkBearer(kinde, bearer, token)
  const basic = introspection === "basic" || introspection === "any" ? basicOf(kinde, exchange.headers) : undefined
  if (basic === undefined) throw unauthorized("HTTP Authorization header missing.")
  try {
    applicationOf(kinde, basic)
  } catch (error) {
    if (error instanceof UnknownClient) throw unauthorized("Unable to find OAuth 2.0 Client.")
    throw unauthorized("OAuth 2.0 Client credentials are invalid.")
  }
}

const activeResponse = (kinde: Kinde, { grant, use, expiresAt, issuedAt }: TokenRecord) => {
  const { quirks } = kinde
  const time = (value: number) => (quirks.numbersAsStrings ? String(value) : value)
  const [firstAudience] = grant.audience
  return {
    active: true,
    aud: quirks.audienceAsString && grant.audience.length === 1 ? firstAudience : grant.audience,
    client_id: grant.applicationId,
    exp: time(expiresAt),
    iat: time(issuedAt),
    ...(quirks.introspectionExtras
      ? {
          scope: grant.granted.join(" "),
          token_type: use === "access_token" ? "Bearer" : "refresh_token",
          ...(grant.userId === undefined ? {} : { sub: grant.userId }),
        }
      : {}),
  }
}

/** POST /oauth2/introspect. Without `introspectionExtras`: `active`, `aud`, `client_id`, `exp` and `iat`. */
export const introspect = (exchange: Exchange, kinde: Kinde): Reply => {
  const token = formOf(exchange)?.get("token") ?? ""
  checkCaller(exchange, kinde, token)
  if (token === "") throw oauthError("invalid_request", "The POST body can not be empty.", 401)
  const record = findToken(kinde, token)
  const visible =
    record !== undefined && (record.use === "access_token" || kinde.quirks.introspectsRefreshTokens)
      ? record
      : undefined
  return tokenReply(
    visible !== undefined && isActive(kinde, visible) ? activeResponse(kinde, visible) : { active: false },
  )
}
