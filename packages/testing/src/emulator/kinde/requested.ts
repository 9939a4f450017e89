import { refuse } from "../ory/errors.ts"
import { words } from "../ory/matching.ts"
import type { Application } from "./application.ts"

/** Scopes that every application may ask users for. `offline_access` is accepted and gives nothing. */
const userScopes = ["openid", "profile", "email", "phone", "address", "offline", "offline_access"]

export const audienceRefused = (audience: string) =>
  refuse("invalid_request", `Requested audience '${audience}' has not been whitelisted by the OAuth 2.0 Client.`, 403)

/** The APIs whose tokens are asked for: `audience` may be repeated or hold several. */
export const requestedAudience = ({ grants }: Application, form: URLSearchParams): ReadonlyArray<string> => {
  const asked = [...new Set(form.getAll("audience").flatMap((value) => words(value)))]
  const refused = asked.find((audience) => !grants.has(audience))
  if (refused !== undefined) throw audienceRefused(refused)
  return asked
}

/** The scopes an application holds at some APIs. */
export const grantedScopes = ({ grants }: Application, audience: Iterable<string>): ReadonlyArray<string> => [
  ...new Set([...audience].flatMap((each) => [...(grants.get(each) ?? [])])),
]

const check = (asked: ReadonlyArray<string>, allowed: ReadonlyArray<string>) => {
  for (const scope of asked) {
    if (allowed.includes(scope)) continue
    throw refuse("invalid_scope", `The OAuth 2.0 Client is not allowed to request scope '${scope}'.`, 403)
  }
  return asked
}

export const requestedUserScopes = (application: Application, form: URLSearchParams): ReadonlyArray<string> =>
  check(words(form.get("scope")), [...userScopes, ...grantedScopes(application, application.grants.keys())])

export const requestedMachineScopes = (
  application: Application,
  audience: ReadonlyArray<string>,
  form: URLSearchParams,
): ReadonlyArray<string> => check(words(form.get("scope")), grantedScopes(application, audience))
