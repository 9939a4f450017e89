import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import { down, run, type Vendor, vendor } from "../jwt/vendor.ts"
import { vendor as standardVendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"

const key = signingKey("RS256")
const local = { freshness: "local" } as const
const probe = { probe: true } as const

const openOry = (transport: Vendor) =>
  make(
    ory(
      {
        ...{ clientId: "app", clientSecret: "a secret of ours", publicUrl: issuer, adminUrl: "https://admin.example" },
        ...{ audience: [audience], retry: false, log: () => undefined },
      },
      { transport },
    ),
  )

describe("the keys in the report", () => {
  test("have their age, and keep the status degraded in an outage until they are an hour old", async () => {
    const transport = vendor(key.jwk)
    const program = Effect.gen(function* () {
      const auth = yield* openOry(transport)
      const before = yield* auth.health()
      yield* auth.introspect(yield* Effect.promise(() => token(key)), local)
      transport.keys = down
      transport.live = down
      yield* TestClock.adjust("40 seconds")
      const young = yield* auth.health(probe)
      yield* TestClock.adjust("1 hour")
      return [before, young, yield* auth.health(probe)] as const
    })
    const [before, young, old] = await run(Effect.scoped(program))
    expect([before.status, before.keys]).toEqual(["up", [{ issuers: [issuer], usable: false }]])
    expect(young.status).toBe("degraded")
    expect(young.keys).toEqual([{ issuers: [issuer], usable: true, fetchedAt: new Date(now * 1000), age: 40 }])
    expect(old.status).toBe("down")
    expect(old.keys).toMatchObject([{ usable: false, age: 3640 }])
  })

  test("have the reason of a fetch that failed", async () => {
    const transport = vendor(key.jwk)
    transport.keys = down
    const program = Effect.gen(function* () {
      const auth = yield* openOry(transport)
      yield* Effect.exit(auth.introspect(yield* Effect.promise(() => token(key)), local))
      return yield* auth.health()
    })
    expect((await run(Effect.scoped(program))).keys).toEqual([
      { issuers: [issuer], usable: false, detail: "connect ECONNREFUSED" },
    ])
  })
})

describe("the metadata document in the report", () => {
  test("has its age, and stays usable for an hour while the vendor is down", async () => {
    const document = { issuer, introspection_endpoint: `${issuer}/introspect` }
    const transport = standardVendor(({ method }) =>
      Effect.succeed(method === "GET" ? json(document) : json({ active: false })),
    )
    const config = { issuer, clientId: "app", clientSecret: "a secret of ours", retry: false } as const
    const program = Effect.gen(function* () {
      const auth = yield* make(oidc(config, { transport }))
      const before = yield* auth.health()
      yield* auth.introspect("token")
      yield* TestClock.adjust("10 seconds")
      const young = yield* auth.health()
      transport.respond = () => down
      yield* TestClock.adjust("1 hour")
      return [before.discovery, young.discovery, (yield* auth.health()).discovery] as const
    })
    expect(await run(Effect.scoped(program))).toEqual([
      { usable: false },
      { usable: true, fetchedAt: new Date(now * 1000), age: 10 },
      { usable: false, fetchedAt: new Date(now * 1000), age: 3610 },
    ])
  })
})
