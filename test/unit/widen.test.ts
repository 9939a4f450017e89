import * as Effect from "effect/Effect"
import type { AnyProvider, Operation } from "latchkey"
import { describe, expect, test } from "vitest"
import { methodOf, overOperations } from "../../src/core/over-operations.ts"
import { widen } from "../../src/core/widen.ts"
import { allOperations, lists, operations, optionsIndex } from "../../src/ports/operations.ts"
import type { Identity } from "../../src/ports/provider.ts"
import { supports } from "../../src/ports/provider.ts"

const succeed = (value: string) => () => Effect.succeed(value)

const narrow: Identity & Readonly<Record<string, unknown>> = {
  id: "acme",
  can: new Set<Operation>(["introspect", "clients.get"]),
  instead: { "clients.rotateSecret": "clients.patch with a new secret" },
  introspect: succeed("introspected"),
  clients: { get: succeed("got") },
}

const call = async (provider: Identity, operation: Operation): Promise<unknown> => {
  const method = methodOf(provider, operation)
  return method === undefined ? undefined : Effect.runPromise(Effect.result(method()))
}

describe("the list of operations", () => {
  test("names every operation of every group once, with its standard", () => {
    const groups = allOperations.map((name) => name.split(".")[0])
    expect(new Set(allOperations).size).toBe(allOperations.length)
    expect(allOperations).toHaveLength(46)
    expect(groups.filter((name) => name === "clients")).toHaveLength(9)
    expect(groups.filter((name) => name === "consent")).toHaveLength(12)
    for (const name of allOperations) expect(operations[name].length).toBeGreaterThan(5)
  })

  test("has the operations that return pages, and the position of the options", () => {
    expect(lists).toEqual(["clients.list", "consent.listSessions", "trust.list"])
    expect(optionsIndex("exchange")).toBe(2)
    expect(allOperations.filter((name) => name !== "exchange").every((name) => optionsIndex(name) === 1)).toBe(true)
  })
})

describe("a widened provider", () => {
  const wide: AnyProvider = widen(narrow)

  test("has every operation", () => {
    for (const name of allOperations) expect(methodOf(wide, name)).toBeTypeOf("function")
  })

  test.each(allOperations.filter((name) => !narrow.can.has(name)))(
    "does not support %s, which the vendor lacks",
    async (name) => {
      expect(await call(wide, name)).toMatchObject({
        failure: {
          _tag: "AuthError",
          provider: "acme",
          operation: name,
          reason: { _tag: "UnsupportedOperation", standard: operations[name] },
        },
      })
    },
  )

  test("has the vendor's `instead` in its errors, if any", async () => {
    const instead = "clients.patch with a new secret"
    expect(await call(wide, "clients.rotateSecret")).toHaveProperty("failure.reason.instead", instead)
    expect(await call(wide, "revoke")).not.toHaveProperty("failure.reason.instead")
  })

  test("keeps the same functions for the vendor's operations", () => {
    for (const name of narrow.can) expect(methodOf(wide, name)).toBe(methodOf(narrow, name))
    expect(wide.id).toBe("acme")
    expect(wide.can).toBe(narrow.can)
  })

  test("supports only the vendor's operations", () => {
    expect(supports(wide, "introspect")).toBe(true)
    expect(supports(wide, "clients.get")).toBe(true)
    expect(supports(wide, "clients.list")).toBe(false)
    expect(supports(wide, "revoke")).toBe(false)
  })

  test("never changes the narrow provider", () => {
    expect(Object.keys(narrow)).toEqual(["id", "can", "instead", "introspect", "clients"])
    expect(Object.keys(narrow.clients as object)).toEqual(["get"])
  })

  test("works the same when it is widened again", async () => {
    expect(await call(widen(wide), "introspect")).toMatchObject({ success: "introspected" })
    expect(await call(widen(wide), "revoke")).toHaveProperty("failure.reason._tag", "UnsupportedOperation")
  })
})

describe("overOperations", () => {
  test("replaces operations with functions that call the old ones, in groups too", async () => {
    const loud = overOperations(narrow, (name, method) => () => Effect.map(method(), (value) => `${name}: ${value}!`))
    expect(await call(loud, "introspect")).toMatchObject({ success: "introspect: introspected!" })
    expect(await call(loud, "clients.get")).toMatchObject({ success: "clients.get: got!" })
  })

  test("keeps an operation when the callback returns undefined", () => {
    const changed = overOperations(narrow, (name) => (name === "introspect" ? succeed("other") : undefined))
    expect(methodOf(changed, "clients.get")).toBe(methodOf(narrow, "clients.get"))
    expect(methodOf(changed, "introspect")).not.toBe(methodOf(narrow, "introspect"))
    expect(overOperations(narrow, () => undefined)).toBe(narrow)
  })

  test("visits only the operations of the provider", () => {
    const visited: Array<string> = []
    overOperations(narrow, (name) => {
      visited.push(name)
      return undefined
    })
    expect(visited).toEqual(["introspect", "clients.get"])
  })

  test("never changes the original provider or its groups", async () => {
    overOperations(narrow, () => succeed("other"))
    expect(await call(narrow, "introspect")).toMatchObject({ success: "introspected" })
    expect(await call(narrow, "clients.get")).toMatchObject({ success: "got" })
  })

  test("keeps the other members of a group", () => {
    const provider = {
      ...narrow,
      can: new Set<Operation>(["clients.get", "clients.remove"]),
      clients: { get: succeed("g"), remove: succeed("r") },
    }
    const changed = overOperations(provider, (name) => (name === "clients.get" ? succeed("x") : undefined))
    expect(changed.clients.remove).toBe(provider.clients.remove)
  })
})
