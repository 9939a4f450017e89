import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { AuthError, type Operation } from "latchkey"
import { Auth, make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { widen } from "../../src/core/widen.ts"
import { json, scripted } from "./scripted-transport.ts"
import { configuration } from "./standard-server.ts"

type Program = Effect.Effect<unknown, AuthError, Auth>

const introspect = Effect.flatMap(Auth, (auth) => auth.introspect("t"))

const closable = () => {
  const log: Array<string> = []
  const provider = Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => log.push("opened")),
      () => Effect.sync(() => log.push("closed")),
    ),
    () => widen({ id: "acme", can: new Set<Operation>(["revoke"]), instead: {}, ...{ revoke: () => Effect.void } }),
  )
  return { provider, log }
}

describe("Auth.layer", () => {
  test("provides the service of a provider", async () => {
    const layer = Auth.layer(oidc(configuration, { transport: scripted(json({ active: false })) }))
    expect(await Effect.runPromise(Effect.provide(introspect, layer))).toEqual({ active: false })
  })

  test("provides every operation; a missing one fails as unsupported, a missing list in its stream", async () => {
    const layer = Auth.layer(oidc(configuration, { transport: scripted() }))
    const unsupported: ReadonlyArray<Program> = [
      Effect.flatMap(Auth, (auth) => auth.clients.get("c1")),
      Effect.flatMap(Auth, (auth) => Stream.runCollect(auth.clients.list())),
    ]
    for (const program of unsupported) {
      const error = await Effect.runPromise(Effect.flip(Effect.provide(program, layer)))
      expect(error).toMatchObject({ provider: "oidc", reason: { _tag: "UnsupportedOperation" } })
    }
  })

  test("takes a configuration, and fails with all its issues", async () => {
    const invalid = { provider: "oidc", issuer: "http://id.example", clientId: "" } as const
    const error = await Effect.runPromise(Effect.flip(Effect.provide(introspect, Auth.layer(invalid))))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/clientId.*clientSecret.*issuer/s)
  })

  test("opens the provider when the layer is built, and closes the provider with the layer's scope", async () => {
    const { provider, log } = closable()
    const layer = Auth.layer(provider)
    expect(log).toEqual([])
    await Effect.runPromise(
      Effect.provide(
        Effect.flatMap(Auth, (auth) => Effect.tap(auth.revoke("t"), () => Effect.sync(() => log.push("revoked")))),
        layer,
      ),
    )
    expect(log).toEqual(["opened", "revoked", "closed"])
  })

  test("closes the provider when the program fails", async () => {
    const { provider, log } = closable()
    await Effect.runPromiseExit(
      Effect.provide(
        Effect.flatMap(Auth, () => Effect.die("oh")),
        Auth.layer(provider),
      ),
    )
    expect(log).toEqual(["opened", "closed"])
  })
})

describe("Auth.layerTest", () => {
  const layer = Auth.layerTest({
    introspect: () => Effect.succeed({ active: false }),
    clients: { list: () => Stream.make({ clientId: "c1" }) },
  })

  test("provides the given operations, in groups too", async () => {
    expect(await Effect.runPromise(Effect.provide(introspect, layer))).toEqual({ active: false })
    const list = Effect.flatMap(Auth, (auth) => Stream.runCollect(auth.clients.list()))
    expect(await Effect.runPromise(Effect.provide(list, layer))).toEqual([{ clientId: "c1" }])
  })

  test("leaves every other operation unsupported, also in a group with given operations", async () => {
    const others: ReadonlyArray<Program> = [
      Effect.flatMap(Auth, (auth) => auth.clients.get("c1")),
      Effect.flatMap(Auth, (auth) => auth.revoke("t")),
      Effect.flatMap(Auth, (auth) => Stream.runCollect(auth.trust.list())),
    ]
    for (const other of others)
      expect(await Effect.runPromise(Effect.flip(Effect.provide(other, layer)))).toMatchObject({
        provider: "test",
        reason: { _tag: "UnsupportedOperation" },
      })
  })

  test("takes an `id` and a `can`", async () => {
    const named = Auth.layerTest({ id: "acme", can: new Set<Operation>(["revoke"]) })
    const auth = await Effect.runPromise(
      Effect.provide(
        Effect.map(Auth, (each) => each),
        named,
      ),
    )
    expect(auth.id).toBe("acme")
    expect([...auth.can]).toEqual(["revoke"])
  })
})

describe("make", () => {
  test("provides only the operations of the vendor", async () => {
    const auth = await Effect.runPromise(Effect.scoped(make(oidc(configuration, { transport: scripted() }))))
    expect("clients" in auth).toBe(false)
    expect(auth.introspect).toBeTypeOf("function")
  })

  test("closes the provider with the scope", async () => {
    const { provider, log } = closable()
    const scope = await Effect.runPromise(Scope.make())
    await Effect.runPromise(Scope.provide(make(provider), scope))
    expect(log).toEqual(["opened"])
    await Effect.runPromise(Scope.close(scope, Exit.void))
    expect(log).toEqual(["opened", "closed"])
  })

  test("works in a hand-written layer", async () => {
    const layer = Layer.effect(
      Auth,
      Effect.map(make(closable().provider), (auth) => auth),
    )
    expect(
      await Effect.runPromise(
        Effect.provide(
          Effect.flatMap(Auth, (auth) => auth.revoke("t")),
          layer,
        ),
      ),
    ).toBeUndefined()
  })
})
