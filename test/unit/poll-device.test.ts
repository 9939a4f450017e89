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

/** Waits for pending platform work (a promise, a hash), which the test clock does not advance. */
const realPause = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))

/** Polls under a clock that advances second by second; returns the second of each request, and the outcome. */
const polled = (script: ReadonlyArray<Step>, seconds: number, changes: Partial<DeviceAuthorization> = {}) => {
  const { auth, transport } = open(script)
  return Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(auth.pollDevice(device(changes)))
        const sentAt: Array<number> = []
        for (let second = 0; second <= seconds; second++) {
          yield* realPause
          while (sentAt.length < transport.requests.length) sentAt.push(second)
          if (fiber.pollUnsafe() !== undefined) break
          yield* TestClock.adjust("1 second")
        }
        const exit = fiber.pollUnsafe()
        if (exit === undefined) yield* Fiber.interrupt(fiber)
        const reason = exit !== undefined && Exit.isFailure(exit) ? yield* Effect.flip(Fiber.join(fiber)) : undefined
        return { sentAt, exit, reason: reason?.reason, transport }
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  )
}

describe("polling for a device", () => {
  test("waits the interval before each request, the first included", async () => {
    const { sentAt, exit } = await polled([pending, pending, tokens], 20)
    expect(sentAt).toEqual([5, 10, 15])
    expect(exit).toMatchObject({ _tag: "Success", value: { accessToken: "a", scopes: ["email"] } })
  })

  test("adds 5 seconds to all later waits after each slow_down", async () => {
    const { sentAt } = await polled([slowDown, pending, slowDown, pending, tokens], 80, { interval: 2 })
    expect(sentAt).toEqual([2, 9, 16, 28, 40])
  })

  test("sends the device code to the token endpoint", async () => {
    const { transport } = await polled([tokens], 6)
    expect(formOf(transport.requests[0])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "the-device-code",
    })
  })

  test("ends when the device code expires, also while the vendor sends authorization_pending", async () => {
    const script = Array.from({ length: 10 }, () => pending)
    const { sentAt, reason } = await polled(script, 30, { expiresAt: new Date(12_000) })
    expect(sentAt).toEqual([5, 10, 12])
    expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
  })

  test("sends no request after the device code has expired", async () => {
    const { sentAt, reason } = await polled([], 2, { expiresAt: new Date(0) })
    expect(sentAt).toEqual([])
    expect(reason).toMatchObject({ _tag: "InvalidGrant" })
  })

  test.each([
    ["access_denied", "AccessDenied"],
    ["expired_token", "InvalidGrant"],
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
  ])("ends at once on the error code %s", async (error, tag) => {
    const { sentAt, reason } = await polled([pending, json({ error }, 400)], 20)
    expect(sentAt).toEqual([5, 10])
    expect(reason).toMatchObject({ _tag: tag, code: error })
  })

  test("ends with Unavailable when the transport fails", async () => {
    expect((await polled([{ _tag: "Unavailable", detail: "connection reset" }], 8)).reason).toEqual({
      _tag: "Unavailable",
      detail: "connection reset",
    })
  })
})

describe("device authorization", () => {
  const minimal = {
    device_code: "d",
    user_code: "ABCD",
    verification_uri: "https://id.example/activate",
    expires_in: 600,
  }

  const start = (body: object) =>
    Effect.runPromise(
      open([json(body)])
        .auth.deviceAuthorization({ scopes: ["email"] })
        .pipe(Effect.provide(TestClock.layer())),
    )

  test("returns the codes, the verification URIs, the expiry and the interval", async () => {
    const complete = { ...minimal, interval: 7, verification_uri_complete: "https://id.example/activate?c=ABCD" }
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

  test("has a default interval of 5 seconds (RFC 8628 section 3.2)", async () => {
    expect((await start(minimal)).interval).toBe(5)
  })

  test("never dies of an expires_in beyond the range of Date", async () => {
    const call = open([json({ ...minimal, expires_in: 1e300 })]).auth.deviceAuthorization()
    const outcome = await Effect.runPromise(Effect.result(call))
    if (outcome._tag === "Success") expect(outcome.success.expiresAt.getTime()).not.toBeNaN()
    else expect(outcome.failure.reason._tag).toBe("UnexpectedResponse")
  })

  test("does not support an audience when the server has no parameter for it", async () => {
    expect(await reasonOf(open().auth.deviceAuthorization({ audience: ["a"] }))).toMatchObject({
      _tag: "UnsupportedOperation",
      argument: "audience",
    })
  })
})
