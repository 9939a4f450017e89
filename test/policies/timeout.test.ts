import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { type AuthError, make } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { timedOut } from "../../src/adapters/transport/allowed-origins.ts"
import * as jwt from "../jwt/signing-keys.ts"
import { json } from "../unit/scripted-transport.ts"
import { active, open, run, type ScriptedResponse, settings, start, type Vendor, vendor } from "./vendor.ts"

/** A request that gets no response: the transport ends it after `attemptTimeout`. */
const hangs = ({ timeout }: { readonly timeout: number }): ScriptedResponse =>
  Effect.delay(Effect.fail(timedOut(timeout)), timeout)

const after = (seconds: number, response: ScriptedResponse): ScriptedResponse =>
  Effect.delay(response, `${seconds} seconds`)

/** Lets promises of the platform run, which the test clock does not move. */
const platform = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))

/** Runs a call, moving the clock by half seconds until it ends; returns its result and how many seconds it took. */
const timed = <A>(call: Effect.Effect<A, AuthError>) =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const fiber = yield* Effect.forkDetach(Effect.result(call), { startImmediately: true })
    for (let step = 0; step < 120; step++) {
      yield* platform
      yield* platform
      if (fiber.pollUnsafe() !== undefined) break
      yield* TestClock.adjust("500 millis")
    }
    if (fiber.pollUnsafe() === undefined) return yield* Effect.die("the call does not end")
    const result = yield* Fiber.join(fiber)
    const error = result._tag === "Failure" ? result.failure : undefined
    const value = result._tag === "Success" ? result.success : undefined
    return { error, value, seconds: ((yield* Clock.currentTimeMillis) - began) / 1000 }
  })

const timedRun = <A>(call: Effect.Effect<A, AuthError>) => run(timed(call))

type Auth = ReturnType<typeof open>

const calls: ReadonlyArray<readonly [string, (auth: Auth) => Effect.Effect<unknown, AuthError>]> = [
  ["introspect", (auth) => auth.introspect("token")],
  ["userInfo", (auth) => auth.userInfo("token")],
  ["revoke", (auth) => auth.revoke("token")],
  ["clientCredentials", (auth) => auth.clientCredentials()],
  ["metadata.keys", (auth) => auth.metadata.keys()],
]

const wholeTimeout = "no result within 10 seconds, the `timeout` of the call"

describe("a vendor that hangs", () => {
  test.each(calls)("costs a caller of %s 10 seconds, with all attempts", async (_, call) => {
    const transport = vendor(hangs)
    const { error, seconds } = await timedRun(call(open(transport)))
    expect(seconds).toBe(10)
    expect(error?.reason).toEqual({ _tag: "Unavailable", detail: wholeTimeout })
    expect(error?.isRetryable).toBe(true)
    expect(transport.requests.length).toBeGreaterThan(1)
  })

  test.each(calls)("costs a caller of %s 10 seconds, if its metadata does not arrive", async (_, call) => {
    const { endpoints: _endpoints, ...rest } = settings
    const auth = Effect.runSync(Effect.scoped(make(oidc(rest, { transport: vendor(hangs) }))))
    expect((await timedRun(call(auth))).seconds).toBe(10)
  })

  test.each(calls)("costs a caller of %s with `retry: false` one exchange of 5 seconds", async (name, _call) => {
    const transport = vendor(hangs)
    const auth = open(transport)
    const once = { retry: false } as const
    const call = {
      introspect: auth.introspect("token", once),
      userInfo: auth.userInfo("token", once),
      revoke: auth.revoke("token", once),
      clientCredentials: auth.clientCredentials({}, once),
      "metadata.keys": auth.metadata.keys({}, once),
    }[name]
    const { error, seconds } = await timedRun(call ?? Effect.die("no such call"))
    expect(seconds).toBe(5)
    expect(error?.message).toContain("no complete response within 5 seconds, the `attemptTimeout`")
    expect(transport.requests).toHaveLength(1)
  })

  test("costs what the configuration says", async () => {
    const auth = open(vendor(hangs), { timeout: "3 seconds", attemptTimeout: "1 second", retry: false })
    expect((await timedRun(auth.introspect("token"))).seconds).toBe(1)
    const retrying = open(vendor(hangs), { timeout: "2 seconds", attemptTimeout: "1 minute" })
    expect(await timedRun(retrying.introspect("token"))).toMatchObject({
      seconds: 2,
      error: { reason: { detail: "no result within 2 seconds, the `timeout` of the call" } },
    })
  })

  test("costs what the call says, also if that is longer than the configuration's timeout", async () => {
    expect((await timedRun(open(vendor(hangs)).introspect("token", { timeout: "1500ms" }))).seconds).toBe(1.5)
    const slow = open(vendor(() => after(15, active())))
    expect(await timedRun(slow.introspect("token", { timeout: "20 seconds" }))).toMatchObject({
      seconds: 15,
      value: { active: true },
    })
  })

  test("is answered from the cache after `timeout`, with `staleIfError`", async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { staleIfError: "5 minutes" })
    const { value, seconds } = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = hangs
        yield* TestClock.adjust("30 seconds")
        return yield* timed(auth.introspect("token"))
      }),
    )
    expect([value, seconds]).toMatchObject([{ active: true, source: { stale: true } }, 10])
  })

  test("is a failed check of `explain`, after the time of a call", async () => {
    const auth = open(vendor(hangs), { timeout: "2 seconds" })
    const { value, seconds } = await timedRun(auth.explain("token"))
    expect(value).toMatchObject({ active: false })
    expect(seconds).toBe(2)
  })
})

describe("a call that is answered at once", () => {
  test("starts no timer", async () => {
    const auth = open(vendor(() => active()))
    await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        const clock = yield* Clock.Clock
        let timers = 0
        const counting = Object.create(clock, {
          sleep: { value: () => Effect.sync(() => void timers++) },
        }) as Clock.Clock
        const cached = Effect.provideService(auth.introspect("token"), Clock.Clock, counting)
        expect([yield* cached, timers]).toMatchObject([{ active: true }, 0])
      }),
    )
  })
})

const key = jwt.signingKey("RS256")

const oryWith = (transport: Vendor) =>
  Effect.runSync(
    Effect.scoped(
      make(
        ory(
          {
            clientId: "service",
            clientSecret: "a secret of ours",
            publicUrl: jwt.issuer,
            adminUrl: "https://admin.example",
            audience: [jwt.audience],
          },
          { transport },
        ),
      ),
    ),
  )

describe("the fetch of a key set", () => {
  const tokenNow = () => jwt.token(key, { exp: start / 1000 + 3600, iat: start / 1000 })

  test("is within the timeout of the call", async () => {
    const auth = oryWith(vendor(hangs))
    const { seconds, error } = await timedRun(auth.introspect(await tokenNow(), { freshness: "local" }))
    expect([seconds, error]).toMatchObject([10, { operation: "introspect", reason: { detail: wholeTimeout } }])
  })

  test("is not repeated for a call with `retry: false`", async () => {
    const transport = vendor(hangs)
    const options = { freshness: "local", retry: false } as const
    const { seconds, error } = await timedRun(oryWith(transport).introspect(await tokenNow(), options))
    expect(seconds).toBe(5)
    expect(error).toMatchObject({ operation: "introspect", reason: { _tag: "Unavailable" } })
    expect(transport.requests).toHaveLength(1)
  })

  test("is repeated for the other callers that share it", async () => {
    const transport = vendor(() =>
      transport.requests.length === 1
        ? after(1, Effect.succeed(json({}, 503)))
        : Effect.succeed(json({ keys: [key.jwk] })),
    )
    const auth = oryWith(transport)
    const token = await tokenNow()
    const [once, patient] = await run(
      Effect.gen(function* () {
        const options = { freshness: "local" } as const
        const first = yield* Effect.forkChild(timed(auth.introspect(token, { ...options, retry: false })))
        const second = yield* timed(auth.introspect(token, options))
        return [yield* Fiber.join(first), second] as const
      }),
    )
    expect(once.error?.reason).toMatchObject({ _tag: "Unavailable", status: 503 })
    expect(patient.value).toMatchObject({ active: true })
    expect(transport.requests).toHaveLength(2)
  })
})

describe("pollDevice", () => {
  const device = (seconds: number) => ({
    deviceCode: "code",
    userCode: "ABCD",
    verificationUri: "https://id.example/device",
    expiresAt: new Date(start + seconds * 1000).toISOString(),
    intervalSeconds: 5,
    scopes: [],
  })
  const pending = Effect.succeed(json({ error: "authorization_pending" }, 400))
  const tokens = Effect.succeed(json({ access_token: "issued", token_type: "bearer" }))

  test("waits for the user for longer than the configuration's timeout", async () => {
    const transport = vendor(() => (transport.requests.length < 6 ? pending : tokens))
    const { value, seconds } = await timedRun(open(transport).pollDevice(device(600)))
    expect([value, seconds]).toMatchObject([{ accessToken: "issued" }, 30])
  })

  test("ends with the device code, also while a poll hangs", async () => {
    const transport = vendor(hangs)
    const { error, seconds } = await timedRun(open(transport, { attemptTimeout: "1 minute" }).pollDevice(device(12)))
    expect(error?.reason).toMatchObject({ _tag: "InvalidGrant", code: "expired_token" })
    expect([seconds, transport.requests.length]).toEqual([12, 1])
  })

  test("ends with the call's own timeout", async () => {
    const { error, seconds } = await timedRun(open(vendor(() => pending)).pollDevice(device(600), { timeout: "7s" }))
    expect([seconds, error?.message]).toMatchObject([7, expect.stringContaining("7 seconds, the `timeout`")])
  })
})

describe("a list", () => {
  test("has the timeout for each page", async () => {
    const transport = vendor(({ url }) => {
      const link = '</admin/clients?page_token=two&page_size=1>; rel="next"'
      const client = { client_id: url.includes("page_token=two") ? "b" : "a" }
      return after(8, Effect.succeed(json([client], 200, url.includes("page_token=two") ? {} : { link })))
    })
    const { value, seconds } = await timedRun(Stream.runCollect(oryWith(transport).clients.list({ pageSize: 1 })))
    expect([value?.map(({ clientId }) => clientId), seconds]).toEqual([["a", "b"], 16])
  })
})

describe("an operation with several writes", () => {
  const list = ({ url }: { readonly url: string }) => /(auth_(?:redirect|logout)_urls)$/.exec(url)?.[1]

  const part = (members: object) => Buffer.from(JSON.stringify(members)).toString("base64url")
  const managementToken = `${part({ alg: "RS256", kid: "k" })}.${part({ iss: "https://acme.kinde.com", exp: 9e9 })}.c2ln`

  /** An application whose requests take `seconds`; `hanging`: a write that gets no response while it has these URLs. */
  const management = (seconds: number, hanging?: string) =>
    vendor((request) => {
      if (request.url.endsWith("/token"))
        return Effect.succeed(json({ access_token: managementToken, token_type: "bearer", expires_in: 3600 }))
      if (request.method === "PUT" && hanging !== undefined && request.body?.includes(hanging)) return Effect.never
      const written = transportOf.requests.findLast(
        ({ method, url }) => method !== "GET" && url === request.url && hanging === undefined,
      )
      const urls = written?.body === undefined ? [] : (JSON.parse(written.body) as { urls?: Array<string> }).urls
      const body =
        list(request) !== undefined
          ? { redirect_urls: urls ?? [] }
          : { application: { id: "app", name: "App", type: "reg", client_id: "app" } }
      return after(seconds, Effect.succeed(json(body)))
    })

  let transportOf: Vendor

  const patched = (transport: Vendor, timeout: "4 seconds" | undefined) => {
    transportOf = transport
    const auth = Effect.runSync(
      Effect.scoped(
        make(
          kinde(
            {
              issuer: "https://acme.kinde.com",
              clientId: "app",
              clientSecret: "secret",
              audience: "any",
              management: { clientId: "m2m", clientSecret: "secret" },
              attemptTimeout: "1 minute",
              ...(timeout === undefined && { timeout: "4 seconds" }),
            },
            { transport },
          ),
        ),
      ),
    )
    const changes = { redirectUris: ["https://a.example"], postLogoutRedirectUris: ["https://b.example"] }
    return timedRun(auth.clients.patch({ client: "app", changes }, timeout === undefined ? {} : { timeout }))
  }

  test.each(["4 seconds", undefined] as const)("has the timeout for each of them: %s in the call", async (timeout) => {
    const { error, value, seconds } = await patched(management(1.5), timeout)
    expect(error).toBeUndefined()
    expect(value).toMatchObject({ redirectUris: ["https://a.example"] })
    expect(seconds).toBeGreaterThan(4)
  })

  test.each(["4 seconds", undefined] as const)(
    "undoes the earlier ones when one hangs, each within the timeout: %s in the call",
    async (timeout) => {
      const transport = management(1.5, "b.example")
      const { error, seconds } = await patched(transport, timeout)
      expect(error?.reason).toMatchObject({ _tag: "Unavailable", detail: expect.stringContaining("4 seconds") })
      const writes = transport.requests.filter(({ method }) => method === "PUT")
      expect(writes.map((write) => [list(write), write.body])).toEqual([
        ["auth_redirect_urls", '{"urls":["https://a.example"]}'],
        ["auth_logout_urls", '{"urls":["https://b.example"]}'],
        ["auth_logout_urls", '{"urls":[]}'],
        ["auth_redirect_urls", '{"urls":[]}'],
      ])
      expect(seconds).toBeLessThan(20)
    },
  )

  test("ends although the undoing hangs too, and lists what remains", async () => {
    const { error, seconds } = await patched(management(1.5, '"urls"'), "4 seconds")
    expect(error?.reason).toMatchObject({ _tag: "UnexpectedResponse", detail: expect.stringContaining("redirectUris") })
    expect(seconds).toBe(3 + 4 + 4)
  })
})
