import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import { createAuth, fromEnv } from "latchkey"
import { describe, expect, test } from "vitest"
import { json } from "../unit/scripted-transport.ts"
import { active, open, provider, run, tokens, vendor } from "./vendor.ts"

const pair = { clientSecret: ["the new one", "the old one"] as const, cache: false, ownTokens: false } as const

/** The secret that a request proves itself with. */
const secretOf = ({ authorization = "" }: Readonly<Record<string, string>>): string =>
  authorization.startsWith("Basic ")
    ? decodeURIComponent(atob(authorization.slice("Basic ".length)).split(":")[1] ?? "").replaceAll("+", " ")
    : ""

/** A vendor that knows some secrets, and changes its mind as a test goes on. */
const knowing = (...secrets: ReadonlyArray<string>) => {
  const known = { secrets }
  const door = vendor(({ url, headers }) => {
    if (!known.secrets.includes(secretOf(headers))) return Effect.succeed(json({ error: "invalid_client" }, 401))
    return url.endsWith("/introspect") ? active() : tokens()
  })
  return { door, known, used: () => door.asked.map(({ headers }) => secretOf(headers)) }
}

describe("two client secrets", () => {
  test("the new one is tried first, and alone when it works", async () => {
    const { door, used } = knowing("the new one", "the old one")
    const auth = open(door, pair)
    await run(Effect.all([auth.introspect("a"), auth.clientCredentials()]))
    expect(used()).toEqual(["the new one", "the new one"])
  })

  test("the old one is used when the vendor does not know the new one yet, and that is remembered", async () => {
    const { door, used } = knowing("the old one")
    const auth = open(door, pair)
    await run(Effect.all([auth.introspect("a"), auth.introspect("b"), auth.clientCredentials()]))
    expect(used()).toEqual(["the new one", "the old one", "the old one", "the old one"])
  })

  test("the new one is used again from the moment that the old one is refused", async () => {
    const { door, known, used } = knowing("the old one")
    const auth = open(door, pair)
    await run(auth.introspect("a"))
    known.secrets = ["the new one"]
    await run(Effect.all([auth.introspect("b"), auth.introspect("c")]))
    expect(used().slice(2)).toEqual(["the old one", "the new one", "the new one"])
  })

  test("one that was refused meanwhile is not used again because an earlier call succeeds late", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const { door, known, used } = knowing("the new one")
    const prompt = door.answer
    const auth = open(door, { ...pair, singleFlight: false })
    await run(
      Effect.gen(function* () {
        // What the first call makes ready is there.
        yield* auth.introspect("ready")
        door.answer = () => Effect.andThen(Deferred.await(gate), active())
        const late = yield* Effect.forkChild(auth.introspect("a"), { startImmediately: true })
        door.answer = prompt
        known.secrets = ["the old one"]
        yield* auth.introspect("b")
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(late)
        yield* auth.introspect("c")
      }),
    )
    expect(used().slice(1)).toEqual(["the new one", "the new one", "the old one", "the old one"])
  })

  test("a call that no secret is sent with says nothing of either", async () => {
    const { door, used } = knowing("the old one")
    const proving = door.answer
    door.answer = (request) =>
      request.url.endsWith("/userinfo") ? Effect.succeed(json({ sub: "user-1" })) : proving(request)
    const auth = open(door, pair)
    const gauge = Effect.map(Metric.snapshot, (all) => all.some(({ id }) => id === "latchkey_client_secret_in_use"))
    const told = await run(
      Effect.gen(function* () {
        yield* auth.userInfo("t")
        const told = yield* gauge
        yield* auth.introspect("a")
        yield* auth.userInfo("t")
        yield* auth.introspect("b")
        return told
      }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
    )
    expect(told).toBe(false)
    expect(used().filter((secret) => secret !== "")).toEqual(["the new one", "the old one", "the old one"])
  })

  test("are both refused once, and the call fails with InvalidClient", async () => {
    const { door, used } = knowing("a third one")
    const error = await run(Effect.flip(open(door, pair).introspect("a")))
    expect(error.reason._tag).toBe("InvalidClient")
    expect(used()).toEqual(["the new one", "the old one"])
  })

  test("are not exchanged for any other failure", async () => {
    const door = vendor(() => Effect.succeed(json({ error: "invalid_grant" }, 400)))
    await run(Effect.flip(open(door, pair).refresh("r")))
    expect(door.asked.length).toBe(1)
  })

  test("a gauge says which is in use", async () => {
    const { door, known } = knowing("the old one")
    const auth = open(door, pair)
    const inUse = Effect.map(
      Metric.snapshot,
      (all) => all.find(({ id }) => id === "latchkey_client_secret_in_use")?.state,
    )
    const values = await run(
      Effect.gen(function* () {
        yield* auth.introspect("a")
        const old = yield* inUse
        known.secrets = ["the new one"]
        yield* auth.introspect("b")
        return [old, yield* inUse]
      }),
    )
    expect(values).toEqual([{ value: 1 }, { value: 0 }])
  })

  test.each([[["only one"]], [["one", "two", "three"]], [["one", ""]], [["one", 2]]])(
    "%j are refused by name",
    (clientSecret) => {
      const config = { clientSecret } as never
      expect(() => createAuth(provider(knowing().door, config))).toThrowError(
        expect.objectContaining({ reason: expect.objectContaining({ _tag: "InvalidConfig" }) }),
      )
      expect(() => createAuth(provider(knowing().door, config))).toThrowError(/clientSecret/)
    },
  )

  test("come from the environment as JSON, and one secret as it is", async () => {
    const env = {
      LATCHKEY_PROVIDER: "oidc",
      LATCHKEY_ISSUER: "https://id.example",
      LATCHKEY_CLIENT_ID: "service",
    }
    const made = (secret: string) =>
      Effect.runPromise(Effect.scoped(fromEnv({ ...env, LATCHKEY_CLIENT_SECRET: secret })))
    const [two, apart, one, odd] = await Promise.all(
      [made('["new","old"]'), made(' [\n "new"'), made("[plain"), made('["a"')].map((each) =>
        each.then(
          () => "made",
          ({ reason }) => reason.issues[0].path,
        ),
      ),
    )
    expect([two, apart, one, odd]).toEqual(["made", "LATCHKEY_CLIENT_SECRET", "made", "LATCHKEY_CLIENT_SECRET"])
  })
})
