/** The reports about a replay store that cannot be used. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { makeGuard } from "../../../src/guard/guard.ts"
import { memoryReplayStore, type ReplayStore } from "../../../src/guard/replay.ts"
import { active } from "../row.ts"
import { clientKey, proof, request } from "./proof-maker.ts"

const key = await clientKey()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "performance"] })
})
afterEach(() => {
  vi.useRealTimers()
})

const open = (replay: ReplayStore) => {
  const [onError, onRefusal] = [vi.fn(), vi.fn()]
  const auth = {
    id: "test",
    introspect: async (token: string) =>
      token === "without-acr" ? active() : active({ confirmation: { jkt: key.jkt }, acr: "mfa" }),
  }
  const check = makeGuard(auth, { publicUrl: "https://api.example", dpop: { replay }, onError, onRefusal })({
    acr: ["mfa"],
  })
  const send = (headers: Readonly<Record<string, string>>) =>
    check({ method: "POST", target: "/orders", header: (name) => headers[name] })
  const prove = () => send({ authorization: `DPoP ${request.token}`, dpop: proof(key) })
  return { onError, onRefusal, send, prove }
}

describe("a replay store that fails", () => {
  const down = new Error("connect ECONNREFUSED")
  const failing: ReplayStore = { reserve: () => Promise.reject(down) }

  test("reaches onRefusal for each request, and onError once a minute with its own error as the cause", async () => {
    const { onError, onRefusal, prove } = open(failing)
    for (let count = 0; count < 3; count++) await prove()
    expect(onRefusal.mock.calls.map(([{ situation }]) => situation)).toEqual(Array(3).fill("replay-store-unavailable"))
    expect(onError).toHaveBeenCalledTimes(1)
    const [error] = onError.mock.calls[0] ?? []
    expect(error).toMatchObject({ cause: down, message: expect.stringContaining("replay store") })
    expect(error.message).toContain("ECONNREFUSED")
    vi.advanceTimersByTime(60_000)
    await prove()
    expect(onError).toHaveBeenCalledTimes(2)
  })

  test("is reported although the token of another caller was reported just before", async () => {
    const { onError, send, prove } = open(failing)
    await send({ authorization: "Bearer without-acr" })
    await prove()
    expect(onError.mock.calls.map(([{ message }]) => message)).toEqual([
      expect.stringContaining("acr"),
      expect.stringContaining("replay store"),
    ])
  })

  test.each<[string, ReplayStore["reserve"], string]>([
    ["does not answer", () => new Promise<never>(() => undefined), "no answer within 3000 ms"],
    ["answers something else", async () => "maybe" as "fresh", 'expected "fresh" or "seen"'],
  ])("is reported when it %s", async (_, reserve, text) => {
    const reserved = vi.fn(reserve)
    const { onError, prove } = open({ reserve: reserved })
    const decided = prove()
    while (reserved.mock.calls.length === 0) await Promise.resolve()
    await vi.advanceTimersByTimeAsync(3000)
    await decided
    expect(onError.mock.calls[0]?.[0].message).toContain(text)
  })
})

describe("a replay store in memory", () => {
  test("that is full is reported", async () => {
    const { onError, prove } = open(memoryReplayStore({ maxEntries: 1, maxShare: 1 }))
    await prove()
    await prove()
    expect(onError.mock.calls[0]?.[0].message).toContain("is full")
  })

  test("whose share one key has used up is not reported, because an operator has nothing to do", async () => {
    const { onError, onRefusal, prove } = open(memoryReplayStore({ maxEntries: 100, maxShare: 0.01 }))
    await prove()
    await prove()
    expect(onRefusal).toHaveBeenCalledTimes(1)
    expect(onError).not.toHaveBeenCalled()
  })
})
