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
const adapterConfig = { clientId: "a", clientSecret: "b" }
const notFound = () => Effect.fail({ _tag: "NotFound" } as const)
const undeclared = (): Record<never, never> => ({ "clients.remove": notFound })

/** What an invalid definition throws: in `define`, or when its adapter makes a provider. */
const thrownBy = (make: () => Effect.Effect<unknown, unknown, Scope.Scope>): unknown => {
  try {
    const exit = Effect.runSyncExit(Effect.scoped(make()))
    return Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? Cause.squash(exit.cause) : undefined
  } catch (error) {
    return error
  }
}

const open = <P>(
  adapter: (config: typeof adapterConfig, options: object) => Effect.Effect<P, unknown, Scope.Scope>,
  ...script: ReadonlyArray<Step>
): P => Effect.runSync(Effect.scoped(Effect.orDie(adapter(adapterConfig, { transport: scripted(...script) }))))

describe("a definition", () => {
  test("that implements an operation outside `can` throws with the operation's name", () => {
    const make = () =>
      define({ ...base, can: ["introspect"], operations: undeclared })(adapterConfig, { transport: scripted() })
    expect(thrownBy(make)).toEqual(new TypeError('acme: "clients.remove" is implemented but not in "can"'))
  })

  test("that overrides an operation outside `can` throws with the operation's name", () => {
    const overrides: Record<never, never> = { revoke: () => notFound }
    const make = () => define({ ...base, can: ["introspect"], overrides })(adapterConfig)
    expect(thrownBy(make)).toEqual(new TypeError('acme: "revoke" is implemented but not in "can"'))
  })

  test("that declares an operation without an implementation throws with the operation's name", () => {
    const noOperations = () => ({}) as { readonly "clients.get": typeof notFound }
    const make = () =>
      define({ ...base, can: ["clients.get"], operations: noOperations })(adapterConfig, { transport: scripted() })
    expect(thrownBy(make)).toEqual(new TypeError('acme: "clients.get" is in "can" but nothing implements it'))
  })

  test("that has an `instead` for an operation in `can` throws at once", () => {
    const make = () => define({ ...base, can: ["introspect"], instead: { introspect: "something else" } })
    expect(make).toThrow(new TypeError('acme: "introspect" is in "can" and has an "instead": remove one'))
  })

  test("makes an adapter that has its id, its operations and its configuration keys as data", () => {
    const adapter = define({ ...base, can: ["introspect", "revoke"] })
    expect(adapter.id).toBe("acme")
    expect(adapter.can).toEqual(["introspect", "revoke"])
    expect(adapter.members).toEqual(settings)
  })
})

describe("a provider made from a definition", () => {
  test("is a plain object with exactly the operations declared", () => {
    const provider = open(
      define({
        ...base,
        can: ["introspect", "clients.get"],
        operations: () => ({ "clients.get": notFound }),
        instead: { "clients.rotateSecret": "patch" },
      }),
    )
    expect(Object.keys(provider).sort()).toEqual([
      "backend",
      "can",
      "clients",
      "events",
      "id",
      "instead",
      "introspect",
      "monitor",
      "policies",
      "tenant",
    ])
    expect(Object.keys(provider.clients)).toEqual(["get"])
    expect([...provider.can]).toEqual(["introspect", "clients.get"])
    expect(provider.instead).toMatchObject({ "clients.rotateSecret": "patch", "clients.create": expect.any(String) })
    expect(provider.instead).not.toHaveProperty("clients.get")
  })

  test("fails with its id and the operation in the error", async () => {
    const provider = open(define({ ...base, can: ["clients.get"], operations: () => ({ "clients.get": notFound }) }))
    const error = await Effect.runPromise(Effect.flip(provider.clients.get("c1")))
    expect(error).toMatchObject({ provider: "acme", operation: "clients.get", reason: { _tag: "NotFound" } })
  })

  test("uses an override instead of the standard operation", async () => {
    const provider = open(define({ ...base, can: ["introspect"], overrides: { introspect: () => notFound } }))
    expect(await reasonOf(provider.introspect("t"))).toEqual({ _tag: "NotFound" })
  })

  test("passes the standard operation to an override", async () => {
    const adapter = define({
      ...base,
      can: ["introspect"],
      overrides: {
        introspect:
          ({ standard }) =>
          (token) =>
            standard.introspect(`${token}!`),
      },
    })
    const transport = scripted(json({ active: false }))
    const provider = Effect.runSync(Effect.scoped(adapter(adapterConfig, { transport })))
    expect(await Effect.runPromise(provider.introspect("t"))).toEqual({ active: false })
    expect(transport.requests[0]?.body).toContain("token=t!&")
  })

  test("applies the vendor's error rows before the standard rows", async () => {
    const rows = [{ status: 400, code: "gone", reason: "NotFound" }] as const
    const adapter = define({ ...base, can: ["introspect"], server: () => ({ ...server(), errors: rows }) })
    const provider = open(adapter, json({ error: "gone" }, 400), json({ error: "other" }, 400))
    expect(await reasonOf(provider.introspect("t"))).toEqual({ _tag: "NotFound" })
    expect(await reasonOf(provider.introspect("t"))).toMatchObject({ _tag: "InvalidRequest", code: "other" })
  })

  test("fails with Unavailable at the timeout of a call", async () => {
    const provider = open(define({ ...base, can: ["introspect"] }), new Promise(() => {}))
    expect(await reasonOf(provider.introspect("t", { timeout: "20 millis" }))).toEqual({
      _tag: "Unavailable",
      detail: "no result within 20 millis, the `timeout` of the call",
    })
  })
})
