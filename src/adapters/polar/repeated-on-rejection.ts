/** UserInfo for a token that Polar has just issued: Polar commits a new token after it has sent the response. */
import * as Effect from "effect/Effect"
import type { Raw } from "../oidc/definition.ts"

/** When the second request is sent, in milliseconds after the rejection of the first. */
const repeatAfter = 90

/**
 * Sends a second UserInfo request if Polar rejects the token. The first may have arrived before Polar committed the token.
 * A provider keeps no list of new tokens: the token may have been issued to another process.
 */
export const repeatedOnRejection =
  (userInfo: Raw<"userInfo">): Raw<"userInfo"> =>
  (accessToken, options) =>
    Effect.catch(userInfo(accessToken, options), (reason) =>
      reason._tag === "InvalidToken" && reason.check === "rejected"
        ? Effect.delay(userInfo(accessToken, options), repeatAfter)
        : Effect.fail(reason),
    )
