/** The login example on loopback, in Express or Hono, with what the tests observe. */
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import * as Effect from "effect/Effect"
import { type AnyAuth, createAuth, fromEnv, type Transport } from "latchkey"
import { loginApp as expressApp } from "../../../examples/login/express.ts"
import { loginApp as honoApp } from "../../../examples/login/hono.ts"
import type { Session, Settings } from "../../../examples/login/logins.ts"
import type { LoginVendor, StartLoginVendor } from "./vendor.ts"

const frameworks: Readonly<Record<string, (auth: AnyAuth, settings: Settings) => RequestListener>> = {
  Express: (auth, settings) => expressApp(auth, settings),
  Hono: (auth, settings) => getRequestListener(honoApp(auth, settings).fetch),
}

export const frameworkNames = Object.keys(frameworks)

export interface RunningApp extends AsyncDisposable {
  readonly url: string
  readonly home: string
  readonly vendor: LoginVendor
  readonly auth: AnyAuth
  readonly sessions: Map<string, Session>
  /** The number of requests to the vendor that refresh a token. */
  readonly refreshes: () => number
  /** Holds requests that refresh a token until the session has been read so many times more. */
  readonly holdRefreshes: (reads: number) => void
}

/** A map of sessions that tells when it is read. */
const observedSessions = () => {
  const sessions = new Map<string, Session>()
  let [left, release] = [0, () => {}]
  const get = (id: string): Session | undefined => {
    left -= 1
    // The reader continues first, and calls `refresh`.
    if (left === 0) setImmediate(release)
    return Map.prototype.get.call(sessions, id)
  }
  const readTimes = (count: number): Promise<void> =>
    new Promise((resolve) => {
      ;[left, release] = [count, resolve]
    })
  return { sessions: Object.assign(sessions, { get }), readTimes }
}

/** Starts the example with a vendor that the environment names. */
export const startApp = async (framework: string, start: StartLoginVendor): Promise<RunningApp> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [redirectUri, home] = [`${url}/callback`, `${url}/`]
  const vendor = await start({ redirectUri, home })
  const { sessions, readTimes } = observedSessions()
  let [refreshes, held]: [number, Promise<void>] = [0, Promise.resolve()]
  const transport = (inner: Transport): Transport => ({
    send: (request) => {
      if (!request.body?.includes("grant_type=refresh_token")) return inner.send(request)
      refreshes += 1
      return Effect.andThen(
        Effect.promise(() => held),
        inner.send(request),
      )
    },
  })
  const auth = createAuth(fromEnv(vendor.env, { transport }))
  const password = "a password of the tests, of more than 32 characters"
  server.on("request", frameworks[framework]?.(auth, { redirectUri, password, sessions }) ?? (() => {}))
  return {
    ...{ url, home, vendor, auth, sessions },
    refreshes: () => refreshes,
    holdRefreshes: (reads) => {
      held = readTimes(reads)
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await auth.close()
      await vendor[Symbol.asyncDispose]()
    },
  }
}
