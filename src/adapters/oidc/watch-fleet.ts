/** Reports whether the store of a fleet answers. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { fleetGauge } from "../../internal/telemetry.ts"
import type { Events } from "../../ports/events.ts"
import type { Fleet, FleetFailure } from "../../ports/fleet.ts"
import type { FleetHealth } from "../../ports/health.ts"
import type { Tenant } from "../../ports/telemetry.ts"

/**
 * Reports each change as an event and in a gauge, until the scope closes. Returns an effect that sends a command to the
 * store, for `health`.
 *
 * A change has no single call as its cause, so the reports have the context in which the provider was made.
 */
export const watchFleet = (
  fleet: Fleet,
  tenant: Tenant,
  events: Events,
): Effect.Effect<Effect.Effect<FleetHealth>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<never>()
    const { provider } = tenant
    const gauge = fleetGauge(events, tenant)
    let current: FleetFailure | undefined
    const report = (failure: FleetFailure | undefined): void => {
      current = failure
      gauge(failure === undefined ? 0 : 1, context)
      const emitting = Effect.withFiber((fiber) => {
        if (failure === undefined) events.emit({ _tag: "FleetAvailable", provider }, fiber)
        else events.emit({ _tag: "FleetUnavailable", provider, detail: failure.detail }, fiber)
        return Effect.void
      })
      Effect.runForkWith(context)(emitting)
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => fleet.onAvailability(report)),
      (remove) => Effect.sync(remove),
    )
    return Effect.flatMap(Clock.currentTimeMillis, (checkedAt) =>
      Effect.map(
        Effect.promise(() => fleet.revision()),
        (revision) => healthOf(checkedAt, revision !== undefined, current),
      ),
    )
  })

const healthOf = (checkedAt: number, answers: boolean, failure: FleetFailure | undefined): FleetHealth => ({
  ...{ answers, checkedAt: new Date(checkedAt) },
  ...(!answers && failure !== undefined && { since: new Date(failure.since), detail: failure.detail }),
})
