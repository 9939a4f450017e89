/** The pages of the login, as plain HTML that needs no script. */
import { AuthError, type User } from "latchkey"
import { Refused } from "./refused.ts"

/** The headers of every page. `no-store`: the back button shows no page of a session that has ended. */
export const pageHeaders = {
  "cache-control": "no-store",
  // Without `form-action`: Chromium applies it to the redirect from the logout to the vendor too.
  "content-security-policy": "default-src 'none'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (title: string, ...content: ReadonlyArray<string>): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1>${content.join("\n")}</main></body></html>`

const loginLink = (returnTo = "/account"): string =>
  `<p><a href="/login?${new URLSearchParams({ returnTo })}">Log in</a></p>`

/** The page for users who are not logged in. `returnTo`: where to continue after a login. */
export const homePage = (returnTo?: string): string =>
  page("Welcome", "<p>You can read your account after a login.</p>", loginLink(returnTo))

/** The page for the user. */
export const accountPage = ({ subject, email }: User): string =>
  page(
    "Your account",
    `<p>You are logged in as ${escapeHtml(email ?? subject)}.</p>`,
    `<form method="post" action="/logout"><button type="submit">Log out</button></form>`,
  )

/** A page about an error: its status, and what the user can do. */
export interface ErrorPage {
  readonly status: 400 | 403 | 500 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly html: string
}

type Problem = readonly [status: ErrorPage["status"], title: string, text: string]

const refusals: Readonly<Record<Refused["why"], Problem>> = {
  forged: [403, "Not allowed", "Another site sent this request. Nothing was changed."],
  "return-to": [400, "Wrong address", "The login can continue only at an address of this site."],
  "no-login": [400, "Login expired", "This login took too long, or another tab or browser began it. Log in again."],
}

const problemOf = (error: unknown): Problem => {
  if (error instanceof Refused) return refusals[error.why]
  const reason = error instanceof AuthError ? error.reason._tag : undefined
  if (reason === "AccessDenied") return [403, "Login denied", "You did not allow the login. Nothing was changed."]
  if (reason === "InvalidCallback" || reason === "InvalidGrant" || reason === "InteractionRequired")
    return refusals["no-login"]
  if (reason === "Unavailable" || reason === "RateLimited")
    return [503, "Login unavailable", "The login service does not respond. You stay logged in. Try again in a moment."]
  return [500, "Error", "Something went wrong here. We have been told."]
}

/** Describes an error to the user. The page contains no text of the error or of the vendor. */
export const errorPage = (error: unknown): ErrorPage => {
  const [status, title, text] = problemOf(error)
  const after = (error instanceof AuthError ? error.retryAfterSeconds : undefined) ?? 5
  if (status === 500) console.error(error)
  return {
    status,
    headers: { ...pageHeaders, ...(status === 503 && { "retry-after": String(after) }) },
    html: page(title, `<p>${text}</p>`, loginLink()),
  }
}
