/** Clients of latchkey that stand for processes: each has a connection, a cache and a key of its own. */
import * as Effect from "effect/Effect"
import { createAuth, type LogEvent } from "latchkey"
import { oidc } from "latchkey/oidc"
import { settings, tokenOf, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { openFleet } from "./clients.ts"

type Changes = Partial<Parameters<typeof oidc>[0]>

/** A token names its subject, client, and perhaps session: `subject/client/number/session`. One without `/` names none. */
const stateOf = (token: string) => {
  const [sub, client_id, , sid] = token.includes("/") ? token.split("/") : []
  return {
    ...(sub && { sub }),
    ...(client_id && { client_id }),
    ...(sid && { sid }),
    exp: Math.floor(Date.now() / 1000) + 3600,
  }
}

/** A vendor at which a token is active unless it is in `ended`; it answers after `delay` milliseconds. */
export const makeVendor = (ended: ReadonlySet<string> = new Set(), delay = 0): Vendor =>
  vendor((request) => {
    if (!request.url.endsWith("/introspect")) return Effect.succeed({ status: 200, headers: {}, body: "{}" })
    const token = tokenOf(request)
    const response = ended.has(token)
      ? { active: false }
      : { active: true, token_use: "access_token", ...stateOf(token) }
    return Effect.delay(Effect.succeed(json(response)), delay)
  })

/** Starts a process. A patient deadline: the tests of deadlines have their own. */
export const startProcess = async (
  port: number,
  transport: Vendor,
  changes: Changes = {},
  fleetOptions: Parameters<typeof openFleet>[2] = { deadline: "1 second" },
) => {
  const fleet = await openFleet(port, "redis", fleetOptions)
  const events: Array<LogEvent> = []
  const log = (event: LogEvent) => void events.push(event)
  const auth = createAuth(oidc({ ...settings, log, ...changes }, { transport, fleet }))
  // The subscription exists when its first report has come.
  await new Promise<void>((resolve) => {
    const end = fleet.onEnd(() => {
      end()
      resolve()
    })
    setTimeout(resolve, 200)
  })
  const close = async () => {
    await auth.close()
    await fleet.close()
  }
  return { auth, fleet, events, close, [Symbol.asyncDispose]: close }
}

export type Process = Awaited<ReturnType<typeof startProcess>>
