/** Watches the origins and the documents of one server, for `health`. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { documentHealth } from "../../internal/document-health.ts"
import { Explaining } from "../../internal/explaining.ts"
import { makeRefreshAhead } from "../../internal/refresh-ahead.ts"
import { ageOf } from "../../internal/time.ts"
import { withTimeout } from "../../internal/timeout.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Answers, FleetHealth, KeySetHealth, Monitor, OriginAnswer } from "../../ports/health.ts"
import type { Engine } from "./engine/engine.ts"
import { outageIn } from "./http/outage.ts"
import { type Probe, probesOf } from "./operations/probes.ts"

/** How long the answers are shared, in milliseconds. */
const sharedFor = 5000

/** The longest wait for an answer, in milliseconds. */
const longestProbe = 2000

/** Makes the monitor of an engine. It sends nothing yet. `askFleet`: sends a command to the store of the fleet. */
export const makeMonitor = (engine: Engine, askFleet?: Effect.Effect<FleetHealth>): Monitor => {
  const { server, transport } = engine
  const concurrency = { concurrency: "unbounded" } as const
  const origins = Effect.suspend(() =>
    Effect.all(
      probesOf(engine, longestProbe).map((probe) => answerTo(engine, probe)),
      concurrency,
    ),
  )
  const all: Effect.Effect<Answers> =
    askFleet === undefined
      ? Effect.map(origins, (answered) => ({ origins: answered }))
      : Effect.all({ origins, fleet: askFleet }, concurrency)
  const answers = makeRefreshAhead<Answers, never>(all, {
    isFresh: (_, fetchedAt, now) => ageOf(fetchedAt, now) < sharedFor,
    isUsable: () => false,
    pause: () => 0,
    survives: () => true,
  })
  const keySets: Array<(now: number) => KeySetHealth> = []
  return {
    issuer: server.issuer,
    recent: answers.get,
    probe: answers.fetch,
    circuitOf: (origin, now) =>
      transport.circuitOf === undefined
        ? { state: "off" }
        : (transport.circuitOf(origin)?.health(now) ?? { state: "closed" }),
    discovery: (now) => documentHealth(engine.metadataState(now), now),
    keys: (now) => keySets.map((state) => state(now)),
    watchKeys: (state) => {
      keySets.push(state)
    },
  }
}

/** Sends a request to one origin. Like `explain`, it changes no circuit and is not logged. */
const answerTo = (
  { server, transport }: Engine,
  { origin, request, operation, judges }: Probe,
): Effect.Effect<OriginAnswer> =>
  Effect.flatMap(Clock.currentTimeMillis, (checkedAt) => {
    const answer = (failure: string | undefined): OriginAnswer => ({
      ...{ origin, checkedAt, judges },
      ...(failure !== undefined && { failure }),
    })
    const sent = withTimeout(transport.send(request, operation), longestProbe, () =>
      Effect.fail<Reason>({ _tag: "Unavailable", detail: `no response within ${longestProbe} ms` }),
    )
    const judged = Effect.match(
      Effect.provideService(sent, Explaining, () => undefined),
      {
        onSuccess: (response) => answer(outageIn(response, operation, server)),
        // A broken or too large response is an answer.
        onFailure: (reason) => answer(reason._tag === "UnexpectedResponse" ? undefined : detailOf(reason)),
      },
    )
    return Effect.catchDefect(judged, () => Effect.succeed(answer("the transport failed with an exception")))
  })

const detailOf = (reason: Reason): string =>
  "detail" in reason && reason.detail !== undefined ? reason.detail : reason._tag
