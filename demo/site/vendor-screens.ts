/** The login, consent and logout pages for a vendor that has none of its own. */
import { html } from "hono/html"
import type { AnyAuth } from "latchkey"
import { layout } from "./page.ts"

const denied = { error: "access_denied", errorDescription: "the user refused", statusCode: 403 }

const screen = (title: string, text: string, buttons: ReadonlyArray<string>) =>
  layout(
    title,
    html`<main class="card"><h1>${title}</h1><p>${text}</p>
<form method="post">${buttons.map((label) => html`<button type="submit" name="action" value="${label}">${label}</button> `)}</form></main>`,
  )

/** A page, or the URL to go to. */
type Screen = ReturnType<typeof layout> | string

const login = async (consent: AnyAuth["consent"], challenge: string, action?: string): Promise<Screen> => {
  const request = await consent.getLogin(challenge)
  if (request.handled) return request.redirectTo
  if (action === "Deny") return (await consent.rejectLogin({ challenge, ...denied })).redirectTo
  if (!request.skip && action === undefined)
    return screen("Sign in", "The demo has one user: alice.", ["Sign in", "Deny"])
  const accepted = { challenge, subject: "alice", remember: true, rememberFor: "1 hour" } as const
  return (await consent.acceptLogin(accepted)).redirectTo
}

const agree = async (consent: AnyAuth["consent"], challenge: string, action?: string): Promise<Screen> => {
  const request = await consent.getConsent(challenge)
  if (request.handled) return request.redirectTo
  const grantScopes = request.requestedScopes
  if (action === "Deny") return (await consent.rejectConsent({ challenge, ...denied })).redirectTo
  if (action === undefined) return screen("Agree", `The demo asks for ${grantScopes.join(", ")}.`, ["Allow", "Deny"])
  return (await consent.acceptConsent({ challenge, grantScopes })).redirectTo
}

/** Answers a request for one of the pages. `action`: the pressed button. */
export const vendorScreen = async (
  consent: AnyAuth["consent"],
  name: string,
  query: URLSearchParams,
  action?: string,
): Promise<Screen | undefined> => {
  const challenge = query.get(`${name}_challenge`) ?? ""
  if (name === "login") return login(consent, challenge, action)
  if (name === "consent") return agree(consent, challenge, action)
  return name === "logout" ? (await consent.acceptLogout(challenge)).redirectTo : undefined
}
