/** What every attack uses: a vendor, latchkey before it, and calls at a steady rate. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"

/** One row of the table. */
export interface Row {
  readonly attack: string
  readonly found: string
  readonly wanted: string
  readonly ok: boolean
}

export interface VendorProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Sends a message, and resolves with the answer. */
  readonly tell: (message: "stop" | "start" | "count") => Promise<unknown>
  /** The number of requests so far. */
  readonly count: () => Promise<number>
}

const answerOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, "message")) as [unknown])[0]

/** Starts a vendor. */
export const startVendor = async (): Promise<VendorProcess> => {
  const child = fork(new URL("vendor.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] })
  const { port } = (await answerOf(child)) as { readonly port: number }
  const tell: VendorProcess["tell"] = (message) => {
    const answer = answerOf(child)
    child.send(message)
    return answer
  }
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    tell,
    count: async () => ((await tell("count")) as { readonly requests: number }).requests,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit")
      child.disconnect()
      await ended
    },
  }
}

/** Opens latchkey before a vendor, with the default policies. */
export const openAuth = (url: string, changes: { readonly cache?: false } = {}) =>
  createAuth(
    oidc({
      issuer: url,
      clientId: "attacked",
      clientSecret: "secret",
      insecureOrigins: [url],
      attemptTimeout: "5 seconds",
      redirectUri: "https://app.example/callback",
      endpoints: {
        introspectionEndpoint: `${url}/introspect`,
        tokenEndpoint: `${url}/token`,
        revocationEndpoint: `${url}/revoke`,
        userinfoEndpoint: `${url}/userinfo`,
        authorizationEndpoint: `${url}/authorize`,
        endSessionEndpoint: `${url}/logout`,
      },
      ...changes,
    }),
  )

export type OpenAuth = ReturnType<typeof openAuth>

/** What became of the calls of good callers. */
export class Tally {
  calls = 0
  /** Stopped by an open circuit. */
  refused = 0
  failed = 0
  readonly millis: Array<number> = []

  async count(call: Promise<unknown>): Promise<void> {
    this.calls += 1
    const sentAt = performance.now()
    try {
      await call
      this.millis.push(performance.now() - sentAt)
    } catch (error) {
      if (String(error).includes("circuit open")) this.refused += 1
      else this.failed += 1
    }
  }

  get median(): number {
    return this.millis.toSorted((a, b) => a - b)[Math.floor(this.millis.length / 2)] ?? Number.NaN
  }
}

/** Calls a function at a steady rate per second for a while, and waits for every call. */
export const atRate = async (rate: number, seconds: number, call: (index: number) => Promise<void>): Promise<void> => {
  const startedAt = performance.now()
  const calls: Array<Promise<void>> = []
  for (;;) {
    const elapsed = (performance.now() - startedAt) / 1000
    while (calls.length < Math.min(elapsed, seconds) * rate) calls.push(call(calls.length))
    if (elapsed >= seconds) break
    await sleep(Math.min(5, 1000 / rate))
  }
  await Promise.all(calls)
}

/** Runs what must not stop a measurement. */
export const ignored = (call: Promise<unknown>): Promise<void> =>
  call.then(
    () => undefined,
    () => undefined,
  )
