import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test, vi } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { active, down, open, run, settings, start, vendor } from "./vendor.ts"

const { issuer, endpoints } = settings
const path = "/.well-known/openid-configuration"
const document = Effect.succeed(json({ issuer, introspection_endpoint: endpoints.introspectionEndpoint }))

/** Moves both clocks: the caches' and the platform's. */
const at = (minutes: number) =>
  Effect.suspend(() => {
    vi.setSystemTime(start + minutes * 60_000)
    return TestClock.setTime(start + minutes * 60_000)
  })

describe("discovered endpoints", () => {
  test("serve for an hour while the document cannot be had, asked for at most every 30 seconds", async () => {
    const door = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(door, { endpoints: undefined, retry: false, breaker: false, cache: false })
    const ask = Effect.match(auth.introspect("token"), {
      onFailure: ({ reason }) => reason._tag,
      onSuccess: (state) => String(state.active),
    })
    const seen = await run(
      Effect.gen(function* () {
        yield* ask
        door.answer = ({ url }) => (url.endsWith(path) ? down : active({}, 10_000))
        const during: Array<string> = []
        for (let minute = 9; minute < 60; minute += 0.25) {
          yield* at(minute)
          during.push(yield* ask)
        }
        const asked = door.count(path)
        yield* at(60.5)
        const beyond = yield* ask
        door.answer = ({ url }) => (url.endsWith(path) ? document : active({}, 10_000))
        return { during: new Set(during), asked, beyond, back: yield* ask }
      }),
    )
    expect(seen).toMatchObject({ during: new Set(["true"]), beyond: "Unavailable", back: "true" })
    expect(seen.asked).toBeGreaterThan(50)
    expect(seen.asked).toBeLessThanOrEqual(1 + 100)
  })

  test("serve calls at once while another document is fetched beside them, also one that never comes", async () => {
    const door = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(door, { endpoints: undefined, cache: false })
    const states = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        door.answer = ({ url }) => (url.endsWith(path) ? Effect.never : active())
        yield* at(11)
        return yield* Effect.all([auth.introspect("token"), auth.introspect("token")])
      }),
    )
    expect(states).toMatchObject([{ active: true }, { active: true }])
    expect(door.count(path)).toBe(2)
  })

  test("serve no more once a document of another issuer has come", async () => {
    const door = vendor(({ url }) => (url.endsWith(path) ? document : active()))
    const auth = open(door, { endpoints: undefined, cache: false })
    const reason = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        door.answer = ({ url }) =>
          url.endsWith(path) ? Effect.succeed(json({ issuer: "https://evil.example" })) : active()
        yield* at(10)
        yield* auth.introspect("token")
        return (yield* Effect.flip(auth.introspect("token"))).reason
      }),
    )
    expect(reason).toMatchObject({ _tag: "UnexpectedResponse", path: "issuer" })
  })
})
