import { refuse } from "../ory/errors.ts"
import { words } from "../ory/matching.ts"
import type { Application } from "./application.ts"
import type { Api, Kinde } from "./state.ts"

/** Scopes that every application may ask users for. `offline_access` is accepted and gives nothing. */
const userScopes = ["openid", "profile", "email", "phone", "address", "offline", "offline_access"]

/** The APIs whose tokens are asked for: `audience` may be repeated or hold several. */
export const requestedApis = (kinde: Kinde, application: Application, form: URLSearchParams): ReadonlyArray<Api> => {
  const asked = [...new Set(form.getAll("audience").flatMap((value) => words(value)))]
  return asked.map((audience) => {
    const api = [...kinde.apis.values()].find((each) => each.audience === audience)
    if (api !== undefined && application.grants.has(api.id)) return api
    throw audienceRefused(audience)
  })
}

export const audienceRefused = (audience: string) =>
  refuse("invalid_request", `Requested audience '${audience}' has not been whitelisted by the OAuth 2.0 Client.`, 403)

/** The scopes an application holds at some APIs. */
export const grantedScopes = (application: Application, apis: Iterable<Api>): ReadonlyArray<string> => [
  ...new Set([...apis].flatMap((api) => [...(application.grants.get(api.id) ?? [])])),
]

const check = (asked: ReadonlyArray<string>, allowed: ReadonlyArray<string>) => {
  for (const scope of asked) {
    if (allowed.includes(scope)) continue
    throw refuse("invalid_scope", `The OAuth 2.0 Client is not allowed to request scope '${scope}'.`, 403)
  }
  return asked
}

export const requestedUserScopes = (kinde: Kinde, application: Application, form: URLSearchParams) =>
  check(words(form.get("scope")), [...userScopes, ...grantedScopes(application, kinde.apis.values())])

export const requestedMachineScopes = (application: Application, apis: ReadonlyArray<Api>, form: URLSearchParams) =>
  check(words(form.get("scope")), grantedScopes(application, apis))
