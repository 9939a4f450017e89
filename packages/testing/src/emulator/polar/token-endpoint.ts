import type { Exchange, Reply } from "../http-server.ts"
import { redeemCode } from "./code-grant.ts"
import { oauthError } from "./errors.ts"
import { type OAuthForm, oauthForm } from "./oauth-form.ts"
import { refreshPair } from "./refresh-grant.ts"
import { oauthJson } from "./replies.ts"
import type { Polar } from "./state.ts"
import { grantForSession } from "./web-grant.ts"

type Grant = (polar: Polar, form: OAuthForm) => Readonly<Record<string, unknown>>

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: redeemCode,
  refresh_token: refreshPair,
  web: grantForSession,
}

/** POST /v1/oauth2/token. */
export const tokenEndpoint = (exchange: Exchange, polar: Polar): Reply => {
  const form = oauthForm(exchange)
  const type = form.either("grant_type")
  const grant = type !== undefined && Object.hasOwn(grants, type) ? grants[type] : undefined
  if (grant === undefined) throw oauthError("unsupported_grant_type")
  return oauthJson(grant(polar, form))
}
