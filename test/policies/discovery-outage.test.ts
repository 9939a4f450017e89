import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test, vi } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { active, down, open, run, settings, start, vendor } from "./vendor.ts"

const { issuer, endpoints } = settings
const path = "/.well-known/openid-configuration"
const document = Effect.succeed(json({ issuer, introspection_endpoint: endpoints.introspectionEndpoint }))

/** Sets both clocks, the test clock of the caches and the platform's, to `minutes` after the start. */
const setClocks = (minutes: number) =>
  Effect.suspend(() => {
    vi.setSystemTime(start + minutes * 60_000)
    return TestClock.setTime(start + minutes * 60_000)
  })

describe("discovered endpoints", () => {
  test("are used for an hour without the metadata document, with one request per 30 seconds at most", async () => {
    const transport = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(transport, { endpoints: undefined, retry: false, circuitBreaker: false, cache: false })
    const call = Effect.match(auth.introspect("token"), {
      onFailure: ({ reason }) => reason._tag,
      onSuccess: (state) => String(state.active),
    })
    const outcomes = await run(
      Effect.gen(function* () {
        yield* call
        transport.respond = ({ url }) => (url.endsWith(path) ? down : active({}, 10_000))
        const during: Array<string> = []
        for (let minute = 9; minute < 60; minute += 0.25) {
          yield* setClocks(minute)
          during.push(yield* call)
        }
        const requests = transport.count(path)
        yield* setClocks(60.5)
        const afterHour = yield* call
        transport.respond = ({ url }) => (url.endsWith(path) ? document : active({}, 10_000))
        return { during: new Set(during), requests, afterHour, recovered: yield* call }
      }),
    )
    expect(outcomes).toMatchObject({ during: new Set(["true"]), afterHour: "Unavailable", recovered: "true" })
    expect(outcomes.requests).toBeGreaterThan(50)
    expect(outcomes.requests).toBeLessThanOrEqual(1 + 100)
  })

  test("are used while a new document is fetched in the background, even when that request hangs", async () => {
    const transport = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(transport, { endpoints: undefined, cache: false })
    const states = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = ({ url }) => (url.endsWith(path) ? Effect.never : active())
        yield* setClocks(11)
        return yield* Effect.all([auth.introspect("token"), auth.introspect("token")])
      }),
    )
    expect(states).toMatchObject([{ active: true }, { active: true }])
    expect(transport.count(path)).toBe(2)
  })

  test("are no longer used after a document with another issuer arrives", async () => {
    const transport = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(transport, { endpoints: undefined, cache: false })
    const reason = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = ({ url }) =>
          url.endsWith(path) ? Effect.succeed(json({ issuer: "https://evil.example" })) : active()
        yield* setClocks(10)
        yield* auth.introspect("token")
        return (yield* Effect.flip(auth.introspect("token"))).reason
      }),
    )
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", path: "issuer" })
  })
})
