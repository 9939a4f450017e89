import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { AnyAuth, AuthError, TokenState } from "latchkey"
import { describe, expect, test } from "vitest"
import { policiesOf } from "../../src/core/policies/compose.ts"
import { type Layers, layersOf, type Policy } from "../../src/core/policies/layer.ts"
import { withPromises } from "../../src/core/promise.ts"
import type { Identity } from "../../src/ports/provider.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, provider, run, tokens, type Vendor, vendor } from "./vendor.ts"

const noOp: Policy = () => (_, inner) => ({ ...inner })

const config = { staleIfError: "1 hour", retry: false } as const

const open = (transport: Vendor): Identity => Effect.runSync(Effect.scoped(provider(transport, config)))

/** The layers of a provider, with a policy inserted before the policy at this position. */
const layersWith = (exact: Identity, position: number, policy: Policy): Layers =>
  layersOf(exact, policiesOf(exact).toSpliced(position, 0, policy))

const positions = Array.from({ length: policiesOf(open(vendor(() => active()))).length + 1 }, (_, index) => index)

const introspect = (layers: Layers, options?: object) =>
  layers.get("introspect")?.call("token", options) as Effect.Effect<TokenState, AuthError>

/** Runs a call that hangs, moves the clock past its timeout, and returns the result. */
const runToTimeout = <A>(call: Effect.Effect<A, AuthError>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(call, { startImmediately: true })
    yield* TestClock.adjust("2 seconds")
    return yield* Fiber.join(fiber)
  })

describe("the composition", () => {
  test("has nine policies with retries off, so there are ten positions", () => {
    expect(positions).toHaveLength(10)
  })
})

describe.each(positions)("with a no-op policy at position %d", (position) => {
  test("a cached introspection is returned without a fiber", async () => {
    const transport = vendor(() => active({ exp: Math.floor(Date.now() / 1000) + 3600 }))
    const exact = open(transport)
    let calls = 0
    const counted = new Map(layersWith(exact, position, noOp))
    const layer = counted.get("introspect")
    if (layer === undefined) throw new Error("introspect has no layer")
    counted.set("introspect", {
      ...layer,
      call: (...args) => {
        calls += 1
        return layer.call(...args)
      },
    })
    const auth = withPromises(exact, counted) as AnyAuth
    expect(await auth.introspect("token")).toMatchObject({ active: true })
    expect(calls).toBe(1)
    expect(await auth.introspect("token")).toMatchObject({ active: true })
    expect(await auth.introspect("token", { freshness: { maxAge: "1 minute" } })).toMatchObject({ active: true })
    expect(calls).toBe(1)
    expect(transport.requests).toHaveLength(1)
  })

  test("a stale answer is returned when the timeout of a call expires", async () => {
    const transport = vendor(() => active())
    const layers = layersWith(open(transport), position, noOp)
    const state = await run(
      Effect.gen(function* () {
        yield* introspect(layers)
        transport.respond = () => Effect.never
        yield* TestClock.adjust("1 minute")
        return yield* runToTimeout(introspect(layers, { timeout: "1 second" }))
      }),
    )
    expect(state).toMatchObject({ active: true, source: { stale: true } })
  })

  test("a cached service token is returned when the timeout of a call expires", async () => {
    const transport = vendor(() => tokens())
    const layers = layersWith(open(transport), position, noOp)
    const clientCredentials = (options?: object) =>
      layers.get("clientCredentials")?.call(undefined, options) as Effect.Effect<unknown, AuthError>
    const result = await run(
      Effect.gen(function* () {
        yield* clientCredentials()
        transport.respond = () => Effect.succeed(json({}, 503))
        yield* TestClock.adjust("595 seconds")
        return yield* runToTimeout(clientCredentials({ timeout: "1 second" }))
      }),
    )
    expect(result).toMatchObject({ accessToken: "issued" })
  })
})
