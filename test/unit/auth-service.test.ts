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
  const made = Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => log.push("opened")),
      () => Effect.sync(() => log.push("closed")),
    ),
    () => widen({ id: "acme", can: new Set<Operation>(["revoke"]), instead: {}, ...{ revoke: () => Effect.void } }),
  )
  return { made, log }
}

describe("Auth.layer", () => {
  test("provides the service of a provider", async () => {
    const layer = Auth.layer(oidc(configuration, { transport: scripted(json({ active: false })) }))
    expect(await Effect.runPromise(Effect.provide(introspect, layer))).toEqual({ active: false })
  })

  test("provides every operation; one that the vendor lacks refuses, a list as a stream", async () => {
    const layer = Auth.layer(oidc(configuration, { transport: scripted() }))
    const refused: ReadonlyArray<Program> = [
      Effect.flatMap(Auth, (auth) => auth.clients.get("c1")),
      Effect.flatMap(Auth, (auth) => Stream.runCollect(auth.clients.list())),
    ]
    for (const program of refused) {
      const error = await Effect.runPromise(Effect.flip(Effect.provide(program, layer)))
      expect(error).toMatchObject({ provider: "oidc", reason: { _tag: "UnsupportedOperation" } })
    }
  })

  test("takes a configuration, and fails with all its problems", async () => {
    const wrong = { provider: "oidc", issuer: "http://id.example", clientId: "" } as const
    const error = await Effect.runPromise(Effect.flip(Effect.provide(introspect, Auth.layer(wrong))))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/clientId.*clientSecret.*issuer/s)
  })

  test("opens when it is built, and closes with its scope", async () => {
    const { made, log } = closable()
    const layer = Auth.layer(made)
    expect(log).toEqual([])
    await Effect.runPromise(
      Effect.provide(
        Effect.flatMap(Auth, (auth) => Effect.tap(auth.revoke("t"), () => Effect.sync(() => log.push("revoked")))),
        layer,
      ),
    )
    expect(log).toEqual(["opened", "revoked", "closed"])
  })

  test("closes when the program fails, too", async () => {
    const { made, log } = closable()
    await Effect.runPromiseExit(
      Effect.provide(
        Effect.flatMap(Auth, () => Effect.die("oh")),
        Auth.layer(made),
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

  test("gives the operations that it was given, in groups too", async () => {
    expect(await Effect.runPromise(Effect.provide(introspect, layer))).toEqual({ active: false })
    const list = Effect.flatMap(Auth, (auth) => Stream.runCollect(auth.clients.list()))
    expect(await Effect.runPromise(Effect.provide(list, layer))).toEqual([{ clientId: "c1" }])
  })

  test("refuses every other, beside those given in a group and elsewhere", async () => {
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

  test("may say who it is and what it can do", async () => {
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
  test("gives one vendor's operations, lists as streams", async () => {
    const auth = await Effect.runPromise(Effect.scoped(make(oidc(configuration, { transport: scripted() }))))
    expect("clients" in auth).toBe(false)
    expect(auth.introspect).toBeTypeOf("function")
  })

  test("is closed with the scope that it was made in", async () => {
    const { made, log } = closable()
    const scope = await Effect.runPromise(Scope.make())
    await Effect.runPromise(Scope.provide(make(made), scope))
    expect(log).toEqual(["opened"])
    await Effect.runPromise(Scope.close(scope, Exit.void))
    expect(log).toEqual(["opened", "closed"])
  })

  test("serves as a layer of the reader's own", async () => {
    const layer = Layer.effect(
      Auth,
      Effect.map(make(closable().made), (auth) => auth),
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
