import { browserForm } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { makeId } from "./application.ts"
import { callback, callbackError } from "./callback.ts"
import type { LoginFlow } from "./login-flow.ts"
import { isDenied, page } from "./replies.ts"
import { startSession } from "./sessions.ts"
import type { Kinde } from "./state.ts"
import { makeGrant, opaqueToken, seconds } from "./tokens.ts"
import type { User } from "./user.ts"
import { userOfHint } from "./users.ts"

/** Returns the code of the login's organization; `null` if the user is not a member of the requested one. */
const organizationOf = (kinde: Kinde, flow: LoginFlow, user: User): string | undefined | null => {
  if (flow.newOrganization !== undefined) {
    const code = `org_${makeId().slice(0, 13)}`
    kinde.organizations.set(code, { code, name: flow.newOrganization, featureFlags: {} })
    user.organizations = [...user.organizations, code]
    return code
  }
  if (flow.orgCode === undefined) return user.organizations[0]
  return user.organizations.includes(flow.orgCode) ? flow.orgCode : null
}

const deny = (flow: LoginFlow): Reply =>
  callbackError(flow, "access_denied", "The resource owner or authorization server denied the request.")

/** Completes an authorization request: redirects with a code, or with `access_denied`. */
export const logIn = (
  kinde: Kinde,
  flow: LoginFlow,
  user: User,
  authTime: number,
  cookies: ReadonlyArray<string> = [],
): Reply => {
  if (user.refuses) return deny(flow)
  const orgCode = organizationOf(kinde, flow, user)
  if (orgCode === null) {
    return callbackError(flow, "access_denied", "The user is not a member of the requested organization.")
  }
  const { applicationId, scopes, audience, nonce, requestedAt } = flow
  const code = opaqueToken()
  kinde.codes.set(code, {
    grant: makeGrant({
      applicationId,
      kind: "user",
      userId: user.id,
      scopes,
      granted: scopes,
      audience,
      orgCode,
      nonce,
      authTime,
      requestedAt,
    }),
    redirectUri: flow.redirectUri,
    challenge: flow.challenge,
    expiresAt: seconds(kinde) + kinde.lifespans.code,
    used: false,
  })
  return callback(flow, { code, scope: scopes.join(" ") }, cookies)
}

/** POST /login. It logs in the user that the form names, the user of the hint, or the first user. */
export const submitLogin = (exchange: Exchange, kinde: Kinde): Reply => {
  const form = browserForm(exchange)
  const id = form.get("flow") ?? ""
  const flow = kinde.logins.get(id)
  if (flow === undefined) return page(400, "Error", "The link has expired")
  kinde.logins.delete(id)
  if (isDenied(form)) return deny(flow)
  const user = userOfHint(kinde, form.get("login_hint") ?? flow.hint)
  return logIn(kinde, flow, user, seconds(kinde), user.refuses ? [] : [startSession(kinde, user)])
}
