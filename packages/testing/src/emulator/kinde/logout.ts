import type { Exchange, Reply } from "../http-server.ts"
import { allowsRedirect } from "./redirect-match.ts"
import { page, redirectTo } from "./replies.ts"
import { endSession } from "./sessions.ts"
import type { Kinde } from "./state.ts"

/** GET /logout. The parameter `redirect` must be an allowed logout URL of an application. */
export const logout = (exchange: Exchange, kinde: Kinde): Reply => {
  const redirect = exchange.query.get("redirect") ?? ""
  const allowed = [...kinde.applications.values()].flatMap((application) => application.logoutUris)
  if (redirect !== "" && !allowsRedirect(allowed, redirect)) {
    return page(400, "Error", "Invalid logout URL: it is not among the allowed logout redirect URLs")
  }
  const cookie = endSession(kinde, exchange, exchange.query.get("all_sessions") === "true")
  if (redirect !== "") return redirectTo(redirect, [cookie])
  const done = page(200, "Signed out", "You are signed out")
  return { ...done, headers: { ...done.headers, "set-cookie": [cookie] } }
}
