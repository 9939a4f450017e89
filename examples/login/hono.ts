/** A Hono app in which users log in. */
import { type Context, Hono } from "hono"
import { webCookies } from "iron-session"
import type { AnyAuth } from "latchkey"
import { makeLogins, type Settings } from "./logins.ts"
import { accountPage, errorPage, homePage, pageHeaders } from "./pages.ts"
import { refuseForged } from "./refused.ts"
import { beginLogin, completeLogin, endSession, userOf } from "./sessions.ts"

// The headers, not the response: the library asks a response whether its body is used, and the response of
// `@hono/node-server` ignores later changes of its headers then.
const cookies = (context: Context) => webCookies(context.req.raw, context.res.headers)

/** @param auth `createAuth(fromEnv(process.env))` */
export const loginApp = (auth: AnyAuth, settings: Settings): Hono => {
  const logins = makeLogins(auth, settings)
  const app = new Hono()

  app.use(async (context, next) => {
    refuseForged(logins.origin, context.req.method, (name) => context.req.header(name))
    for (const [name, value] of Object.entries(pageHeaders)) context.header(name, value)
    await next()
  })

  app.get("/", (context) => context.html(homePage(context.req.query("returnTo"))))

  app.get("/login", async (context) =>
    context.redirect(await beginLogin(logins, cookies(context), context.req.query("returnTo")), 303),
  )

  app.get(logins.pathname, async (context) => {
    const { search } = new URL(context.req.url)
    return context.redirect(await completeLogin(logins, cookies(context), search), 303)
  })

  app.get("/account", async (context) => {
    const user = await userOf(logins, cookies(context))
    return user === undefined ? context.redirect("/?returnTo=/account", 303) : context.html(accountPage(user))
  })

  app.post("/logout", async (context) => context.redirect(await endSession(logins, cookies(context)), 303))

  app.onError((error, context) => {
    const { status, headers, html } = errorPage(error)
    return context.html(html, status, headers)
  })
  return app
}
