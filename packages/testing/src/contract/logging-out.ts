/** Logging a user out (OpenID Connect RP-Initiated Logout). */
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const loggingOut = ({ auth, sentence, server, newBrowser, isUnsupported, loginHintOf }: Suite): void => {
  sentence(
    ["session.end", "authorize", "exchange"],
    "a logout redirects to the requested URL, with the state",
    async () => {
      const { granting } = server().users
      const { url, transaction } = await auth().authorize({ ...loginHintOf(granting), scopes: server().userScopes })
      const browser = newBrowser()
      const { idToken = "" } = await auth().exchange(await server().visit(browser, url, granting), transaction)
      const returnTo = server().clients.basic.postLogoutRedirectUri
      const state = isUnsupported("session.end.state") ? undefined : "after-logout"
      const end = await auth().session.end({ returnTo, idTokenHint: idToken, ...(state && { state }) })
      const returnUrl = new URL(await server().visit(browser, end.url, granting))
      expect(`${returnUrl.origin}${returnUrl.pathname}`).toBe(returnTo)
      expect(returnUrl.searchParams.get("state")).toBe(state ?? null)
    },
  )
}
