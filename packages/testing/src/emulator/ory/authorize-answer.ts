import { goQuery, withQuery } from "../go.ts"
import type { Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize.ts"
import type { Refusal } from "./errors.ts"
import { mintIdToken } from "./issue-tokens.ts"
import { words } from "./matching.ts"
import { redirect, toClient } from "./replies.ts"
import { type Ory, opaqueToken } from "./state.ts"
import { type Grant, seconds } from "./tokens.ts"

/** Where the answer to an authorization request goes. */
export interface ResponseTarget {
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

const answer = (target: ResponseTarget, values: Readonly<Record<string, string>>, mode: string): Reply => {
  const base = target.redirectUri.split("#", 1)[0] ?? ""
  const query = new URLSearchParams(values)
  if (mode === "form_post") return formPost(base, query)
  return toClient(mode === "fragment" ? `${base}#${goQuery(query)}` : withQuery(base, values))
}

/** Sends an error back to the client that started the authorization. */
export const authorizeError = (target: ResponseTarget, { error, description }: Refusal): Reply =>
  answer(target, { error, error_description: description, state: target.state }, target.mode)

/** Sends the browser to the server's own error page: the client, or where it is, cannot be trusted. */
export const toErrorPage = (ory: Ory, { error, description }: Refusal): Reply =>
  redirect(withQuery(`${ory.issuer}/oauth2/fallbacks/error`, { error, error_description: description }))

/** Issues the code of a grant and sends the browser back to the client with it. */
export const authorizeSuccess = (ory: Ory, request: AuthorizeRequest, target: ResponseTarget, grant: Grant): Reply => {
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
  const state = target.state
  if (types.length === 1) return answer(target, { code, scope: grant.scopes.join(" "), state }, target.mode)
  const idToken =
    types.includes("id_token") && grant.user !== undefined
      ? { id_token: mintIdToken(ory, client, grant, grant.user, "authorization_code", { code }) }
      : {}
  return answer(target, { code, ...idToken, state }, target.mode || "fragment")
}
