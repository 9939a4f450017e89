import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { DeviceAuthorization, TransportResponse } from "latchkey"
import { describe, expect, test } from "vitest"
import { closed } from "../../src/ports/errors.ts"
import { formOf, json, rawResponse, reasonOf, type Step } from "./scripted-transport.ts"
import { open } from "./standard-server.ts"

const pending = json({ error: "authorization_pending" }, 400)
const slowDown = json({ error: "slow_down" }, 400)
const tokens = json({ access_token: "a", token_type: "bearer" })

const device = (changes: Partial<DeviceAuthorization> = {}): DeviceAuthorization => ({
  deviceCode: "the-device-code",
  userCode: "ABCD",
  verificationUri: "https://id.example/activate",
  expiresAt: new Date(600_000),
  intervalSeconds: 5,
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
    const { sentAt } = await polled([slowDown, pending, slowDown, pending, tokens], 80, { intervalSeconds: 2 })
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
    // The last poll begins a second before the end.
    expect(sentAt).toEqual([5, 10, 11])
    expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
  })

  test.each([11, 11.5, 12, 14])(
    "ends at the end of the device code while a poll hangs: after %d seconds",
    async (end) => {
      const hangs = new Promise<TransportResponse>(() => {})
      const { exit, reason } = await polled([pending, hangs, hangs], Math.ceil(end), {
        expiresAt: new Date(end * 1000),
      })
      expect(exit).toBeDefined()
      expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
    },
  )

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

  const noResponse = {
    _tag: "Unavailable",
    detail: "no complete response within 5 seconds, the `attemptTimeout`",
  } as const
  const circuitOpen = { _tag: "Unavailable", detail: "circuit open", after: Duration.seconds(8) } as const

  /** What a poll may meet without ending, and the seconds of the polls that follow one at 5 seconds. */
  const survived: ReadonlyArray<readonly [sentence: string, step: Step, sentAt: ReadonlyArray<number>]> = [
    ["a 429 slows the polls down by 5 seconds", json({}, 429), [5, 15, 25]],
    ["a 429 with Retry-After delays one poll", json({}, 429, { "retry-after": "12" }), [5, 17, 22]],
    ["a 429 with a short Retry-After changes nothing", json({}, 429, { "retry-after": "1" }), [5, 10, 15]],
    ["a 500 changes nothing", json({ error: "server_error" }, 500), [5, 10, 15]],
    ["a 502 of a gateway changes nothing", rawResponse(502, "text/plain", "bad gateway"), [5, 10, 15]],
    ["a 503 changes nothing", json({}, 503), [5, 10, 15]],
    ["a 503 with Retry-After delays one poll", json({}, 503, { "retry-after": "20" }), [5, 25, 30]],
    ["a 425 changes nothing", json({}, 425), [5, 10, 15]],
    ["a 408 doubles the interval", json({}, 408), [5, 15, 25]],
    ["a 504 doubles the interval", rawResponse(504, undefined, ""), [5, 15, 25]],
    ["a timeout doubles the interval (RFC 8628 section 3.5)", noResponse, [5, 15, 25]],
    ["a connection reset doubles the interval", { _tag: "Unavailable", detail: "connection reset" }, [5, 15, 25]],
    ["an open circuit delays one poll", circuitOpen, [5, 13, 18]],
  ]

  test.each(survived)("%s, and does not end the polling", async (_, step, expected) => {
    const { sentAt, exit } = await polled([step, pending, tokens], 40)
    expect(sentAt).toEqual(expected)
    expect(exit).toMatchObject({ _tag: "Success", value: { accessToken: "a" } })
  })

  test.each(survived)("%s, and the polling ends when the device code expires", async (_, step) => {
    const script = Array.from({ length: 10 }, () => step)
    const { reason, sentAt } = await polled(script, 60, { expiresAt: new Date(31_000) })
    expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
    expect(sentAt.every((second) => second <= 31)).toBe(true)
  })

  test("timeouts increase the interval to a minute at most", async () => {
    const script = Array.from({ length: 10 }, () => noResponse)
    const { sentAt } = await polled(script, 220)
    expect(sentAt).toEqual([5, 15, 35, 75, 135, 195])
  })

  test("sends no request before the end of a pause that the vendor requests beyond the expiry", async () => {
    const { sentAt, reason } = await polled([json({}, 503, { "retry-after": "60" })], 40, {
      expiresAt: new Date(30_000),
    })
    expect(sentAt).toEqual([5])
    expect(reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
  })

  test("with an interval of 0 pauses after an error", async () => {
    const { sentAt } = await polled([json({}, 503), pending, tokens], 5, { intervalSeconds: 0 })
    expect(sentAt).toEqual([0, 1, 2])
  })

  test.each<[string, Step, object]>([
    ["a response that is no token response", json({}), { _tag: "UnexpectedResponse" }],
    ["a closed provider", closed, { _tag: "Unavailable", detail: "closed" }],
  ])("ends at once on %s", async (_, step, expected) => {
    const { sentAt, reason } = await polled([pending, step], 20)
    expect(sentAt).toEqual([5, 10])
    expect(reason).toMatchObject(expected)
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
      intervalSeconds: 7,
      scopes: ["email"],
    })
  })

  test("has a default interval of 5 seconds (RFC 8628 section 3.2)", async () => {
    expect((await start(minimal)).intervalSeconds).toBe(5)
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
