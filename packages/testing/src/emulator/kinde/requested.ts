import { oauthError } from "../ory/errors.ts"
import { words } from "../ory/matching.ts"
import type { Application } from "./application.ts"

/** The scopes that every application may request from users. `offline_access` is accepted and has no effect. */
const userScopes = ["openid", "profile", "email", "phone", "address", "offline", "offline_access"]

/** Makes the error for an audience that the application may not request. */
export const audienceError = (audience: string) =>
  oauthError(
    "invalid_request",
    `Requested audience '${audience}' has not been whitelisted by the OAuth 2.0 Client.`,
    403,
  )

/** Returns the requested audiences. `audience` can be repeated, and can contain several separated by spaces. */
export const requestedAudience = ({ grants }: Application, form: URLSearchParams): ReadonlyArray<string> => {
  const requested = [...new Set(form.getAll("audience").flatMap((value) => words(value)))]
  const rejected = requested.find((audience) => !grants.has(audience))
  if (rejected !== undefined) throw audienceError(rejected)
  return requested
}

/** Returns the scopes that an application is allowed at some APIs. */
export const grantedScopes = ({ grants }: Application, audience: Iterable<string>): ReadonlyArray<string> => [
  ...new Set([...audience].flatMap((each) => [...(grants.get(each) ?? [])])),
]

const checkScopes = (requested: ReadonlyArray<string>, allowed: ReadonlyArray<string>) => {
  for (const scope of requested) {
    if (allowed.includes(scope)) continue
    throw oauthError("invalid_scope", `The OAuth 2.0 Client is not allowed to request scope '${scope}'.`, 403)
  }
  return requested
}

export const requestedUserScopes = (application: Application, form: URLSearchParams): ReadonlyArray<string> =>
  checkScopes(words(form.get("scope")), [...userScopes, ...grantedScopes(application, application.grants.keys())])

export const requestedMachineScopes = (
  application: Application,
  audience: ReadonlyArray<string>,
  form: URLSearchParams,
): ReadonlyArray<string> => checkScopes(words(form.get("scope")), grantedScopes(application, audience))
