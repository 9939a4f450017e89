import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { createAuth, type TokenState } from "latchkey"
import { oidc } from "latchkey/oidc"
import { afterEach, describe, expect, test } from "vitest"
import { active, settings, type Vendor, vendor } from "./vendor.ts"

/** A vendor that never answers, and the calls of the Promise API to it. They wait in real time. */
const silent = () => vendor(() => Effect.never)

const opened: Array<{ readonly close: () => Promise<void> }> = []
const open = (transport: Vendor, policies: object = {}) => {
  const auth = createAuth(oidc({ ...settings, ...policies }, { transport }))
  opened.push(auth)
  return auth
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((auth) => auth.close()))
})

const rejectionOf = (call: Promise<TokenState>) =>
  call.then(
    () => expect.unreachable("the call must not be answered"),
    (error: unknown) => error,
  )

/** How many introspections ended in each way, as the metrics count them. */
const outcomes = (): Readonly<Record<string, number | undefined>> => {
  const counts: Record<string, number> = {}
  for (const { id, attributes, state } of Effect.runSync(Metric.snapshot)) {
    const { provider, issuer, operation, outcome = "" } = (attributes ?? {}) as Readonly<Record<string, string>>
    const isOurs = provider === "oidc" && issuer === settings.issuer && operation === "introspect"
    // Each client of this issuer in the process has a series of its own.
    if (id === "latchkey_call_duration" && isOurs && "count" in state)
      counts[outcome] = (counts[outcome] ?? 0) + Number(state.count)
  }
  return counts
}

describe("the timeout of an introspection by the Promise API", () => {
  test("ends the call with the reason and the address, and its request", async () => {
    let interrupted = 0
    const transport = vendor(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++)))
    const error = await rejectionOf(open(transport).introspect("token", { timeout: "20 millis" }))
    expect(error).toMatchObject({
      operation: "introspect",
      url: `${settings.issuer}/introspect`,
      reason: { _tag: "Unavailable", detail: "no result within 20 millis, the `timeout` of the call" },
    })
    expect(interrupted).toBe(1)
  })

  test("of the configuration ends a call without one", async () => {
    const error = await rejectionOf(open(silent(), { timeout: "20 millis" }).introspect("token"))
    expect(error).toMatchObject({ reason: { _tag: "Unavailable" } })
  })

  test("shows the line of the caller in the stack", async () => {
    const callsFromHere = () => open(silent()).introspect("token", { timeout: "20 millis" })
    expect(((await rejectionOf(callsFromHere())) as Error).stack).toContain("call-limits.test.ts")
  })

  test("is counted once, as unavailable", async () => {
    const before = outcomes()
    await rejectionOf(open(silent()).introspect("token", { timeout: "20 millis" }))
    const after = outcomes()
    expect(after.Unavailable).toBe((before.Unavailable ?? 0) + 1)
    expect(after.interrupted).toBe(before.interrupted)
  })

  test("hands out a stale answer where one may be used", async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { cache: { maxAge: "1 millis" }, staleIfError: "1 minute" })
    await auth.introspect("token")
    await new Promise((resolve) => setTimeout(resolve, 5))
    transport.respond = () => Effect.never
    const stale = await auth.introspect("token", { timeout: "20 millis" })
    expect(stale).toMatchObject({ active: true, source: { stale: true } })
  })

  test("of one caller leaves another one's request alone", async () => {
    const transport = vendor(() => Effect.delay(active(), "60 millis"))
    const auth = open(transport)
    const hasty = rejectionOf(auth.introspect("token", { timeout: "20 millis" }))
    const patient = auth.introspect("token", { timeout: "5 seconds" })
    expect(await hasty).toMatchObject({ reason: { _tag: "Unavailable" } })
    expect(await patient).toMatchObject({ active: true })
  })

  test("leaves no timer behind once the call was answered", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length
    const auth = open(vendor(() => active()))
    const before = timers()
    await auth.introspect("token", { timeout: "1 minute" })
    expect(timers()).toBe(before)
  })

  test("does not hide that the caller aborted the call", async () => {
    const aborted = new Error("the caller left")
    const controller = new AbortController()
    const call = rejectionOf(open(silent()).introspect("token", { timeout: "1 minute", signal: controller.signal }))
    controller.abort(aborted)
    expect(await call).toBe(aborted)
  })
})
