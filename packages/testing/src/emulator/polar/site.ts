import { type Form, scopesText } from "../html.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { refusingUser } from "../oidc/refusing-user.ts"
import { type AuthorizeOutcome, authorizeOutcome } from "./authorize.ts"
import { sessionUser } from "./caller.ts"
import { ErrorResponse } from "./errors.ts"
import { organizationsOf } from "./organizations.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { errorPage, redirect, sitePage } from "./replies.ts"
import type { Polar, User } from "./state.ts"

/**
 * Makes the function that responds to requests to the web site, which has its own origin.
 *
 * The login requires no input of a user, the consent one press of a button.
 */
export const siteOf = (polar: Polar) => {
  const pages: Readonly<Record<string, (exchange: Exchange) => Reply>> = {
    "/oauth2/authorize": (exchange) => authorizePage(polar, exchange),
    "/auth": (exchange) => loginPage(polar, exchange),
  }
  return (exchange: Exchange): Reply => {
    const show = exchange.method === "GET" ? pages[exchange.path] : undefined
    return show?.(exchange) ?? errorPage(404, "This page could not be found.")
  }
}

const outcomeOf = (polar: Polar, query: URLSearchParams, user: User | undefined): AuthorizeOutcome | Reply => {
  try {
    return authorizeOutcome(polar, query, user)
  } catch (error) {
    if (!(error instanceof ErrorResponse)) throw error
    return error.reply.status === 302 ? error.reply : errorPage(error.reply.status, error.reply.body ?? "")
  }
}

const authorizePage = (polar: Polar, exchange: Exchange): Reply => {
  const { query } = exchange
  const user = sessionUser(polar, exchange)
  const isDenied = query.get("login_hint") === refusingUser
  // This precedes `outcomeOf`, which issues a code if the consent is remembered.
  if (isDenied && user !== undefined) return consentPage(polar, query, { buttons: [deny] })
  const outcome = outcomeOf(polar, query, user)
  if ("status" in outcome) return outcome
  if (user === undefined || outcome.kind === "login") {
    // After the login the browser returns to the same request, without `prompt=login`.
    const returnTo = new URLSearchParams([...query].filter(([name, value]) => name !== "prompt" || value !== "login"))
    return redirect(`/auth?${new URLSearchParams({ return_to: `${exchange.path}?${returnTo}` })}`)
  }
  if (outcome.kind === "done") return redirect(outcome.location)
  return consentPage(polar, query, { hidden: choiceOf(polar, query, outcome, user), buttons: [allow, deny] })
}

const allow = { label: "Allow", field: ["action", "allow"] } as const
const deny = { label: "Deny", field: ["action", "deny"] } as const

const consentPage = (polar: Polar, query: URLSearchParams, form: Pick<Form, "hidden" | "buttons">): Reply => {
  const name = polar.clients.get(query.get("client_id") ?? "")?.metadata.client_name ?? query.get("client_id")
  return sitePage(200, {
    title: "Authorize an application",
    text: `${name} asks for ${scopesText((query.get("scope") ?? "").split(" ").filter(Boolean))}.`,
    form: { action: `${polar.apiUrl}/v1/oauth2/consent?${query}`, ...form },
  })
}

/** Chooses the user's first organization if the request requires one and contains none. */
const choiceOf = (
  polar: Polar,
  query: URLSearchParams,
  outcome: AuthorizeOutcome,
  user: User,
): ReadonlyArray<readonly [string, string]> => {
  const requiresOne = outcome.kind === "consent" && outcome.request.subjectType === "organization"
  if (!requiresOne || query.has("organizations")) return []
  const [first] = organizationsOf(polar, user)
  return first === undefined ? [] : [["organizations", first.id]]
}

const userFor = (polar: Polar, hint: string | null): User | undefined => {
  const users = [...polar.users.values()]
  return users.find((user) => user.id === hint || user.email === hint) ?? users[0]
}

const loginPage = (polar: Polar, { query }: Exchange): Reply => {
  const returnTo = query.get("return_to") ?? "/"
  const hint = URL.parse(returnTo, polar.pageUrl)?.searchParams.get("login_hint") ?? null
  const user = userFor(polar, hint)
  // A `return_to` on another site is rejected.
  if (user === undefined || !/^\/(?!\/)/.test(returnTo))
    return errorPage(400, "No user to log in, or an invalid return_to.")
  const token = randomToken(prefixes.session)
  polar.sessions.set(token, { userId: user.id, expiresAt: polar.now() + polar.lifespans.session * 1000 })
  const attributes = `Path=/; Max-Age=${polar.lifespans.session}; HttpOnly; SameSite=Lax`
  return redirect(returnTo, { "set-cookie": `${polar.sessionCookie}=${token}; ${attributes}` })
}
