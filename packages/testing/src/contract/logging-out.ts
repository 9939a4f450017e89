/** Ending a user's session. */
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const loggingOut = ({ auth, sentence, server, browser, refuses, hinted }: Suite): void => {
  sentence(
    ["session.end", "authorize", "exchange"],
    "logging out leads back to where the client asked, with its state",
    async () => {
      const { granting } = server().users
      const { url, transaction } = await auth().authorize({ ...hinted(granting), scopes: server().userScopes })
      const same = browser()
      const { idToken = "" } = await auth().exchange(await server().visit(same, url, granting), transaction)
      const returnTo = server().clients.basic.postLogoutRedirectUri
      const state = refuses("session.end.state") ? undefined : "after-logout"
      const end = await auth().session.end({
        returnTo,
        ...(!refuses("session.end.idTokenHint") && { idTokenHint: idToken }),
        ...(state && { state }),
      })
      const left = new URL(await server().visit(same, end.url, granting))
      expect(`${left.origin}${left.pathname}`).toBe(returnTo)
      expect(left.searchParams.get("state")).toBe(state ?? null)
    },
  )
}
