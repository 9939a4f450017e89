import { formOf } from "../form.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { issueCode, storeConsent } from "./authorize.ts"
import { readAuthorizeRequest, redirectError } from "./authorize-request.ts"
import { type Caller, userOfCaller } from "./caller.ts"
import { accessDenied, invalidInput, unauthorized } from "./errors.ts"
import { redirect } from "./replies.ts"
import type { Polar } from "./state.ts"

const actionOf = (form: URLSearchParams): "allow" | "deny" => {
  const action = form.get("action")
  if (action === "allow" || action === "deny") return action
  const loc = ["body", "action"]
  throw invalidInput([
    action === null
      ? { type: "missing", loc, msg: "Field required", input: null }
      : {
          ...{ type: "literal_error", loc, msg: "Input should be 'allow' or 'deny'", input: action },
          ctx: { expected: "'allow' or 'deny'" },
        },
  ])
}

/** POST /v1/oauth2/consent: the user's decision on the consent page. */
export const submitConsent = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  const user = userOfCaller(caller)
  if (user === undefined) throw unauthorized()
  const form = formOf(exchange) ?? new URLSearchParams()
  const action = actionOf(form)
  const request = readAuthorizeRequest(polar, exchange.query, { errorsHaveState: false })
  if (action === "deny") throw redirectError(polar, request, "access_denied", accessDenied)
  const organizations = [...request.organizations, ...form.getAll("organizations")]
  const location = issueCode(polar, request, user, organizations)
  storeConsent(polar, request, user, organizations)
  return redirect(location)
}
