import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { DeviceAuthorization } from "latchkey"
import { describe, expect, test } from "vitest"
import { formOf, json, reasonOf, type Step } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const pending = json({ error: "authorization_pending" }, 400)
const slowDown = json({ error: "slow_down" }, 400)
const tokens = json({ access_token: "a", token_type: "bearer" })

const device = (changes: Partial<DeviceAuthorization> = {}): DeviceAuthorization => ({
  deviceCode: "the-device-code",
  userCode: "ABCD",
  verificationUri: "https://id.example/activate",
  expiresAt: new Date(600_000),
  interval: 5,
  scopes: ["email"],
  ...changes,
})

/** Lets what waits for the platform (a promise, a hash) go on, which no clock moves. */
const settle = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))

/** Polls under a clock that moves second by second; answers when each question was asked, and how it ended. */
const polled = (script: ReadonlyArray<Step>, seconds: number, changes: Partial<DeviceAuthorization> = {}) => {
  const { auth, door } = open(script)
  return Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(auth.pollDevice(device(changes)))
        const askedAt: Array<number> = []
        for (let second = 0; second <= seconds; second++) {
          yield* settle
          while (askedAt.length < door.requests.length) askedAt.push(second)
          if (fiber.pollUnsafe() !== undefined) break
          yield* TestClock.adjust("1 second")
        }
        const exit = fiber.pollUnsafe()
        if (exit === undefined) yield* Fiber.interrupt(fiber)
        const reason = exit !== undefined && Exit.isFailure(exit) ? yield* Effect.flip(Fiber.join(fiber)) : undefined
        return { askedAt, exit, reason: reason?.reason, door }
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  )
}

describe("polling for a device", () => {
  test("waits the interval before each question, the first included", async () => {
    const { askedAt, exit } = await polled([pending, pending, tokens], 20)
    expect(askedAt).toEqual([5, 10, 15])
    expect(exit).toMatchObject({ _tag: "Success", value: { accessToken: "a", scopes: ["email"] } })
  })

  test("waits five seconds more after each slow_down, for good", async () => {
    const { askedAt } = await polled([slowDown, pending, slowDown, pending, tokens], 80, { interval: 2 })
    expect(askedAt).toEqual([2, 9, 16, 28, 40])
  })

  test("sends the device code to the token endpoint", async () => {
    const { door } = await polled([tokens], 6)
    expect(formOf(door.requests[0])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "the-device-code",
    })
  })

  test("ends at its own deadline, whatever the vendor says", async () => {
    const script = Array.from({ length: 10 }, () => pending)
    const { askedAt, reason } = await polled(script, 30, { expiresAt: new Date(12_000) })
    expect(askedAt).toEqual([5, 10, 12])
    expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
  })

  test("asks nothing when the deadline is past", async () => {
    const { askedAt, reason } = await polled([], 2, { expiresAt: new Date(0) })
    expect(askedAt).toEqual([])
    expect(reason).toMatchObject({ _tag: "InvalidGrant" })
  })

  test.each([
    ["access_denied", "AccessDenied"],
    ["expired_token", "InvalidGrant"],
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
  ])("ends at once when the vendor says %s", async (error, tag) => {
    const { askedAt, reason } = await polled([pending, json({ error }, 400)], 20)
    expect(askedAt).toEqual([5, 10])
    expect(reason).toMatchObject({ _tag: tag, code: error })
  })

  test("ends with the reason of an outage", async () => {
    expect((await polled([{ _tag: "Unavailable", detail: "connection reset" }], 8)).reason).toEqual({
      _tag: "Unavailable",
      detail: "connection reset",
    })
  })
})

describe("starting on a device", () => {
  const started = {
    device_code: "d",
    user_code: "ABCD",
    verification_uri: "https://id.example/activate",
    expires_in: 600,
  }

  const start = (answer: object) =>
    Effect.runPromise(
      open([json(answer)])
        .auth.deviceAuthorization({ scopes: ["email"] })
        .pipe(Effect.provide(TestClock.layer())),
    )

  test("answers what to show, until when, and how often to ask", async () => {
    const complete = { ...started, interval: 7, verification_uri_complete: "https://id.example/activate?c=ABCD" }
    expect(await start(complete)).toEqual({
      deviceCode: "d",
      userCode: "ABCD",
      verificationUri: "https://id.example/activate",
      verificationUriComplete: "https://id.example/activate?c=ABCD",
      expiresAt: new Date(600_000),
      interval: 7,
      scopes: ["email"],
    })
  })

  test("asks every five seconds where the vendor does not say (RFC 8628 section 3.2)", async () => {
    expect((await start(started)).interval).toBe(5)
  })

  test("with a life longer than a Date can say is no defect", async () => {
    const call = open([json({ ...started, expires_in: 1e300 })]).auth.deviceAuthorization()
    const outcome = await Effect.runPromise(Effect.result(call))
    if (outcome._tag === "Success") expect(outcome.success.expiresAt.getTime()).not.toBeNaN()
    else expect(outcome.failure.reason._tag).toBe("UnexpectedResponse")
  })

  test("refuses an audience that the server has no parameter for", async () => {
    expect(await reasonOf(open().auth.deviceAuthorization({ audience: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "audience",
    })
  })
})
