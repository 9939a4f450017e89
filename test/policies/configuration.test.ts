import * as Effect from "effect/Effect"
import { createAuth, fromEnv } from "latchkey"
import { describe, expect, test } from "vitest"
import { active, provider, vendor } from "./vendor.ts"

const wrong: ReadonlyArray<readonly [string, object]> = [
  ["cache", { cache: true }],
  ["cache", { cache: null }],
  ["cache.maxAge", { cache: { maxAge: 0 } }],
  ["cache.maxAge", { cache: { maxAge: "2 hours" } }],
  ["cache.maxAge", { cache: { maxAge: "soon" } }],
  ["cache.inactiveMaxAge", { cache: { inactiveMaxAge: -1 } }],
  ["cache.inactiveMaxAge", { cache: { inactiveMaxAge: "2 minutes" } }],
  ["cache.entries", { cache: { entries: 0 } }],
  ["cache.entries", { cache: { entries: 1.5 } }],
  ["cache.entries", { cache: { entries: Number.POSITIVE_INFINITY } }],
  ["cache.bytes", { cache: { bytes: 10 } }],
  ["cache.ttl", { cache: { ttl: 10 } }],
  ["singleFlight", { singleFlight: true }],
  ["staleIfUnavailable", { staleIfUnavailable: 0 }],
  ["staleIfUnavailable", { staleIfUnavailable: "2 days" }],
  ["staleIfUnavailable", { staleIfUnavailable: "1 minute", cache: false }],
  ["ownTokens", { ownTokens: {} }],
  ["retry", { retry: 3 }],
  ["retry.times", { retry: { times: 0 } }],
  ["retry.times", { retry: { times: 11 } }],
  ["retry.wait", { retry: { wait: Number.NaN } }],
  ["retry.maxWait", { retry: { maxWait: "1 hour" } }],
  ["breaker.failures", { breaker: { failures: 0 } }],
  ["breaker.coolDown", { breaker: { coolDown: 0 } }],
  ["breaker.coolDown", { breaker: { coolDown: "1 hour" } }],
  ["trace", { trace: "no" }],
]

const make = (changes: object) => () =>
  createAuth(
    provider(
      vendor(() => active()),
      changes,
    ),
  )

describe("a policy", () => {
  test.each(wrong)("out of its range is refused by its path: %s in %j", (path, changes) => {
    expect(make(changes)).toThrowError(
      expect.objectContaining({
        reason: { _tag: "InvalidConfig", issues: [{ path, message: expect.stringMatching(/\S/) }] },
      }),
    )
  })

  test.each([
    { cache: { maxAge: "1 hour", inactiveMaxAge: "1 minute", entries: 1, bytes: 1024 } },
    { staleIfUnavailable: "1 day" },
    { retry: { times: 10, wait: "10 seconds", maxWait: "1 minute" } },
    { breaker: { failures: 1000, coolDown: "10 minutes" } },
    { cache: false, singleFlight: false, ownTokens: false, retry: false, breaker: false, trace: false },
    { cache: undefined, retry: undefined },
  ])("at the edge of its range is taken: %j", (changes) => {
    expect(make(changes)).not.toThrow()
  })

  test("comes from the environment as JSON, and is refused under the variable's name", async () => {
    const env = {
      LATCHKEY_PROVIDER: "polar",
      LATCHKEY_CLIENT_ID: "service",
      LATCHKEY_CLIENT_SECRET: "secret",
    }
    const policies = {
      LATCHKEY_CACHE: '{"maxAge":"30 seconds"}',
      LATCHKEY_RETRY: "false",
      LATCHKEY_BREAKER: '{"failures":3}',
      LATCHKEY_STALE_IF_UNAVAILABLE: "5 minutes",
      LATCHKEY_SINGLE_FLIGHT: "false",
      LATCHKEY_OWN_TOKENS: "false",
      LATCHKEY_TRACE: "false",
    }
    const made = await Effect.runPromise(Effect.scoped(fromEnv({ ...env, ...policies })))
    expect(made.policies).toEqual({
      cache: { maxAge: 30_000 },
      retry: false,
      breaker: { failures: 3 },
      staleIfUnavailable: 300_000,
      singleFlight: false,
      ownTokens: false,
      trace: false,
    })
    const error = await Effect.runPromise(
      Effect.flip(Effect.scoped(fromEnv({ ...env, LATCHKEY_CACHE: '{"maxAge":0}', LATCHKEY_RETRY: "{" }))),
    )
    expect(error.reason).toMatchObject({
      issues: expect.arrayContaining([
        expect.objectContaining({ path: "LATCHKEY_CACHE.maxAge" }),
        { path: "LATCHKEY_RETRY", message: "expected JSON" },
      ]),
    })
  })
})
