/** The login of openid-client's example for Passport. */
import express from "express"
import session from "express-session"
import { allowInsecureRequests, discovery } from "openid-client"
import { Strategy } from "openid-client/passport"
import passport from "passport"
import { type MakeLogin, password } from "./make-login.ts"
import { clientId, clientSecret } from "./vendor.ts"

export const passportLogin: MakeLogin = async ({ vendor, origin }) => {
  const config = await discovery(new URL(vendor), clientId, clientSecret, undefined, {
    execute: [allowInsecureRequests],
  })
  const authenticator = new passport.Passport()
  const options = { name: "vendor", config, scope: "openid email", callbackURL: `${origin}/callback` }
  authenticator.use(new Strategy(options, (tokens, verified) => verified(null, tokens.claims())))
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const app = express()
  app.use(session({ secret: password, resave: true, saveUninitialized: false }))
  app.use(authenticator.authenticate("session"))
  app.get("/login", authenticator.authenticate("vendor"))
  app.get("/callback", authenticator.authenticate("vendor", { successRedirect: "/account" }))
  app.get("/account", (request, response) => {
    if (request.user === undefined) response.sendStatus(401)
    else response.send(request.user)
  })
  return { app }
}
