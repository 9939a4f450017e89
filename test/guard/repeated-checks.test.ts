/** A WebSocket whose token is checked from time to time: the checks leave nothing behind. */
import { getEventListeners } from "node:events"
import { PassThrough } from "node:stream"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { makeGuard } from "../../src/guard/guard.ts"
import type { Introspector } from "../../src/guard/introspector.ts"
import { nodeGuard } from "../../src/guard/node.ts"
import { coreRequest } from "./core-request.ts"
import { active, token } from "./row.ts"

const headers = { authorization: `Bearer ${token}` }
const checks = 20

/** Clients that answer later. */
const clients: Readonly<Record<string, Introspector>> = {
  Promise: {
    id: "stub",
    introspect: () => new Promise((resolve) => setImmediate(resolve, active())),
    ...{ [Symbol.asyncDispose]: async () => undefined },
  },
  Effect: { id: "stub", introspect: () => Effect.delay(Effect.succeed(active()), 1) },
}

describe.each(Object.entries(clients))("with a client of the %s API, repeated checks", (_, auth) => {
  it("add one listener to a socket", async () => {
    const check = nodeGuard(auth).check()
    const socket = new PassThrough()
    const before = socket.listenerCount("close")
    const request = { method: "GET", url: "/", rawHeaders: Object.entries(headers).flat(), socket }
    for (let count = 0; count < checks; count++) expect((await check(request as never, socket)).ok).toBe(true)
    expect(socket.listenerCount("close") - before).toBe(1)
  })

  it("leave no listener of the signal", async () => {
    const check = makeGuard(auth)()
    const { signal } = new AbortController()
    for (let count = 0; count < checks; count++)
      expect((await check(coreRequest(headers, { signal: () => signal }))).ok).toBe(true)
    await new Promise(setImmediate)
    expect(getEventListeners(signal, "abort")).toEqual([])
  })
})
