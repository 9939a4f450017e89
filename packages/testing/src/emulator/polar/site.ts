import type { Exchange, Reply } from "../http-server.ts"
import { refusingUser } from "../oidc.ts"
import { type AuthorizeOutcome, authorizeOutcome } from "./authorize.ts"
import { sessionUser } from "./caller.ts"
import { organizationsOf } from "./organizations.ts"
import { prefixes, randomToken } from "./random-token.ts"
import { Refusal } from "./refusal.ts"
import { errorPage, formPage, redirect } from "./replies.ts"
import type { Polar, User } from "./state.ts"

/** The web site, which has an origin of its own: the authorize page and the login page. Nobody sits before it. */
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
    if (!(error instanceof Refusal)) throw error
    return error.reply.status === 302 ? error.reply : errorPage(error.reply.status, error.reply.body ?? "")
  }
}

const authorizePage = (polar: Polar, exchange: Exchange): Reply => {
  const { query } = exchange
  const user = sessionUser(polar, exchange)
  const refuses = query.get("login_hint") === refusingUser
  const action = `${polar.apiUrl}/v1/oauth2/consent?${query}`
  // Before anything else: with a consent that is remembered, asking for the outcome makes a code.
  if (refuses && user !== undefined) return formPage(action, [["action", "deny"]])
  const outcome = outcomeOf(polar, query, user)
  if ("status" in outcome) return outcome
  if (user === undefined || outcome.kind === "login") {
    // Whoever logs in comes back to the same request, less the wish to log in.
    const back = new URLSearchParams([...query].filter(([name, value]) => name !== "prompt" || value !== "login"))
    return redirect(`/auth?${new URLSearchParams({ return_to: `${exchange.path}?${back}` })}`)
  }
  if (outcome.kind === "done") return redirect(outcome.location)
  return formPage(action, [["action", "allow"], ...choiceOf(polar, query, outcome, user)])
}

/** Where one organization has to be chosen and the request names none, the first is. */
const choiceOf = (
  polar: Polar,
  query: URLSearchParams,
  outcome: AuthorizeOutcome,
  user: User,
): ReadonlyArray<readonly [string, string]> => {
  const single = outcome.kind === "consent" && outcome.request.subjectType === "organization"
  if (!single || query.has("organizations")) return []
  const [first] = organizationsOf(polar, user)
  return first === undefined ? [] : [["organizations", first.id]]
}

const userFor = (polar: Polar, hint: string | null): User | undefined => {
  const users = [...polar.users.values()]
  return users.find((user) => user.id === hint || user.email === hint) ?? users[0]
}

const loginPage = (polar: Polar, { query }: Exchange): Reply => {
  const back = query.get("return_to") ?? "/"
  const hint = URL.parse(back, polar.pageUrl)?.searchParams.get("login_hint") ?? null
  const user = userFor(polar, hint)
  // No other site is a place to come back to.
  if (user === undefined || !/^\/(?!\/)/.test(back)) return errorPage(400, "There is nobody to log in.")
  const token = randomToken(prefixes.session)
  polar.sessions.set(token, { userId: user.id, expiresAt: polar.now() + polar.lifespans.session * 1000 })
  const attributes = `Path=/; Max-Age=${polar.lifespans.session}; HttpOnly; SameSite=Lax`
  return redirect(back, { "set-cookie": `${polar.sessionCookie}=${token}; ${attributes}` })
}
