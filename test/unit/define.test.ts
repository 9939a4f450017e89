import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { define, settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { json, reasonOf, type Step, scripted } from "./scripted-transport.ts"

const config = z.strictObject(settings)
const server = () =>
  ({
    issuer: "https://a.example",
    metadataUrl: "https://a.example/m",
    endpoints: { introspectionEndpoint: "https://a.example/i" },
    clientAuth: "client_secret_basic",
  }) as const
const base = { id: "acme", config, server }
const written = { clientId: "a", clientSecret: "b" }
const done = () => Effect.fail({ _tag: "NotFound" } as const)
const stray = (): Record<never, never> => ({ "clients.remove": done })

/** What is thrown where a definition is wrong: by `define`, or when its adapter makes a provider. */
const thrown = (make: () => Effect.Effect<unknown, unknown, Scope.Scope>): unknown => {
  try {
    const exit = Effect.runSyncExit(Effect.scoped(make()))
    return Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.squash(exit.cause) : undefined
  } catch (error) {
    return error
  }
}

const open = <P>(
  adapter: (config: typeof written, options: object) => Effect.Effect<P, unknown, Scope.Scope>,
  ...script: ReadonlyArray<Step>
): P => Effect.runSync(Effect.scoped(Effect.orDie(adapter(written, { transport: scripted(...script) }))))

describe("a definition", () => {
  test("that implements an operation outside `can` throws, naming it", () => {
    const make = () => define({ ...base, can: ["introspect"], operations: stray })(written, { transport: scripted() })
    expect(thrown(make)).toEqual(new TypeError('acme: "clients.remove" is implemented but not in "can"'))
  })

  test("that overrides an operation outside `can` throws, naming it", () => {
    const override = (): Record<never, never> => ({ revoke: done })
    const make = () => define({ ...base, can: ["introspect"], override })(written, { transport: scripted() })
    expect(thrown(make)).toEqual(new TypeError('acme: "revoke" is implemented but not in "can"'))
  })

  test("that declares an operation nobody implements throws, naming it", () => {
    const none = () => ({}) as { readonly "clients.get": typeof done }
    const make = () => define({ ...base, can: ["clients.get"], operations: none })(written, { transport: scripted() })
    expect(thrown(make)).toEqual(new TypeError('acme: "clients.get" is in "can" but nothing implements it'))
  })

  test("that says what to use instead of something it has throws at once", () => {
    const wrong = () => define({ ...base, can: ["introspect"], instead: { introspect: "something else" } })
    expect(wrong).toThrow(new TypeError('acme: "introspect" is in "can", so there is no need of an "instead"'))
  })

  test("carries its id, its operations and the names of its configuration as data", () => {
    const adapter = define({ ...base, can: ["introspect", "revoke"] })
    expect(adapter.id).toBe("acme")
    expect(adapter.can).toEqual(["introspect", "revoke"])
    expect(adapter.keys).toEqual(Object.keys(settings))
  })
})

describe("a provider made from it", () => {
  test("is a plain object with exactly the operations declared", () => {
    const provider = open(
      define({
        ...base,
        can: ["introspect", "clients.get"],
        operations: () => ({ "clients.get": done }),
        instead: { "clients.rotateSecret": "patch" },
      }),
    )
    expect(Object.keys(provider).sort()).toEqual([
      "backend",
      "can",
      "clients",
      "id",
      "instead",
      "introspect",
      "policies",
    ])
    expect(Object.keys(provider.clients)).toEqual(["get"])
    expect([...provider.can]).toEqual(["introspect", "clients.get"])
    expect(provider.instead).toEqual({ "clients.rotateSecret": "patch" })
  })

  test("names itself and the operation in a failure of its own", async () => {
    const provider = open(define({ ...base, can: ["clients.get"], operations: () => ({ "clients.get": done }) }))
    const error = await Effect.runPromise(Effect.flip(provider.clients.get("c1")))
    expect(error).toMatchObject({ provider: "acme", operation: "clients.get", reason: { _tag: "NotFound" } })
  })

  test("prefers an override to the standard operation", async () => {
    const provider = open(define({ ...base, can: ["introspect"], override: () => ({ introspect: done }) }))
    expect(await reasonOf(provider.introspect("t"))).toEqual({ _tag: "NotFound" })
  })

  test("hands the standard operation to the override that wraps it", async () => {
    const adapter = define({
      ...base,
      can: ["introspect"],
      override: (standard) => ({ introspect: (token) => standard.introspect(`${token}!`) }),
    })
    const door = scripted(json({ active: false }))
    const provider = Effect.runSync(Effect.scoped(adapter(written, { transport: door })))
    expect(await Effect.runPromise(provider.introspect("t"))).toEqual({ active: false })
    expect(door.requests[0]?.body).toContain("token=t!&")
  })

  test("asks the vendor's error rows before the standard's", async () => {
    const rows = [{ status: 400, code: "gone", reason: "NotFound" }] as const
    const adapter = define({ ...base, can: ["introspect"], server: () => ({ ...server(), errors: rows }) })
    const provider = open(adapter, json({ error: "gone" }, 400), json({ error: "other" }, 400))
    expect(await reasonOf(provider.introspect("t"))).toEqual({ _tag: "NotFound" })
    expect(await reasonOf(provider.introspect("t"))).toMatchObject({ _tag: "InvalidRequest", code: "other" })
  })

  test("ends a call at its own timeout, as Unavailable", async () => {
    const provider = open(define({ ...base, can: ["introspect"] }), new Promise(() => {}))
    expect(await reasonOf(provider.introspect("t", { timeout: 20 }))).toEqual({
      _tag: "Unavailable",
      detail: "no answer within 20ms",
    })
  })
})
