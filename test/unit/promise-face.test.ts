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
  const door = scripted(...script)
  return { auth: createAuth(oidc({ ...configuration, ...policiesOff }, { transport: door })), door }
}

/** A provider whose `revoke` is given, that remembers whether it was closed. */
const closable = (
  revoke: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, AuthError> = () => Effect.void,
) => {
  const log: Array<string> = []
  const made = Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => log.push("opened")),
      () => Effect.sync(() => log.push("closed")),
    ),
    () => widen({ id: "acme", can: new Set<Operation>(["revoke"]), instead: {}, ...{ revoke } }),
  )
  return { auth: promised(made), log }
}

describe("the Promise face", () => {
  test("answers what the effect answers", async () => {
    const { auth } = open(json({ active: false }))
    expect(await auth.introspect("t")).toEqual({ active: false })
  })

  test("rejects with the AuthError itself", async () => {
    const { auth } = open(json({ error: "invalid_client" }, 401))
    const error = await auth.introspect("t").catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ provider: "oidc", operation: "introspect", reason: { _tag: "InvalidClient" } })
  })

  test("rejects where it is given something that is no effect, at once or later", async () => {
    const given: ReadonlyArray<() => Effect.Effect<unknown, AuthError>> = [
      // @ts-expect-error a promise is no effect
      async () => undefined,
      // @ts-expect-error nor is nothing
      () => Effect.flatMap(Effect.yieldNow, () => undefined),
    ]
    for (const revoke of given) await expect(closable(revoke).auth.revoke("t")).rejects.toThrow("Not a valid effect")
  })

  test("answers when all that was begun for the answer has ended", async () => {
    const ended: Array<string> = []
    const child = Effect.onExit(Effect.never, () => Effect.map(Effect.yieldNow, () => ended.push("child")))
    const { auth } = closable(() => Effect.asVoid(Effect.forkChild(child, { startImmediately: true })))
    await auth.revoke("t")
    expect(ended).toEqual(["child"])
  })

  test("throws a wrong configuration at once, as the AuthError", () => {
    const wrong = () => createAuth({ provider: "oidc", issuer: "https://id.example", clientId: "" })
    expect(wrong).toThrow(AuthError)
    expect(wrong).toThrow(/clientId: .*; clientSecret: required/)
  })

  test("keeps who it is and what it can do", () => {
    const { auth } = open()
    expect(auth.id).toBe("oidc")
    expect(auth.can.has("introspect")).toBe(true)
    expect("clients" in auth).toBe(false)
  })

  test("sends nothing when it is made", () => {
    expect(open().door.requests).toEqual([])
  })

  test("refuses an option that no operation knows, and sends nothing", async () => {
    const { auth, door } = open()
    const options: object = { colour: "red" }
    await expect(auth.introspect("t", options)).rejects.toHaveProperty("reason._tag", "InvalidRequest")
    expect(door.requests).toEqual([])
  })
})

describe("an AbortSignal", () => {
  test("that is aborted already rejects with its reason, and sends nothing", async () => {
    const { auth, door } = open(json({ active: false }))
    const reason = new Error("too late")
    await expect(auth.introspect("t", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(door.requests).toEqual([])
  })

  test("that is aborted already rejects with its reason, also where the answer is there at once", async () => {
    const seen: Array<unknown> = []
    const { auth } = closable((...args) => Effect.sync(() => void seen.push(args)))
    await expect(auth.revoke("t", { signal: AbortSignal.abort("too late") })).rejects.toBe("too late")
    expect(seen).toEqual([])
  })

  test("that is aborted in flight rejects with its reason, whatever it is", async () => {
    const { auth, door } = open(new Promise(() => {}))
    const controller = new AbortController()
    const call = auth.introspect("t", { signal: controller.signal })
    await vi.waitFor(() => expect(door.requests).toHaveLength(1))
    controller.abort("a word")
    await expect(call).rejects.toBe("a word")
  })

  test("changes nothing when it is aborted afterwards, or never", async () => {
    const { auth } = open(json({ active: false }), json({ error: "server_error" }, 500))
    const controller = new AbortController()
    expect(await auth.introspect("t", { signal: controller.signal })).toEqual({ active: false })
    const failed = auth.introspect("t", { signal: controller.signal })
    await expect(failed).rejects.toHaveProperty("reason._tag", "Unavailable")
    controller.abort()
  })

  test("is not handed on: the operation sees its own options only", async () => {
    const seen: Array<unknown> = []
    const { auth } = closable((...args) => Effect.sync(() => void seen.push(args)))
    await auth.revoke("t", { signal: new AbortController().signal, retry: false })
    expect(seen).toEqual([["t", { retry: false }]])
  })

  test("stands third for exchange", async () => {
    const { auth, door } = open(json({ access_token: "a", token_type: "bearer" }))
    const { transaction } = await auth.authorize({ scopes: ["a"] })
    const back = `https://app.example/back?code=c&state=${transaction.state}`
    const { signal } = new AbortController()
    expect((await auth.exchange(back, transaction, { signal })).accessToken).toBe("a")
    await expect(auth.exchange(back, transaction, { signal: AbortSignal.abort("no") })).rejects.toBe("no")
    expect(door.requests).toHaveLength(1)
  })
})

describe("closing", () => {
  test("closes what the provider keeps open, once", async () => {
    const { auth, log } = closable()
    expect(log).toEqual(["opened"])
    await auth.close()
    await auth.close()
    expect(log).toEqual(["opened", "closed"])
  })

  test("is done by `await using`", async () => {
    const { auth, log } = closable()
    {
      await using kept = auth
      await kept.revoke("t")
      expect(log).toEqual(["opened"])
    }
    expect(log).toEqual(["opened", "closed"])
  })

  test("answers every later call at once that it is closed, and not to come back", async () => {
    const auth = createAuth(oidc(configuration))
    await auth.close()
    const tokens = Array.from({ length: 8 }, (_, index) => `token-${index}`)
    const errors: ReadonlyArray<AuthError> = await Promise.all(
      tokens.map((token) => auth.introspect(token).catch((error) => error)),
    )
    expect(errors.map(({ reason }) => reason)).toEqual(tokens.map(() => ({ _tag: "Unavailable", detail: "closed" })))
    expect(errors.some(({ isRetryable }) => isRetryable)).toBe(false)
  })

  test("never closes a door that somebody else made", async () => {
    const { auth } = open(json({ active: false }))
    await auth.close()
    expect(await auth.introspect("t")).toEqual({ active: false })
  })
})
