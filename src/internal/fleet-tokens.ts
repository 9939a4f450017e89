/** Access tokens of the client itself, which the processes of a fleet request once for all of them. */
import * as Effect from "effect/Effect"
import type { Fleet } from "../ports/fleet.ts"
import { fetchThroughFleet, longWait, requestLock, shortWait } from "./fleet-fetch.ts"

/** The place of the tokens of one client in the fleet. */
export interface FleetPlace {
  readonly fleet: Fleet
  /** Names the server, the credentials and the purpose: the same text in every process, and in no other client's. */
  readonly name: () => Promise<string>
  /** Returns a hash. */
  readonly hash: (text: string) => string | Promise<string>
}

/** How tokens are read and written. Times in milliseconds since 1970. */
export interface TokenText<A> {
  readonly accessTokenOf: (token: A) => string
  /** `undefined`: a token of unknown lifetime, which is not shared. */
  readonly refreshAtOf: (token: A, requestedAt: number) => number | undefined
  readonly textOf: (token: A, requestedAt: number) => string
  readonly read: (text: string, requestedAt: number) => A | undefined
}

export interface FleetTokens<A> {
  /**
   * Returns the token of another process until its refresh is due, or requests a token for all processes.
   *
   * @param isAwaited whether a caller waits for the token, because the process has no other one
   * @param isAlone whether the request is for one caller only, so that no other process waits for it
   */
  readonly fetch: <E>(
    key: string,
    request: Effect.Effect<A, E>,
    waiting: { readonly isAwaited: boolean; readonly isAlone?: boolean },
  ) => Effect.Effect<A, E>
  /** Drops a token for every process. */
  readonly end: (accessToken: string) => Effect.Effect<void>
  /** Drops all tokens for every process. */
  readonly endAll: Effect.Effect<void>
  /** Calls a listener when another process has dropped tokens. */
  readonly onEnd: (listener: (hasEnded: (accessToken: string) => Promise<boolean>) => void) => void
}

/** Makes the sharing of the tokens in one place. */
export const fleetTokens = <A>({ fleet, name, hash }: FleetPlace, token: TokenText<A>): FleetTokens<A> => {
  const end = (accessToken?: string) =>
    Effect.promise(async () => {
      const server = await name()
      await fleet.end({ server, ...(accessToken !== undefined && { token: await hash(accessToken) }) })
    })
  return {
    fetch: (key, request, { isAwaited, isAlone = false }) =>
      fetchThroughFleet(
        {
          fleet,
          key: async () => `${await name()}\n${key}`,
          // The entry ends when the token is due for a refresh.
          maxAge: Number.MAX_SAFE_INTEGER,
          waitFor: isAwaited ? shortWait : longWait,
          lockFor: isAlone ? 0 : requestLock,
          read: (text, age, now) => {
            const found = token.read(text, now - age)
            // An attacker who can write to the store can put an old entry back.
            return found !== undefined && (token.refreshAtOf(found, now - age) ?? 0) > now ? found : undefined
          },
          write: async (result, startedAt, now) => {
            const refreshAt = token.refreshAtOf(result, startedAt)
            if (refreshAt === undefined) return undefined
            return {
              text: token.textOf(result, startedAt),
              lifetime: refreshAt - now,
              parties: { server: await name(), token: await hash(token.accessTokenOf(result)) },
            }
          },
        },
        request,
      ),
    end,
    endAll: end(),
    onEnd: (listener) =>
      void fleet.onEnd(async (ended) => {
        if (ended === "unknown" || ended.server !== (await name())) return
        listener(async (accessToken) => ended.token === undefined || ended.token === (await hash(accessToken)))
      }),
  }
}
