/** The login of Better Auth's documentation of its generic OAuth plugin. */
import express from "express"
import type { BetterAuth } from "../better-auth.ts"
import { type MakeLogin, password } from "./make-login.ts"
import { clientId, clientSecret } from "./vendor.ts"

export const betterAuthLogin =
  ({ betterAuth, fromNodeHeaders, genericOAuth, memoryAdapter, toNodeHandler }: BetterAuth): MakeLogin =>
  ({ vendor, origin }) => {
    const discoveryUrl = `${vendor}/.well-known/openid-configuration`
    const auth = betterAuth({
      baseURL: origin,
      secret: password,
      database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
      plugins: [
        genericOAuth({
          config: [{ providerId: "vendor", discoveryUrl, clientId, clientSecret, scopes: ["openid", "email"] }],
        }),
      ],
      logger: { disabled: true },
      telemetry: { enabled: false },
    })
    const app = express()
    app.all("/api/auth/*splat", toNodeHandler(auth))
    app.get("/login", async (_, response) => {
      const body = { provider: "vendor", callbackURL: "/account" }
      const started = await auth.api.signInSocial({ body, returnHeaders: true })
      response.append("set-cookie", started.headers.getSetCookie()).redirect(started.response.url)
    })
    app.get("/account", async (request, response) => {
      const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })
      if (session === null) response.sendStatus(401)
      else response.send(session.user.email)
    })
    return { app }
  }
