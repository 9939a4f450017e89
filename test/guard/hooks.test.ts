/** Hooks, shared refusals, and the signal of a long response. */
import { getEventListeners } from "node:events"
import { PassThrough } from "node:stream"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { expirySignal } from "../../src/guard/expiry-signal.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import type { Behaviour } from "./row.ts"
import { active, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const request = { method: "GET", target: "/orders", header: () => `Bearer ${token}` }

const decide = (auth: Behaviour, options: GuardOptions = {}, needs = {}) =>
  makeGuard(stubAuth(auth), options)(needs)(request)

describe("a hook that fails", () => {
  const fault = { fails: { _tag: "InvalidClient" } } as const
  const boom = () => {
    throw new Error("of the hook")
  }
  it.each<[string, () => never | Promise<never>]>([
    ["throws", boom],
    ["rejects", async () => boom()],
  ])("changes no response: it %s", async (_, hook) => {
    const unhandled = vi.fn()
    process.on("unhandledRejection", unhandled)
    const decision = await decide(fault, { onRefusal: hook, onError: hook })
    await new Promise(setImmediate)
    process.off("unhandledRejection", unhandled)
    expect(decision).toEqual(await decide(fault, { onError: () => undefined }))
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe("onError", () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it("gets each error that an operator must correct, as the client throws it", async () => {
    const onError = vi.fn()
    const check = makeGuard(stubAuth({ fails: { _tag: "InvalidClient" } }), { onError })()
    await check(request)
    await check(request)
    expect(onError).toHaveBeenCalledTimes(2)
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ _tag: "AuthError", reason: { _tag: "InvalidClient" } })
  })

  it("names the setting that brings the scopes", async () => {
    const onError = vi.fn()
    const { scopes: _, ...unknown } = active()
    await decide(unknown, { onError }, { scopes: ["orders:read"] })
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ reason: { issues: [{ path: "token.scopes" }] } })
  })

  it("is called at most once a minute for tokens without the claims of the login", async () => {
    const onError = vi.fn()
    const check = makeGuard(stubAuth(active()), { onError })({ acr: ["mfa"] })
    await check(request)
    vi.advanceTimersByTime(59_000)
    await check(request)
    expect(onError).toHaveBeenCalledTimes(1)
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ reason: { issues: [{ path: "acr, maxAuthAge" }] } })
    vi.advanceTimersByTime(1000)
    await check(request)
    expect(onError).toHaveBeenCalledTimes(2)
  })

  it.each<[string, Behaviour, object]>([
    ["an inactive token", { active: false }, {}],
    ["a missing scope", active(), { scopes: ["orders:write"] }],
    ["an outage", { fails: { _tag: "Unavailable", detail: "down" } }, {}],
    ["a weak login", active({ acr: "pwd" }), { acr: ["mfa"] }],
  ])("is not called for %s", async (_, auth, needs) => {
    const onError = vi.fn()
    const onRefusal = vi.fn()
    await decide(auth, { onError, onRefusal }, needs)
    expect(onError).not.toHaveBeenCalled()
    expect(onRefusal).toHaveBeenCalledTimes(1)
  })
})

describe("shared refusals", () => {
  it("cannot be changed by those who get them", async () => {
    const check = makeGuard(stubAuth({ active: false }))()
    const [first, second] = [await check(request), await check(request)]
    if (first.ok || second.ok) return expect.unreachable()
    expect(first.refusal).toBe(second.refusal)
    expect(Object.isFrozen(first.refusal)).toBe(true)
    expect(Object.isFrozen(first.refusal.headers)).toBe(true)
  })
})

describe("expirySignal", () => {
  const now = new Date("2026-11-28T12:00:00Z")
  beforeEach(() => void vi.useFakeTimers({ now }))
  afterEach(() => void vi.useRealTimers())
  const endingIn = (milliseconds: number) => ({ expiresAt: new Date(now.getTime() + milliseconds) })

  it.each([1000, 2 ** 31 - 1, 2 ** 31, 90 * 86_400_000])("is aborted when the token expires, in %i ms", (left) => {
    const signal = expirySignal(endingIn(left))
    vi.advanceTimersByTime(left - 1)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ name: "TimeoutError" })
    expect(vi.getTimerCount()).toBe(0)
  })

  it("is aborted at once for a token that has expired", () => {
    expect(expirySignal(endingIn(-1)).aborted).toBe(true)
  })

  it("is never aborted for a token without an end", () => {
    const signal = expirySignal({})
    vi.advanceTimersByTime(2 ** 33)
    expect(signal.aborted).toBe(false)
  })

  it("ends with the response of Node, and stops its timer", () => {
    const response = new PassThrough()
    const signal = expirySignal(endingIn(1000), response)
    expect([signal.aborted, vi.getTimerCount()]).toEqual([false, 1])
    response.emit("close")
    expect([signal.aborted, vi.getTimerCount()]).toEqual([true, 0])
  })

  it("keeps no listener of another signal that outlives it", () => {
    const other = new AbortController()
    const signals = [endingIn(-1), endingIn(1000)].map((token) => expirySignal(token, other.signal))
    vi.advanceTimersByTime(1000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(getEventListeners(other.signal, "abort")).toEqual([])
  })

  it("ends with the other signal, and stops its timer", () => {
    const other = new AbortController()
    const signal = expirySignal(endingIn(1000), other.signal)
    expect(vi.getTimerCount()).toBe(1)
    other.abort("gone")
    expect(signal.reason).toBe("gone")
    expect(vi.getTimerCount()).toBe(0)
    expect(expirySignal(endingIn(1000), AbortSignal.abort("before")).reason).toBe("before")
    expect(vi.getTimerCount()).toBe(0)
  })
})
