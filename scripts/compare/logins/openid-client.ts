/** The login of openid-client's README, with the sessions of express-session's README. */
import { promisify } from "node:util"
import express from "express"
import session from "express-session"
import * as client from "openid-client"
import { type MakeLogin, password } from "./make-login.ts"
import { clientId, clientSecret } from "./vendor.ts"

declare module "express-session" {
  interface SessionData {
    readonly verifier: string
    readonly user: string
  }
}

export const openidClientLogin: MakeLogin = async ({ vendor, origin }) => {
  const config = await client.discovery(new URL(vendor), clientId, clientSecret, undefined, {
    execute: [client.allowInsecureRequests],
  })
  const app = express()
  app.use(session({ secret: password, resave: false, saveUninitialized: false }))
  // The README sends `state` only to a vendor without PKCE.
  app.get("/login", async (request, response) => {
    const verifier = client.randomPKCECodeVerifier()
    Object.assign(request.session, { verifier })
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${origin}/callback`,
      scope: "openid email",
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    })
    response.redirect(url.href)
  })
  app.get("/callback", async (request, response) => {
    const { verifier } = request.session
    if (verifier === undefined) return void response.sendStatus(400)
    const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, origin), {
      pkceCodeVerifier: verifier,
    })
    await promisify(request.session.regenerate.bind(request.session))()
    Object.assign(request.session, { user: tokens.claims()?.sub })
    response.redirect("/account")
  })
  app.get("/account", (request, response) => {
    const { user } = request.session
    if (user === undefined) response.sendStatus(401)
    else response.send(user)
  })
  return { app }
}
