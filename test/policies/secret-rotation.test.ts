import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import { createAuth, fromEnv } from "latchkey"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { active, open, provider, run, tokens, vendor } from "./vendor.ts"

const pair = { clientSecret: ["the new one", "the old one"] as const, cache: false, tokenCache: false } as const

/** The client secret in a request's Basic credentials; empty without them. */
const secretOf = ({ authorization = "" }: Readonly<Record<string, string>>): string =>
  authorization.startsWith("Basic ")
    ? decodeURIComponent(atob(authorization.slice("Basic ".length)).split(":")[1] ?? "").replaceAll("+", " ")
    : ""

/** A vendor that accepts some client secrets; a test changes `accepted` as it runs. */
const accepting = (...secrets: ReadonlyArray<string>) => {
  const accepted = { secrets }
  const transport = vendor(({ url, headers }) => {
    if (!accepted.secrets.includes(secretOf(headers))) return Effect.succeed(json({ error: "invalid_client" }, 401))
    return url.endsWith("/introspect") ? active() : tokens()
  })
  return { transport, accepted, used: () => transport.requests.map(({ headers }) => secretOf(headers)) }
}

describe("two client secrets", () => {
  test("start with the new one, and use only that while it works", async () => {
    const { transport, used } = accepting("the new one", "the old one")
    const auth = open(transport, pair)
    await run(Effect.all([auth.introspect("a"), auth.clientCredentials()]))
    expect(used()).toEqual(["the new one", "the new one"])
  })

  test("change to the old one when the vendor rejects the new one, and stay with it", async () => {
    const { transport, used } = accepting("the old one")
    const auth = open(transport, pair)
    await run(Effect.all([auth.introspect("a"), auth.introspect("b"), auth.clientCredentials()]))
    expect(used()).toEqual(["the new one", "the old one", "the old one", "the old one"])
  })

  test("change back to the new one when the vendor rejects the old one", async () => {
    const { transport, accepted, used } = accepting("the old one")
    const auth = open(transport, pair)
    await run(auth.introspect("a"))
    accepted.secrets = ["the new one"]
    await run(Effect.all([auth.introspect("b"), auth.introspect("c")]))
    expect(used().slice(2)).toEqual(["the old one", "the new one", "the new one"])
  })

  test("do not change back to a rejected one when an earlier call succeeds late", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const { transport, accepted, used } = accepting("the new one")
    const respondAtOnce = transport.respond
    const auth = open(transport, { ...pair, singleFlight: false })
    await run(
      Effect.gen(function* () {
        // The first call completes the lazy set-up.
        yield* auth.introspect("ready")
        transport.respond = () => Effect.andThen(Deferred.await(gate), active())
        const late = yield* Effect.forkChild(auth.introspect("a"), { startImmediately: true })
        transport.respond = respondAtOnce
        accepted.secrets = ["the old one"]
        yield* auth.introspect("b")
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(late)
        yield* auth.introspect("c")
      }),
    )
    expect(used().slice(1)).toEqual(["the new one", "the new one", "the old one", "the old one"])
  })

  test("do not change, and set no gauge, in a call that sends no secret", async () => {
    const { transport, used } = accepting("the old one")
    const respondToSecret = transport.respond
    transport.respond = (request) =>
      request.url.endsWith("/userinfo") ? Effect.succeed(json({ sub: "user-1" })) : respondToSecret(request)
    const auth = open(transport, pair)
    const gauge = Effect.map(Metric.snapshot, (all) => all.some(({ id }) => id === "latchkey_client_secret_in_use"))
    const gaugeBeforeProof = await run(
      Effect.gen(function* () {
        yield* auth.userInfo("t")
        const gaugeAfterUserInfo = yield* gauge
        yield* auth.introspect("a")
        yield* auth.userInfo("t")
        yield* auth.introspect("b")
        return gaugeAfterUserInfo
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
    )
    expect(gaugeBeforeProof).toBe(false)
    expect(used().filter((secret) => secret !== "")).toEqual(["the new one", "the old one", "the old one"])
  })

  test("are both tried once before the call fails with InvalidClient", async () => {
    const { transport, used } = accepting("a third one")
    const error = await run(Effect.flip(open(transport, pair).introspect("a")))
    expect(error.reason._tag).toBe("InvalidClient")
    expect(used()).toEqual(["the new one", "the old one"])
  })

  test("do not change after any other error", async () => {
    const transport = vendor(() => Effect.succeed(json({ error: "invalid_grant" }, 400)))
    await run(Effect.flip(open(transport, pair).refresh("r")))
    expect(transport.requests.length).toBe(1)
  })

  test("have a gauge that shows which one is in use", async () => {
    const { transport, accepted } = accepting("the old one")
    const auth = open(transport, { ...pair, clientId: "rotating" })
    const inUse = Effect.map(
      Metric.snapshot,
      (all) =>
        all.find(({ id, attributes }) => id === "latchkey_client_secret_in_use" && attributes?.client_id === "rotating")
          ?.state,
    )
    const values = await run(
      Effect.gen(function* () {
        yield* auth.introspect("a")
        const old = yield* inUse
        accepted.secrets = ["the new one"]
        yield* auth.introspect("b")
        return [old, yield* inUse]
      }),
    )
    expect(values).toEqual([{ value: 1 }, { value: 0 }])
  })

  test("have a gauge for each issuer and client", async () => {
    const { transport } = accepting("the old one")
    const gauges = Effect.map(Metric.snapshot, (all) => all.filter(({ id }) => id === "latchkey_client_secret_in_use"))
    const found = await run(
      Effect.gen(function* () {
        yield* open(transport, { ...pair, clientId: "one" }).introspect("a")
        yield* open(accepting("the new one").transport, { ...pair, clientId: "two" }).introspect("a")
        return yield* gauges
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
    )
    const issuer = "https://id.example"
    expect(found.map(({ attributes, state }) => [attributes, state])).toEqual([
      [{ provider: "oidc", issuer, client_id: "one" }, { value: 1 }],
      [{ provider: "oidc", issuer, client_id: "two" }, { value: 0 }],
    ])
  })

  test.each([[["only one"]], [["one", "two", "three"]], [["one", ""]], [["one", 2]]])(
    "cannot be %j: the error names clientSecret",
    (clientSecret) => {
      const config = { clientSecret } as never
      expect(() => createAuth(provider(accepting().transport, config))).toThrowError(
        expect.objectContaining({ reason: expect.objectContaining({ _tag: "InvalidConfig" }) }),
      )
      expect(() => createAuth(provider(accepting().transport, config))).toThrowError(/clientSecret/)
    },
  )

  test("are read from the environment as a JSON array, and one secret as plain text", async () => {
    const env = {
      LATCHKEY_PROVIDER: "oidc",
      LATCHKEY_ISSUER: "https://id.example",
      LATCHKEY_CLIENT_ID: "service",
    }
    const configure = (secret: string) =>
      Effect.runPromise(Effect.scoped(fromEnv({ ...env, LATCHKEY_CLIENT_SECRET: secret })))
    const [two, cutJson, plainText, arrayOfOne] = await Promise.all(
      [configure('["new","old"]'), configure(' [\n "new"'), configure("[plain"), configure('["a"')].map((configured) =>
        configured.then(
          () => "accepted",
          ({ reason }) => reason.issues[0].path,
        ),
      ),
    )
    expect([two, cutJson, plainText, arrayOfOne]).toEqual([
      "accepted",
      "LATCHKEY_CLIENT_SECRET",
      "accepted",
      "LATCHKEY_CLIENT_SECRET",
    ])
  })
})
