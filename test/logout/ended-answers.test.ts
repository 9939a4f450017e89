/** What the end of a session ends of the answers that a client has. */
import * as Effect from "effect/Effect"
import { createAuth, type LogEvent } from "latchkey"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeAuth } from "../../src/core/auth.ts"
import { type EndedSession, type EndSessions, endSessionsOf } from "../../src/internal/end-sessions.ts"
import { active, provider, settle, start, tokenOf, type Vendor, vendor } from "../policies/vendor.ts"

/** A token names its subject and session: `subject/session`. */
const makeVendor = (): Vendor =>
  vendor((request) => {
    const [sub, sid] = tokenOf(request).split("/")
    return active({ sub: sub || undefined, sid: sid || undefined, client_id: "app" })
  })

/** Moves the clock, so that a later request has another time, and lets requests in the background end. */
const pass = async (): Promise<void> => {
  vi.setSystemTime(Date.now() + 5)
  await Effect.runPromise(settle)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

type Input = Parameters<typeof provider>[1]

/** Introspects tokens, ends a session, and returns for which tokens the next introspection waits for a request. */
const askedAgain = async (tokens: ReadonlyArray<string>, ended: EndedSession, options: Input = {}) => {
  const transport = makeVendor()
  const events: Array<LogEvent> = []
  const auth = createAuth(
    provider(transport, { token: { kind: "access_only" }, log: (event) => events.push(event), ...options }),
  )
  const endSessions = (auth as typeof auth & { readonly [endSessionsOf]: EndSessions })[endSessionsOf]
  const results = async () => {
    const lives: Array<number | undefined> = []
    for (const token of tokens) {
      const state = await auth.introspect(token)
      lives.push(state.active ? state.source.live?.getTime() : undefined)
    }
    return lives
  }
  const before = await results()
  await pass()
  await endSessions(ended)
  const after = await results()
  await pass()
  const later = await results()
  const extents = events.flatMap((event) => (event._tag === "CacheInvalidated" ? [event.extent] : []))
  return {
    at: tokens.filter((_, at) => before[at] !== after[at]),
    soon: tokens.filter((_, at) => before[at] !== later[at]),
    extents,
  }
}

const tokens = ["user-1/s-1", "user-1/s-2", "user-1/", "user-2/s-3", "user-2/", "/"]

describe("the end of", () => {
  it.each([
    ["every session of a subject", { subject: "user-1" }, ["user-1/s-1", "user-1/s-2", "user-1/"], "subject"],
    ["a session of a subject", { subject: "user-1", session: "s-1" }, ["user-1/s-1", "user-1/"], "session"],
    ["a session whose subject an answer names", { session: "s-1" }, ["user-1/s-1", "user-1/"], "session"],
    ["a subject without answers", { subject: "user-9" }, [], "subject"],
    ["a session of a subject with other sessions", { subject: "user-1", session: "s-9" }, ["user-1/"], "session"],
  ] as const)("%s ends its cached answers, and no other", async (_, ended, expected, extent) => {
    expect(await askedAgain(tokens, ended)).toEqual({ at: expected, soon: expected, extents: [extent] })
  })

  it("a session that no answer names makes every answer outdated: it is asked about again in the background", async () => {
    expect(await askedAgain(tokens, { session: "s-9" })).toEqual({ at: [], soon: tokens, extents: ["unknown"] })
  })

  it("a session passes every layer of either API", async () => {
    const made = provider(makeVendor(), { token: { kind: "access_only" } })
    const ended = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const auth = yield* makeAuth(made)
          const first = yield* auth.introspect("user-1/s-1")
          yield* Effect.promise(pass)
          const again = yield* auth.introspect("user-1/s-1")
          const { [endSessionsOf]: endSessions } = auth as typeof auth & { readonly [endSessionsOf]: EndSessions }
          yield* Effect.promise(() => endSessions({ session: "s-1" }))
          return [first, again, yield* auth.introspect("user-1/s-1")].map((state) =>
            state.active ? state.source.live?.getTime() : undefined,
          )
        }),
      ),
    )
    expect(ended[1]).toBe(ended[0])
    expect(ended[2]).toBeGreaterThan(ended[0] ?? 0)
  })

  it("a session does not store the answer of a request that was sent before", async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const transport = makeVendor()
    const { respond } = transport
    transport.respond = (request) =>
      Effect.andThen(
        Effect.promise(() => released),
        respond(request),
      )
    const auth = createAuth(provider(transport, { token: { kind: "access_only" } }))
    const { [endSessionsOf]: endSessions } = auth as typeof auth & { readonly [endSessionsOf]: EndSessions }
    const before = auth.introspect("user-1/s-1")
    await endSessions({ subject: "user-1", session: "s-1" })
    const after = auth.introspect("user-1/s-1")
    release()
    await Promise.all([before, after])
    expect(transport.count("/introspect")).toBe(2)
  })
})
