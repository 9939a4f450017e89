import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { oryCalls } from "./calls.ts"
import { discoveredAt, metadataOf, metadataPath, oryAt } from "./providers.ts"
import { scripted, soon } from "./scripted-server.ts"
import { asJson, drip, endless, hang, head, http, json, routes } from "./scripts.ts"

const open = (url: string) => createAuth(oryAt(url))
type Auth = ReturnType<typeof open>
type Options = { readonly signal: AbortSignal }

const calls: ReadonlyArray<readonly [string, (auth: Auth, options: Options) => Promise<unknown>, unknown]> = [
  ["introspect", (auth, options) => auth.introspect("token", options), { active: false }],
  ["userInfo", (auth, options) => auth.userInfo("token", options), { sub: "somebody" }],
  [
    "clientCredentials",
    (auth, options) => auth.clientCredentials({}, options),
    { access_token: "a", token_type: "bearer" },
  ],
  ["revoke", (auth, options) => auth.revoke("token", options), {}],
  ["refresh", (auth, options) => auth.refresh("token", options), { access_token: "a", token_type: "bearer" }],
  ["clients.get", (auth, options) => auth.clients.get("client", options), { client_id: "client", metadata: {} }],
]

describe.concurrent.each(calls)("aborting %s", (_, call, validBody) => {
  it("before the response closes the socket and rejects with the signal's reason", async () => {
    await using server = await scripted(hang)
    await using auth = open(server.url)
    const abort = new AbortController()
    const reason = { my: "reason" }
    const outcome = call(auth, { signal: abort.signal }).catch((error: unknown) => error)
    const { closed } = await server.request(1)
    abort.abort(reason)
    expect(await soon(outcome)).toBe(reason)
    await soon(closed)
  })

  it("during the body closes the socket and rejects with the signal's reason", async () => {
    await using server = await scripted(
      drip(head(200, { ...asJson, "transfer-encoding": "chunked" }), endless("1\r\n \r\n"), 5),
    )
    await using auth = open(server.url)
    const abort = new AbortController()
    const outcome = call(auth, { signal: abort.signal }).catch((error: unknown) => error)
    const { closed } = await server.request(1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    abort.abort()
    const error = await soon(outcome)
    expect(error).toBe(abort.signal.reason)
    expect(error).toMatchObject({ name: "AbortError" })
    await soon(closed)
  })

  it("before the call sends nothing", async () => {
    await using server = await scripted(json(validBody))
    await using auth = open(server.url)
    const reason = new Error("too late")
    await expect(call(auth, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.connections().opened).toBe(0)
  })

  it("after the call has ended has no effect", async () => {
    await using server = await scripted(json(validBody))
    await using auth = open(server.url)
    const abort = new AbortController()
    await call(auth, { signal: abort.signal })
    abort.abort()
    await call(auth, { signal: new AbortController().signal })
    expect(server.requests).toHaveLength(2)
  })

  it("does not affect another call", async () => {
    await using server = await scripted(hang)
    await using auth = open(server.url)
    const abort = new AbortController()
    const aborted = call(auth, { signal: abort.signal }).catch((error: unknown) => error)
    const other = call(auth, { signal: new AbortController().signal }).then(() => "answered")
    await server.request(2)
    abort.abort("gone")
    expect(await soon(aborted)).toBe("gone")
    for (const { socket } of server.requests) socket.write(http(200, JSON.stringify(validBody)))
    expect(await soon(other)).toBe("answered")
  })
})

describe.concurrent.each(Object.entries(oryCalls))("interrupting the fiber of %s", (_, call) => {
  it("closes the socket", async () => {
    await using server = await scripted(hang)
    const fiber = Effect.runFork(Effect.scoped(Effect.flatMap(oryAt(server.url), call)))
    const { closed } = await server.request(1)
    await soon(Effect.runPromise(Fiber.interrupt(fiber)))
    const exit = await Effect.runPromise(Fiber.await(fiber))
    expect(Exit.isFailure(exit) && exit.cause.reasons.map(({ _tag }) => _tag)).toEqual(["Interrupt"])
    await soon(closed)
  })
})

describe("aborting during discovery", () => {
  it("closes the socket when no other call waits for discovery", async () => {
    await using server = await scripted(hang)
    await using auth = createAuth(discoveredAt(server.url))
    const abort = new AbortController()
    const outcome = auth.introspect("token", { signal: abort.signal }).catch((error: unknown) => error)
    const { closed } = await server.request(1)
    abort.abort("gone")
    expect(await soon(outcome)).toBe("gone")
    await soon(closed)
  })

  it("does not fail discovery for the other calls that wait for it", async () => {
    const silentMetadata = routes({ [metadataPath]: hang, "/introspect": json({ active: false }) })
    await using server = await scripted(silentMetadata)
    await using auth = createAuth(discoveredAt(server.url))
    const abort = new AbortController()
    const first = auth.introspect("token", { signal: abort.signal }).catch((error: unknown) => error)
    await server.request(1)
    const others = [auth.introspect("token"), auth.introspect("token")]
    await new Promise((resolve) => setTimeout(resolve, 10))
    server.play(routes({ [metadataPath]: json(metadataOf(server.url)), "/introspect": json({ active: false }) }))
    abort.abort("gone")
    expect(await soon(first)).toBe("gone")
    // The other calls may wait for the same response or send a new request: both get a response.
    for (const { socket } of server.requests) socket.write(http(200, JSON.stringify(metadataOf(server.url))))
    expect(await soon(Promise.all(others))).toEqual([{ active: false }, { active: false }])
  })
})

describe("closing", () => {
  it("rejects the calls in progress as unavailable and closes their sockets", async () => {
    await using server = await scripted(hang)
    const auth = open(server.url)
    const outcomes = [auth.introspect("token"), auth.userInfo("token"), auth.clientCredentials()].map((call) =>
      call.catch((error: unknown) => error),
    )
    await server.request(3)
    await soon(auth.close())
    for (const outcome of await soon(Promise.all(outcomes)))
      expect(outcome).toMatchObject({ _tag: "AuthError", reason: { _tag: "Unavailable" } })
    await soon(Promise.all(server.requests.map(({ closed }) => closed)))
  })

  it("makes later calls reject without sending a request", async () => {
    await using server = await scripted(json({ active: false }))
    const auth = open(server.url)
    await auth.close()
    await expect(auth.introspect("token")).rejects.toMatchObject({ reason: { _tag: "Unavailable" } })
    expect(server.connections().opened).toBe(0)
  })
})
