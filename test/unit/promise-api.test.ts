import * as Effect from "effect/Effect"
import { AuthError, createAuth, type Operation } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test, vi } from "vitest"
import { promised } from "../../src/core/promise.ts"
import { widen } from "../../src/core/widen.ts"
import { policiesOff } from "../policies-off.ts"
import { json, type Step, scripted } from "./scripted-transport.ts"
import { configuration } from "./standard-server.ts"

const open = (...script: ReadonlyArray<Step>) => {
  const transport = scripted(...script)
  return { auth: createAuth(oidc({ ...configuration, ...policiesOff }, { transport })), transport }
}

/** A provider with the given `revoke`, and a log of its opening and closing. */
const closable = (
  revoke: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError> = () => Effect.void,
) => {
  const log: Array<string> = []
  const provider = Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => log.push("opened")),
      () => Effect.sync(() => log.push("closed")),
    ),
    () => widen({ id: "acme", can: new Set<Operation>(["revoke"]), instead: {}, ...{ revoke } }),
  )
  return { auth: promised(provider), log }
}

describe("the Promise API", () => {
  test("resolves with the result of the effect", async () => {
    const { auth } = open(json({ active: false }))
    expect(await auth.introspect("t")).toEqual({ active: false })
  })

  test("rejects with the AuthError itself", async () => {
    const { auth } = open(json({ error: "invalid_client" }, 401))
    const error = await auth.introspect("t").catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ provider: "oidc", operation: "introspect", reason: { _tag: "InvalidClient" } })
  })

  test("rejects when an operation returns something other than an effect, directly or later", async () => {
    const methods: ReadonlyArray<() => Effect.Effect<unknown, AuthError>> = [
      // @ts-expect-error a promise is not an effect
      async () => undefined,
      // @ts-expect-error undefined is not an effect
      () => Effect.flatMap(Effect.yieldNow, () => undefined),
    ]
    for (const revoke of methods) await expect(closable(revoke).auth.revoke("t")).rejects.toThrow("Not a valid effect")
  })

  test.each([
    ["at once", Effect.die(new Error("broken"))],
    ["later", Effect.promise(() => Promise.reject(new Error("broken")))],
  ])("rejects with the defect of a transport that breaks %s", async (_, broken) => {
    await using auth = createAuth(oidc({ ...configuration, ...policiesOff }, { transport: { send: () => broken } }))
    await expect(auth.introspect("t")).rejects.toThrow("broken")
  })

  test("resolves after every child fiber of the operation has ended", async () => {
    const ended: Array<string> = []
    const child = Effect.onExit(Effect.never, () => Effect.map(Effect.yieldNow, () => ended.push("child")))
    const { auth } = closable(() => Effect.asVoid(Effect.forkChild(child, { startImmediately: true })))
    await auth.revoke("t")
    expect(ended).toEqual(["child"])
  })

  test("throws an AuthError for an invalid configuration", () => {
    const create = () => createAuth({ provider: "oidc", issuer: "https://id.example", clientId: "" })
    expect(create).toThrow(AuthError)
    expect(create).toThrow(/clientId: .*; clientSecret: required/)
  })

  test("keeps the `id` and `can` of the provider", () => {
    const { auth } = open()
    expect(auth.id).toBe("oidc")
    expect(auth.can.has("introspect")).toBe(true)
    expect("clients" in auth).toBe(false)
  })

  test("sends no request on creation", () => {
    expect(open().transport.requests).toEqual([])
  })

  test("rejects an unknown option before a request is sent", async () => {
    const { auth, transport } = open()
    const options: object = { colour: "red" }
    await expect(auth.introspect("t", options)).rejects.toHaveProperty("reason._tag", "InvalidRequest")
    expect(transport.requests).toEqual([])
  })
})

describe("an AbortSignal", () => {
  test("that is already aborted rejects with its reason before a request is sent", async () => {
    const { auth, transport } = open(json({ active: false }))
    const reason = new Error("too late")
    await expect(auth.introspect("t", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(transport.requests).toEqual([])
  })

  test("that is already aborted rejects with its reason before a synchronous operation runs", async () => {
    const seen: Array<unknown> = []
    const { auth } = closable((...args) => Effect.sync(() => void seen.push(args)))
    await expect(auth.revoke("t", { signal: AbortSignal.abort("too late") })).rejects.toBe("too late")
    expect(seen).toEqual([])
  })

  test("that aborts during a request rejects with its reason of any type", async () => {
    const { auth, transport } = open(new Promise(() => {}))
    const controller = new AbortController()
    const call = auth.introspect("t", { signal: controller.signal })
    await vi.waitFor(() => expect(transport.requests).toHaveLength(1))
    controller.abort("a word")
    await expect(call).rejects.toBe("a word")
  })

  test("changes nothing when it aborts after the call or never", async () => {
    const { auth } = open(json({ active: false }), json({ error: "server_error" }, 500))
    const controller = new AbortController()
    expect(await auth.introspect("t", { signal: controller.signal })).toEqual({ active: false })
    const failed = auth.introspect("t", { signal: controller.signal })
    await expect(failed).rejects.toHaveProperty("reason._tag", "Unavailable")
    controller.abort()
  })

  test("is not passed to the operation", async () => {
    const seen: Array<unknown> = []
    const { auth } = closable((...args) => Effect.sync(() => void seen.push(args)))
    await auth.revoke("t", { signal: new AbortController().signal, retry: false })
    expect(seen).toEqual([["t", { retry: false }]])
  })

  test("belongs in the third argument of exchange", async () => {
    const { auth, transport } = open(json({ access_token: "a", token_type: "bearer" }))
    const { transaction } = await auth.authorize({ scopes: ["a"] })
    const back = `https://app.example/back?code=c&state=${transaction.state}`
    const { signal } = new AbortController()
    expect((await auth.exchange(back, transaction, { signal })).accessToken).toBe("a")
    await expect(auth.exchange(back, transaction, { signal: AbortSignal.abort("no") })).rejects.toBe("no")
    expect(transport.requests).toHaveLength(1)
  })
})

describe("close", () => {
  test("closes the provider only once", async () => {
    const { auth, log } = closable()
    expect(log).toEqual(["opened"])
    await auth.close()
    await auth.close()
    expect(log).toEqual(["opened", "closed"])
  })

  test("runs at the end of `await using`", async () => {
    const { auth, log } = closable()
    {
      await using closing = auth
      await closing.revoke("t")
      expect(log).toEqual(["opened"])
    }
    expect(log).toEqual(["opened", "closed"])
  })

  test("makes every later call fail at once with an Unavailable that is not retryable", async () => {
    const auth = createAuth(oidc(configuration))
    await auth.close()
    const tokens = Array.from({ length: 8 }, (_, index) => `token-${index}`)
    const errors: ReadonlyArray<AuthError> = await Promise.all(
      tokens.map((token) => auth.introspect(token).catch((error) => error)),
    )
    expect(errors.map(({ reason }) => reason)).toEqual(tokens.map(() => ({ _tag: "Unavailable", detail: "closed" })))
    expect(errors.some(({ isRetryable }) => isRetryable)).toBe(false)
  })

  test("leaves a transport open that the caller made", async () => {
    const { auth } = open(json({ active: false }))
    await auth.close()
    expect(await auth.introspect("t")).toEqual({ active: false })
  })
})
