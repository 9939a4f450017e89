/** The login, consent, logout and device pages of an application, for a vendor that has none of its own. */
import type { AnyAuth } from "latchkey"
import { pageOf, type Respond } from "./application.ts"

type Consent = AnyAuth["consent"]
type Decide = (challenge: string, form: URLSearchParams | undefined) => Promise<string | { readonly to: string }>

const password = "correct"
const denied = { error: "access_denied", errorDescription: "the user refused", statusCode: 403 }

const signIn = (text: string) =>
  pageOf("Sign in", text, {
    fields: [
      ["User", "user"],
      ["Password", "password"],
    ],
    buttons: ["Sign in", "Deny"],
  })

const login =
  (consent: Consent): Decide =>
  async (challenge, form) => {
    const request = await consent.getLogin(challenge)
    if (request.handled) return { to: request.redirectTo }
    const remember = { remember: true, rememberFor: "1 hour" } as const
    if (request.skip) {
      const { redirectTo } = await consent.acceptLogin({ challenge, subject: request.subject ?? "", ...remember })
      return { to: redirectTo }
    }
    if (form === undefined) return signIn(`Sign in to ${request.client.name}.`)
    if (form.get("action") === "Deny") return { to: (await consent.rejectLogin({ challenge, ...denied })).redirectTo }
    if (form.get("password") !== password) return signIn("The password is wrong.")
    const accepted = await consent.acceptLogin({ challenge, subject: form.get("user") ?? "", ...remember })
    return { to: accepted.redirectTo }
  }

const agree =
  (consent: Consent): Decide =>
  async (challenge, form) => {
    const request = await consent.getConsent(challenge)
    if (request.handled) return { to: request.redirectTo }
    const scopes = request.requestedScopes
    if (form === undefined) return pageOf("Agree", `Allow ${scopes.join(", ")}?`, { buttons: ["Allow", "Deny"] })
    if (form.get("action") === "Deny") return { to: (await consent.rejectConsent({ challenge, ...denied })).redirectTo }
    return { to: (await consent.acceptConsent({ challenge, grantScopes: scopes })).redirectTo }
  }

const signOut =
  (consent: Consent): Decide =>
  async (challenge, form) => {
    const request = await consent.getLogout(challenge)
    if (request.handled) return { to: request.redirectTo }
    if (form === undefined) return pageOf("Sign out", `Sign ${request.subject} out?`, { buttons: ["Sign out", "Stay"] })
    if (form.get("action") === "Sign out") return { to: (await consent.acceptLogout(challenge)).redirectTo }
    await consent.rejectLogout(challenge)
    return pageOf("Still signed in")
  }

/** Accepts a user code, for which latchkey has no operation. */
const device =
  (adminUrl: () => string): Decide =>
  async (challenge, form) => {
    const ask = (text: string) => pageOf("Device", text, { fields: [["Code", "user_code"]], buttons: ["Continue"] })
    if (form === undefined) return ask("Enter the code.")
    const query = new URLSearchParams({ device_challenge: challenge })
    const response = await fetch(`${adminUrl()}/admin/oauth2/auth/requests/device/accept?${query}`, {
      method: "PUT",
      body: JSON.stringify({ user_code: form.get("user_code") }),
    })
    if (!response.ok) return ask("The code is wrong.")
    const { redirect_to } = (await response.json()) as { readonly redirect_to: string }
    return { to: redirect_to }
  }

/** The pages at `/login`, `/consent`, `/logout` and `/device`. The password of every user is "correct". */
export const loginPages = (consent: () => Consent, adminUrl: () => string): Respond => {
  const pages: Readonly<Record<string, (url: URL, form: URLSearchParams | undefined) => ReturnType<Decide>>> = {
    "/login": (url, form) => login(consent())(url.searchParams.get("login_challenge") ?? "", form),
    "/consent": (url, form) => agree(consent())(url.searchParams.get("consent_challenge") ?? "", form),
    "/logout": (url, form) => signOut(consent())(url.searchParams.get("logout_challenge") ?? "", form),
    "/device": (url, form) => device(adminUrl)(url.searchParams.get("device_challenge") ?? "", form),
  }
  return async (url, form) => (await pages[url.pathname]?.(url, form)) ?? pageOf(url.pathname)
}
