/** The login, consent and logout screens of an application whose vendor leaves them to it, without the HTML. */
import type { AnyAuth } from "latchkey"
import type { Browser } from "@latchkey/testing"

export interface Person {
  readonly subject: string
  /** OpenID Connect claims for the ID token and UserInfo. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly refuses?: boolean
}

/** What of latchkey the screens use. */
export type Screens = Pick<
  AnyAuth["consent"],
  "acceptLogin" | "getConsent" | "acceptConsent" | "rejectConsent" | "acceptLogout"
>

/** Follows the browser from `url`, answers each screen as the person would, and says where the browser ends. */
export const throughScreens = async (
  screens: Screens,
  browser: Browser,
  url: string,
  origin: string,
  person: Person,
): Promise<string> => {
  let left = await browser.go(url, [origin])
  for (let count = 0; count < 6; count++) {
    const next = await answer(screens, new URL(left).searchParams, person)
    if (next === undefined) return left
    left = await browser.go(next, [origin])
  }
  throw new Error("the browser was sent to one screen after another")
}

const answer = async (screens: Screens, query: URLSearchParams, person: Person): Promise<string | undefined> => {
  const login = query.get("login_challenge")
  if (login !== null) {
    const accepted = await screens.acceptLogin({
      challenge: login,
      subject: person.subject,
      remember: true,
      rememberFor: 3600,
    })
    return accepted.redirectTo
  }
  const consent = query.get("consent_challenge")
  if (consent !== null) return decide(screens, consent, person)
  const logout = query.get("logout_challenge")
  return logout === null ? undefined : (await screens.acceptLogout(logout)).redirectTo
}

const decide = async (screens: Screens, challenge: string, person: Person): Promise<string> => {
  if (person.refuses)
    return (await screens.rejectConsent({ challenge, error: "access_denied", statusCode: 403 })).redirectTo
  const asked = await screens.getConsent(challenge)
  if (asked.handled) return asked.redirectTo
  const granted = { challenge, grantScopes: asked.requestedScopes, session: { idToken: person.claims } }
  return (await screens.acceptConsent(granted)).redirectTo
}
