import * as Effect from "effect/Effect"
import { createAuth, fromEnv } from "latchkey"
import { describe, expect, test } from "vitest"
import { active, provider, vendor } from "./vendor.ts"

const invalid: ReadonlyArray<readonly [string, object]> = [
  ["cache", { cache: true }],
  ["cache", { cache: null }],
  ["cache.maxAge", { cache: { maxAge: "0 millis" } }],
  ["cache.maxAge", { cache: { maxAge: 30 } }],
  ["timeout", { timeout: 10 }],
  ["timeout", { timeout: "30 days" }],
  ["cache.maxAge", { cache: { maxAge: "2 hours" } }],
  ["cache.maxAge", { cache: { maxAge: "soon" } }],
  ["cache.inactiveMaxAge", { cache: { inactiveMaxAge: "-1 seconds" } }],
  ["cache.inactiveMaxAge", { cache: { inactiveMaxAge: "2 minutes" } }],
  ["cache.entries", { cache: { entries: 0 } }],
  ["cache.entries", { cache: { entries: 1.5 } }],
  ["cache.entries", { cache: { entries: Number.POSITIVE_INFINITY } }],
  ["cache.bytes", { cache: { bytes: 10 } }],
  ["cache.ttl", { cache: { ttl: 10 } }],
  ["singleFlight", { singleFlight: true }],
  ["staleIfError", { staleIfError: "0 seconds" }],
  ["staleIfError", { staleIfError: "2 days" }],
  ["staleIfError", { staleIfError: "1 minute", cache: false }],
  ["tokenCache", { tokenCache: {} }],
  ["retry", { retry: 3 }],
  ["retry.attempts", { retry: { attempts: 0 } }],
  ["retry.attempts", { retry: { attempts: 11 } }],
  ["retry.baseDelay", { retry: { baseDelay: Number.NaN } }],
  ["retry.maxDelay", { retry: { maxDelay: "1 hour" } }],
  ["circuitBreaker", { circuitBreaker: {} }],
  ["circuitBreaker", { circuitBreaker: { failures: 5 } }],
  ["circuitBreaker", { circuitBreaker: { openFor: "5 seconds" } }],
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
  test.each(invalid)("out of its range is rejected with its path: %s in %j", (path, changes) => {
    expect(make(changes)).toThrowError(
      expect.objectContaining({
        reason: { _tag: "InvalidConfig", issues: [{ path, message: expect.stringMatching(/\S/) }] },
      }),
    )
  })

  test.each([
    { cache: { maxAge: "1 hour", inactiveMaxAge: "1 minute", entries: 1, bytes: 1024 } },
    { staleIfError: "1 day" },
    { retry: { attempts: 10, baseDelay: "10 seconds", maxDelay: "1 minute" } },
    { cache: false, singleFlight: false, tokenCache: false, retry: false, circuitBreaker: false, trace: false },
    { cache: undefined, retry: undefined },
  ])("at a limit of its range is accepted: %j", (changes) => {
    expect(make(changes)).not.toThrow()
  })

  test.each([
    ["failures", { failures: 5 }],
    ["openFor", { openFor: "5 seconds" }],
  ])(
    "names an option of the circuit breaker that was removed, in code and in the environment: %s",
    async (name, value) => {
      expect(make({ circuitBreaker: value } as never)).toThrow(`"${name}" was removed: `)
      const variables = {
        ...{ LATCHKEY_PROVIDER: "polar", LATCHKEY_CLIENT_ID: "service", LATCHKEY_CLIENT_SECRET: "secret" },
        LATCHKEY_CIRCUIT_BREAKER: JSON.stringify(value),
      }
      const { reason } = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(variables))))
      expect(reason).toMatchObject({
        issues: [{ path: "LATCHKEY_CIRCUIT_BREAKER", message: expect.stringContaining(`"${name}" was removed: `) }],
      })
    },
  )

  test("is read from the environment as JSON, and rejected under the variable's name", async () => {
    const env = {
      LATCHKEY_PROVIDER: "polar",
      LATCHKEY_CLIENT_ID: "service",
      LATCHKEY_CLIENT_SECRET: "secret",
    }
    const policies = {
      LATCHKEY_CACHE: '{"maxAge":"30 seconds"}',
      LATCHKEY_RETRY: "false",
      LATCHKEY_CIRCUIT_BREAKER: "false",
      LATCHKEY_STALE_IF_ERROR: "5 minutes",
      LATCHKEY_SINGLE_FLIGHT: "false",
      LATCHKEY_TOKEN_CACHE: "false",
      LATCHKEY_TRACE: "false",
      LATCHKEY_TIMEOUT: "2s",
    }
    const configured = await Effect.runPromise(Effect.scoped(fromEnv({ ...env, ...policies })))
    expect(configured.policies).toEqual({
      cache: { maxAge: "30 seconds" },
      retry: false,
      circuitBreaker: false,
      staleIfError: "5 minutes",
      timeout: "2s",
      singleFlight: false,
      tokenCache: false,
      trace: false,
    })
    const error = await Effect.runPromise(
      Effect.flip(Effect.scoped(fromEnv({ ...env, LATCHKEY_CACHE: '{"maxAge":30}', LATCHKEY_RETRY: "{" }))),
    )
    expect(error.reason).toMatchObject({
      issues: expect.arrayContaining([
        expect.objectContaining({ path: "LATCHKEY_CACHE.maxAge" }),
        { path: "LATCHKEY_RETRY", message: "expected JSON, such as {...}" },
      ]),
    })
  })
})
