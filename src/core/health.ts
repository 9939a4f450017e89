/** `health`: whether a provider can judge tokens at present. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { AuthError } from "../ports/errors.ts"
import type { Answers, Checkable, Health, HealthStatus, Monitor, OriginHealth } from "../ports/health.ts"
import type { Identity } from "../ports/provider.ts"

/** Makes `health` for a provider. A provider without a monitor sends no requests of its own, and is up. */
export const healthOf = (provider: Identity): Checkable["health"] => {
  const { id, monitor } = provider
  return (options) => {
    const problem = problemIn(options)
    if (problem !== undefined)
      return Effect.fail(
        new AuthError({ provider: id, operation: "health", reason: { _tag: "InvalidRequest", ...problem } }),
      )
    if (monitor === undefined) return Effect.succeed<Health>({ status: "up", provider: id, origins: [], keys: [] })
    const asked = options?.probe === true ? monitor.probe : monitor.recent
    return Effect.flatMap(asked, (answers) =>
      Effect.map(Clock.currentTimeMillis, (now) => summary(provider, monitor, answers, now)),
    )
  }
}

/** Returns the problem of the options; `undefined` if they are valid. */
const problemIn = (options: unknown): { readonly field?: string; readonly detail: string } | undefined => {
  if (options === undefined) return undefined
  if (typeof options !== "object" || options === null)
    return { detail: `expected an object of options, found a value of type ${typeof options}` }
  const unknown = Object.keys(options).find((name) => name !== "probe")
  if (unknown !== undefined) return { field: unknown, detail: `unknown option "${unknown}"; expected probe` }
  const { probe } = options as { readonly probe?: unknown }
  return probe === undefined || typeof probe === "boolean"
    ? undefined
    : { field: "probe", detail: `expected true or false, found a value of type ${typeof probe}` }
}

const summary = (
  { id, jwt }: Identity,
  monitor: Monitor,
  { origins: answers, fleet }: Answers,
  now: number,
): Health => {
  const origins = answers.map(
    ({ origin, checkedAt, failure }): OriginHealth => ({
      origin,
      answers: failure === undefined,
      checkedAt: new Date(checkedAt),
      ...(failure !== undefined && { detail: failure }),
      circuit: monitor.circuitOf(origin, now),
    }),
  )
  const keys = monitor.keys(now)
  const isUsable = (at: number): boolean => origins[at]?.answers === true && origins[at]?.circuit.state !== "open"
  const isJudgedLive = answers.every(({ judges }, at) => !judges || isUsable(at))
  const isJudgedLocally = jwt !== undefined && keys.some(({ usable }) => usable)
  const status: HealthStatus = answers.every((_, at) => isUsable(at))
    ? "up"
    : isJudgedLive || isJudgedLocally
      ? "degraded"
      : "down"
  return {
    ...{ status, provider: id, issuer: monitor.issuer, origins, keys, discovery: monitor.discovery(now) },
    ...(fleet !== undefined && { fleet }),
  }
}
