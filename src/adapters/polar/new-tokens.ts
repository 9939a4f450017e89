/** UserInfo for a token that Polar has just issued: Polar commits a new token after it has sent the response. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Raw, Raws } from "../oidc/definition.ts"
import { tokenHash } from "../oidc/token-hash.ts"

/** When the second request is sent, in milliseconds after the rejection of the first. */
const repeatAfter = 90

/** How long a token counts as new, in milliseconds, and how many are remembered. */
const newFor = 5_000
const maxTokens = 1_000

type Operations = Raws<"exchange" | "refresh" | "userInfo">

/**
 * Sends a second UserInfo request if Polar rejects a token that this provider has just received. The first may have
 * arrived before Polar committed the token. A token of a stranger costs one request, because it is not remembered.
 */
export const withNewTokens = ({ exchange, refresh, userInfo }: Operations): Operations => {
  const { remember, isNew } = newTokens()
  const remembering = (call: ReturnType<typeof refresh>) =>
    Effect.tap(call, ({ accessToken }) => Effect.map(Clock.currentTimeMillis, (now) => remember(accessToken, now)))
  const repeated: Raw<"userInfo"> = (accessToken, options) =>
    Effect.catch(userInfo(accessToken, options), (reason) =>
      reason._tag === "InvalidToken" && reason.check === "rejected" && options?.retry !== false
        ? Effect.flatMap(Clock.currentTimeMillis, (now) =>
            isNew(accessToken, now)
              ? Effect.delay(userInfo(accessToken, options), repeatAfter)
              : Effect.fail<typeof reason>(reason),
          )
        : Effect.fail(reason),
    )
  return {
    exchange: (...args) => remembering(exchange(...args)) as ReturnType<typeof exchange>,
    refresh: (...args) => remembering(refresh(...args)),
    userInfo: repeated,
  }
}

/** The hashes of the last tokens, oldest first, each with the time when it is no longer new. */
const newTokens = () => {
  const ends = new Map<string, number>()
  return {
    remember: (token: string, now: number): void => {
      for (const [oldest, end] of ends) {
        if (now < end && ends.size < maxTokens) break
        ends.delete(oldest)
      }
      ends.set(tokenHash(token), now + newFor)
    },
    isNew: (token: string, now: number): boolean => now < (ends.get(tokenHash(token)) ?? 0),
  }
}
