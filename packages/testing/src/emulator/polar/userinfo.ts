import type { Exchange, Reply } from "../http-server.ts"
import { bearerOf, type Caller } from "./caller.ts"
import { claimsOf } from "./claims.ts"
import { invalidToken, unauthorized } from "./errors.ts"
import { json } from "./replies.ts"
import type { Polar } from "./state.ts"

/** GET and POST /v1/oauth2/userinfo: requires an access token that OAuth issued, and no scope. */
export const userInfo = (exchange: Exchange, polar: Polar, caller: Caller): Reply => {
  // A registration access token is a bearer token too, but of another kind.
  if (caller.kind === "api" || (caller.kind !== "oauth" && bearerOf(exchange) !== undefined)) throw invalidToken()
  if (caller.kind !== "oauth") throw unauthorized()
  return json(200, claimsOf(polar, caller.pair))
}
