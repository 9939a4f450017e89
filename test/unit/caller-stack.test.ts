import { spawnSync } from "node:child_process"
import * as Effect from "effect/Effect"
import { AuthError, createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { Caller, withCaller } from "../../src/core/caller.ts"
import { promised } from "../../src/core/promise.ts"
import { widen } from "../../src/core/widen.ts"
import type { TransportResponse } from "../../src/ports/transport.ts"

const rejection: TransportResponse = {
  status: 401,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error: "invalid_client" }),
}
const outage: TransportResponse = { status: 503, headers: {}, body: "" }

const open = (response: Effect.Effect<TransportResponse> = Effect.as(Effect.yieldNow, rejection), policies = {}) => {
  const publicUrl = "https://ory.example"
  const config = { publicUrl, adminUrl: publicUrl, clientId: "c", clientSecret: "a client secret", ...policies }
  return createAuth(ory(config, { transport: { send: () => response } }))
}
type Auth = ReturnType<typeof open>

/** Returns the error, whose stack shows this function if it shows the caller. */
const caught = async function theCaller(call: () => Promise<unknown>): Promise<Error> {
  try {
    await call()
  } catch (error) {
    return error as Error
  }
  throw new Error("the promise was expected to reject")
}

const firstFrame = ({ stack = "" }: Error) => stack.split("\n").find((line) => /^\s+at /.test(line))

describe("the stack of a rejected promise", () => {
  const calls: Readonly<Record<string, readonly [Auth, (auth: Auth) => Promise<unknown>]>> = {
    "an introspection": [open(), (auth) => auth.introspect("t")],
    "a call that is not hot": [open(), (auth) => auth.revoke("t")],
    "a call with a signal": [open(), (auth) => auth.introspect("t", { signal: new AbortController().signal })],
    "a call rejected before sending": [open(), (auth) => auth.introspect("Bearer t")],
    "an explanation": [open(), (auth) => auth.explain("Bearer t")],
    "a retried call": [
      open(Effect.as(Effect.yieldNow, outage), { retry: { attempts: 2, baseDelay: "1 millis" } }),
      (auth) => auth.introspect("t"),
    ],
    "a call that timed out": [open(Effect.never), (auth) => auth.introspect("t", { timeout: "5 millis" })],
    "a list": [open(), async (auth) => await Array.fromAsync(auth.clients.list())],
  }

  test.each(Object.entries(calls))("shows the caller's line, and no frame of latchkey above it: %s", async (_, it) => {
    const [auth, call] = it
    const error = await caught(async () => await call(auth))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.stack).toMatch(/^AuthError: ory\./)
    expect(firstFrame(error)).toContain("caller-stack.test.ts")
  })

  test("shows the functions that await an introspection", async () => {
    const auth = open()
    const handler = async () => await auth.introspect("t")
    expect((await caught(handler)).stack).toMatch(/at (async )?handler .*\n\s+at (async )?theCaller/)
  })

  test("shows the line where the client was made with a wrong configuration", () => {
    const create = () => createAuth({ provider: "oidc", issuer: "https://id.example", clientId: "" })
    try {
      create()
      expect.unreachable()
    } catch (error) {
      expect(firstFrame(error as Error)).toMatch(/at create .*caller-stack/)
    }
  })

  test("is the caller's own where several calls share one request", async () => {
    const auth = open()
    const first = async () => await auth.introspect("t")
    const second = async () => await auth.introspect("t")
    const [one, other] = await Promise.all([caught(first), caught(second)])
    expect(one).not.toBe(other)
    expect(one.stack).toMatch(/at (async )?first /)
    expect(other.stack).toMatch(/at (async )?second /)
  })

  test("does not change an error that an operation shares", async () => {
    const shared = new AuthError({ provider: "acme", operation: "revoke", reason: { _tag: "NotFound" } })
    const before = shared.stack
    const revoke = () => Effect.andThen(Effect.yieldNow, Effect.fail(shared))
    const auth = promised(Effect.succeed(widen({ id: "acme", can: new Set(["revoke"]), instead: {}, ...{ revoke } })))
    const error = await caught(() => auth.revoke("t"))
    expect(error).not.toBe(shared)
    expect({ ...error }).toEqual({ ...shared })
    expect(shared.stack).toBe(before)
  })

  test("leaves the reason of an aborted signal as it is", async () => {
    const reason = new Error("the user left")
    const { stack } = reason
    const controller = new AbortController()
    const error = caught(() => open(Effect.never).introspect("t", { signal: controller.signal }))
    controller.abort(reason)
    expect(await error).toBe(reason)
    expect(reason.stack).toBe(stack)
  })

  test("is not taken for a cached introspection, nor for one in progress", async () => {
    const active = { ...rejection, status: 200, body: JSON.stringify({ active: false }) }
    const auth = open(Effect.as(Effect.yieldNow, active))
    const { captureStackTrace } = Error
    let captured = 0
    Error.captureStackTrace = (target, method) => {
      if (target instanceof Caller) captured++
      captureStackTrace(target, method)
    }
    try {
      await auth.introspect("t")
      await auth.introspect("t")
    } finally {
      Error.captureStackTrace = captureStackTrace
    }
    expect(captured).toBe(0)
  })
})

describe("an error with a caller", () => {
  const error = new AuthError({ provider: "acme", operation: "revoke", reason: { _tag: "NotFound" } })
  const here = () => withCaller(error, new Caller(here)) as Error

  test("is printed with its stack and its members", async () => {
    const { inspect } = await import("node:util")
    expect(inspect(here())).toMatch(/AuthError: acme\.revoke: NotFound\n\s+at .*caller-stack[\s\S]*provider: 'acme'/)
  })

  test("has a stack that can be replaced and is not enumerable", () => {
    const copy = here()
    copy.stack = "replaced"
    expect(copy.stack).toBe("replaced")
    expect(Object.keys(copy)).not.toContain("stack")
  })

  test("has a stack without `captureStackTrace` too", () => {
    const { captureStackTrace } = Error
    let stack: string | undefined
    Reflect.deleteProperty(Error, "captureStackTrace")
    try {
      stack = here().stack
    } finally {
      Error.captureStackTrace = captureStackTrace
    }
    expect(stack).toMatch(/^AuthError: acme\.revoke: NotFound\n[\s\S]*caller-stack/)
  })

  test("has a first line where `prepareStackTrace` throws", async () => {
    const error = await open()
      .refresh("é")
      .catch((caught: unknown) => caught)
    const { prepareStackTrace } = Error
    Error.prepareStackTrace = () => {
      throw new Error("a bug of the application")
    }
    try {
      expect(error).toHaveProperty("stack", expect.stringMatching(/^AuthError: ory\.refresh: InvalidGrant/))
    } finally {
      Error.prepareStackTrace = prepareStackTrace
    }
  })

  test("is printed by Node without a line of latchkey above it when the error is not caught", () => {
    const program = [
      'import { createAuth } from "latchkey"',
      'const server = { provider: "oidc", issuer: "https://id.example", audience: "any" }',
      'const auth = createAuth({ ...server, clientId: "app", clientSecret: "a client secret" })',
      'await auth.refresh("\u00e9")',
    ].join("\n")
    const options = ["--conditions=latchkey-source", "--input-type=module", "--eval", program]
    const { stderr } = spawnSync(process.execPath, options, { encoding: "utf8" })
    expect(stderr).toContain("AuthError: oidc.refresh: InvalidGrant")
    expect(stderr).not.toContain("caller.ts")
  })

  test("has a first line where `prepareStackTrace` returns no text", () => {
    const { prepareStackTrace } = Error
    Error.prepareStackTrace = (_, frames) => frames
    try {
      expect(here().stack).toBe("AuthError: acme.revoke: NotFound")
    } finally {
      Error.prepareStackTrace = prepareStackTrace
    }
  })
})
