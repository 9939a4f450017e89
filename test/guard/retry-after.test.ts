/** The pause that a guard asks for in an outage: after it the guard can answer again, if the vendor can. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import { type Decision, makeGuard } from "../../src/guard/guard.ts"
import { active, down, openScoped, run, type ScriptedResponse, settle, vendor } from "../policies/vendor.ts"
import { coreRequest } from "./core-request.ts"
import { stubAuth } from "./stub-auth.ts"

const retryAfter = (decision: Decision): number =>
  decision.ok ? 0 : Number(decision.refusal.headers["retry-after"] ?? Number.NaN)

const request = coreRequest({ authorization: "Bearer token" })

describe("Retry-After", () => {
  it.each<[string, Duration.Input | undefined, number]>([
    ["without a pause of the vendor", undefined, 1],
    ["of a pause of 0 seconds", "0 seconds", 1],
    ["of 1 millisecond", "1 millis", 1],
    ["of 1,001 milliseconds", "1001 millis", 2],
    ["of 7 seconds", "7 seconds", 7],
    ["of a day", "1 day", 86_400],
  ])("%s is %o in whole seconds, and never shorter", async (_, pause, seconds) => {
    const after = pause === undefined ? {} : { after: Duration.fromInputUnsafe(pause) }
    const check = makeGuard(stubAuth({ fails: { _tag: "Unavailable", detail: "down", ...after } }))()
    expect(retryAfter(await check(request))).toBe(seconds)
  })

  /** When the vendor returns and a request is refused, in milliseconds after latchkey's latest own request. */
  const phases = [0, 1, 250, 500, 900, 990, 999]

  it.each(phases.flatMap((phase) => [0, 5, 100].map((latency) => [phase, latency] as const)))(
    "is true %i ms after the last own request, with a vendor that needs %i ms",
    async (phase, latency) => {
      const answer: ScriptedResponse = Effect.delay(active(), Duration.millis(latency))
      const [refused, next] = await run(
        Effect.gen(function* () {
          const scripted = vendor(() => down)
          const auth = yield* openScoped(scripted, { retry: false, cache: false })
          const context = yield* Effect.context<never>()
          const check = makeGuard(auth)()
          const ask = Effect.promise(async () => check({ ...request, context }))
          for (let count = 0; count < 6; count++) yield* ask
          yield* settle
          scripted.respond = () => answer
          yield* TestClock.adjust(Duration.millis(phase))
          yield* settle
          const refused = yield* ask
          // The vendor's latency passes while the client waits.
          for (let left = retryAfter(refused) * 1000; left > 0; left -= 50) {
            yield* TestClock.adjust(Duration.millis(50))
            yield* settle
          }
          scripted.respond = () => active()
          return [refused, yield* ask] as const
        }),
      )
      expect(refused).toMatchObject({ ok: false, refusal: { status: 503 } })
      expect(next).toMatchObject({ ok: true })
    },
  )
})
