import type { PolarEmulator } from "@latchkey/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Transport } from "latchkey/effect"
import { afterEach, beforeEach, expect, it } from "vitest"
import { withNewTokens } from "../../src/adapters/polar/new-tokens.ts"
import { ada, logIn, open, reasonOf, refreshTokenOf, shop, start } from "./setup.ts"

/** The time of the server in milliseconds, and how long a token takes to be committed after it was sent. */
let now: number
const lag = 50

let emulator: PolarEmulator
beforeEach(async () => {
  now = Date.now()
  emulator = await start({ readings: { commitLagMs: lag }, now: () => now })
})
afterEach(() => emulator.close())

const userInfoRequests = () => emulator.requests.filter(({ path }) => path.endsWith("/userinfo")).length

/** A transport that moves the server's clock past the lag after each UserInfo response. */
const committing = (standard: Transport): Transport => ({
  ...standard,
  send: (request) =>
    Effect.tap(standard.send(request), () =>
      Effect.sync(() => {
        if (request.url.endsWith("/userinfo")) now += lag
      }),
    ),
})

it("userInfo at once after an exchange and after a refresh is repeated once, and succeeds", async () => {
  await using auth = open(emulator, {}, { transport: committing })
  const first = await logIn(auth, emulator)
  expect((await auth.userInfo(first.accessToken)).subject).toBe(ada)
  expect(userInfoRequests()).toBe(2)
  const second = await auth.refresh(refreshTokenOf(first))
  expect((await auth.userInfo(second.accessToken)).subject).toBe(ada)
  expect(userInfoRequests()).toBe(4)
})

it("userInfo for a stranger's token is sent once", async () => {
  await using auth = open(emulator)
  expect(await reasonOf(auth.userInfo("polar_at_u_invented"))).toMatchObject({
    _tag: "InvalidToken",
    check: "rejected",
  })
  expect(userInfoRequests()).toBe(1)
})

it("userInfo for a token that another client received is sent once", async () => {
  await using one = open(emulator)
  const { accessToken } = await logIn(one, emulator)
  await using other = open(emulator, shop, { transport: committing })
  expect(await reasonOf(other.userInfo(accessToken))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
  expect(userInfoRequests()).toBe(1)
})

it("userInfo for a new token fails when the second request is rejected too, and sends no third", async () => {
  await using auth = open(emulator)
  const { accessToken } = await logIn(auth, emulator)
  expect(await reasonOf(auth.userInfo(accessToken))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
  expect(userInfoRequests()).toBe(2)
})

it("userInfo is repeated only in the first five seconds of a token, and only for the last thousand tokens", async () => {
  let requests = 0
  let issued = 0
  let time = 0
  const rejected = Effect.suspend(() => {
    requests++
    return Effect.fail({ _tag: "InvalidToken", check: "rejected" } as const)
  })
  const issue = () => Effect.succeed({ accessToken: `token ${issued++}`, tokenType: "Bearer", raw: {} } as never)
  const operations = withNewTokens({ exchange: issue, refresh: issue, userInfo: () => rejected })
  const clock: Clock.Clock = Object.assign(Object.create(await Effect.runPromise(Clock.clockWith(Effect.succeed))), {
    currentTimeMillisUnsafe: () => time,
    currentTimeMillis: Effect.sync(() => time),
    sleep: () => Effect.void,
  })
  const requestsOf = async (call: Effect.Effect<unknown, unknown>) => {
    requests = 0
    await Effect.runPromiseExit(Effect.provideService(call, Clock.Clock, clock))
    return requests
  }
  await requestsOf(operations.refresh("refresh token"))
  time = 4_999
  expect(await requestsOf(operations.userInfo("token 0"))).toBe(2)
  time = 5_000
  expect(await requestsOf(operations.userInfo("token 0"))).toBe(1)
  for (let at = 0; at < 1_001; at++) await requestsOf(operations.refresh("refresh token"))
  expect(await requestsOf(operations.userInfo("token 1"))).toBe(1)
  expect(await requestsOf(operations.userInfo("token 2"))).toBe(2)
})

it("userInfo is not repeated when the response is for another subject", async () => {
  await using auth = open(emulator)
  const { accessToken } = await logIn(auth, emulator)
  now += lag
  const other = auth.userInfo(accessToken, { expectedSubject: "another" })
  expect(await reasonOf(other)).toEqual({ _tag: "InvalidToken", check: "subject" })
  expect(userInfoRequests()).toBe(1)
})
