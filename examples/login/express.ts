/** An Express app in which users log in. */
import express, { type ErrorRequestHandler, type Express } from "express"
import { nodeCookies } from "iron-session"
import type { AnyAuth } from "latchkey"
import { makeLogins, type Settings } from "./logins.ts"
import { accountPage, errorPage, homePage, pageHeaders } from "./pages.ts"
import { refuseForged } from "./refused.ts"
import { beginLogin, completeLogin, endSession, userOf } from "./sessions.ts"

/** @param auth `createAuth(fromEnv(process.env))` */
export const loginApp = (auth: AnyAuth, settings: Settings): Express => {
  const logins = makeLogins(auth, settings)
  const app = express()
  app.disable("x-powered-by")

  app.use((request, response, next) => {
    refuseForged(logins.origin, request.method, (name) => request.get(name))
    response.set(pageHeaders)
    next()
  })

  app.get("/", (request, response) => {
    response.send(homePage(textOf(request.query.returnTo)))
  })

  app.get("/login", async (request, response) => {
    const url = await beginLogin(logins, nodeCookies(request, response), textOf(request.query.returnTo))
    response.redirect(303, url)
  })

  app.get(logins.pathname, async (request, response) => {
    const { search } = new URL(request.originalUrl, logins.origin)
    response.redirect(303, await completeLogin(logins, nodeCookies(request, response), search))
  })

  app.get("/account", async (request, response) => {
    const user = await userOf(logins, nodeCookies(request, response))
    if (user === undefined) response.redirect(303, "/?returnTo=/account")
    else response.send(accountPage(user))
  })

  app.post("/logout", async (request, response) => {
    response.redirect(303, await endSession(logins, nodeCookies(request, response)))
  })

  const answerError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    const { status, headers, html } = errorPage(error)
    response.status(status).set(headers).send(html)
  }
  app.use(answerError)
  return app
}

/** A query parameter with several values is a list. */
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
