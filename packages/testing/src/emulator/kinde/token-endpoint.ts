import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { type Application, deviceGrantType } from "./application.ts"
import { authenticate } from "./client-auth.ts"
import { exchangeCode } from "./code-grant.ts"
import { pollDevice } from "./device-grant.ts"
import { grantError, kindeError } from "./errors.ts"
import { machineTokens } from "./machine-grant.ts"
import { refreshTokens } from "./refresh-grant.ts"
import { tokenReply } from "./replies.ts"
import type { Kinde } from "./state.ts"

type GrantHandler = (kinde: Kinde, application: Application, form: URLSearchParams) => Record<string, unknown>

const handlers: ReadonlyMap<string, GrantHandler> = new Map([
  ["authorization_code", exchangeCode],
  ["refresh_token", refreshTokens],
  ["client_credentials", machineTokens],
  [deviceGrantType, pollDevice],
])

/** POST /oauth2/token. The client is authenticated before the grant type is checked. */
export const tokenEndpoint = (exchange: Exchange, kinde: Kinde): Reply => {
  const form = formOf(exchange) ?? new URLSearchParams()
  const application = authenticate(kinde, exchange.headers, form)
  const type = form.get("grant_type") ?? ""
  const handle = handlers.get(type)
  if (handle === undefined) throw kindeError(kinde, "unsupported_grant_type")
  if (!application.grantTypes.includes(type)) {
    throw grantError(
      kinde,
      "unauthorized_client",
      `The OAuth 2.0 Client is not allowed to use authorization grant '${type}'.`,
    )
  }
  return tokenReply(handle(kinde, application, form))
}
