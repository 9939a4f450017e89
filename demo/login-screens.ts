/** The login, consent and logout screens of an application, without HTML, for a vendor that has none of its own. */

import type { Browser } from "@latchkey/testing"
import type { AnyAuth } from "latchkey"

export interface Person {
  readonly subject: string
  /** OpenID Connect claims for the ID token and UserInfo. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Whether the person rejects the consent screen. */
  readonly refuses?: boolean
}

/** The operations that the screens use. */
export type Screens = Pick<
  AnyAuth["consent"],
  "acceptLogin" | "getConsent" | "acceptConsent" | "rejectConsent" | "acceptLogout"
>

/** Follows the browser from a URL through every screen, and returns the URL at which the browser arrives. */
export const throughScreens = async (
  screens: Screens,
  browser: Browser,
  url: string,
  origin: string,
  person: Person,
): Promise<string> => {
  let current = await browser.go(url, [origin])
  for (let count = 0; count < 6; count++) {
    const next = await handleScreen(screens, new URL(current).searchParams, person)
    if (next === undefined) return current
    current = await browser.go(next, [origin])
  }
  throw new Error("expected at most 6 screens")
}

/** Returns the next URL, or `undefined` if the query names no screen. */
const handleScreen = async (screens: Screens, query: URLSearchParams, person: Person): Promise<string | undefined> => {
  const login = query.get("login_challenge")
  if (login !== null) {
    const accepted = await screens.acceptLogin({
      challenge: login,
      subject: person.subject,
      remember: true,
      rememberFor: "1 hour",
    })
    return accepted.redirectTo
  }
  const consent = query.get("consent_challenge")
  if (consent !== null) return decideConsent(screens, consent, person)
  const logout = query.get("logout_challenge")
  return logout === null ? undefined : (await screens.acceptLogout(logout)).redirectTo
}

const decideConsent = async (screens: Screens, challenge: string, person: Person): Promise<string> => {
  if (person.refuses)
    return (await screens.rejectConsent({ challenge, error: "access_denied", statusCode: 403 })).redirectTo
  const request = await screens.getConsent(challenge)
  if (request.handled) return request.redirectTo
  const consent = { challenge, grantScopes: request.requestedScopes, session: { idToken: person.claims } }
  return (await screens.acceptConsent(consent)).redirectTo
}
