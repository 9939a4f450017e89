import { goQuery, withQuery } from "../go.ts"
import type { Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize-request.ts"
import type { ErrorResponse } from "./errors.ts"
import type { Grant } from "./grant-records.ts"
import { mintIdToken } from "./issue-tokens.ts"
import { words } from "./matching.ts"
import { redirect, redirectToClient } from "./replies.ts"
import { type Ory, opaqueToken } from "./state.ts"
import { seconds } from "./tokens.ts"

/** The destination of an authorization response. */
export interface ResponseDestination {
  readonly redirectUri: string
  readonly mode: string
  readonly state: string
}

const escapeHtml = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&#34;")
    .replaceAll("'", "&#39;")

const formPost = (action: string, values: URLSearchParams): Reply => ({
  status: 200,
  headers: { "content-type": "text/html;charset=UTF-8", "cache-control": "no-store", pragma: "no-cache" },
  body: `<html>
   <head>
      <title>Submit This Form</title>
   </head>
   <body onload="javascript:document.forms[0].submit()">
      <form method="post" action="${escapeHtml(action)}">
${[...values].map(([name, value]) => `         <input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}"/>`).join("\n")}
      </form>
   </body>
</html>`,
})

const respond = (destination: ResponseDestination, values: Readonly<Record<string, string>>, mode: string): Reply => {
  const base = destination.redirectUri.split("#", 1)[0] ?? ""
  const query = new URLSearchParams(values)
  if (mode === "form_post") return formPost(base, query)
  return redirectToClient(mode === "fragment" ? `${base}#${goQuery(query)}` : withQuery(base, values))
}

/** Sends an authorization error response to the client. */
export const authorizeError = (destination: ResponseDestination, { error, description }: ErrorResponse): Reply =>
  respond(destination, { error, error_description: description, state: destination.state }, destination.mode)

/** Redirects the browser to the server's error page, because the client or its redirect URI is invalid. */
export const toErrorPage = (ory: Ory, { error, description }: ErrorResponse): Reply =>
  redirect(withQuery(`${ory.issuer}/oauth2/fallbacks/error`, { error, error_description: description }))

/** Issues the code of a grant and redirects the browser to the client with it. */
export const authorizeSuccess = (
  ory: Ory,
  request: AuthorizeRequest,
  destination: ResponseDestination,
  grant: Grant,
): Reply => {
  const { client, form } = request
  const types = words(form.get("response_type"))
  const code = opaqueToken("ac")
  ory.codes.set(code, {
    grant,
    redirectUri: form.get("redirect_uri") ?? "",
    expiresAt: seconds(ory.now()) + ory.lifespans.code,
    challenge: form.get("code_challenge") || (form.get("code_challenge_method") ? "" : undefined),
    used: false,
  })
  const state = destination.state
  if (types.length === 1) return respond(destination, { code, scope: grant.scopes.join(" "), state }, destination.mode)
  const idToken =
    types.includes("id_token") && grant.user !== undefined
      ? { id_token: mintIdToken(ory, client, grant, grant.user, "authorization_code", { code }) }
      : {}
  return respond(destination, { code, ...idToken, state }, destination.mode || "fragment")
}
