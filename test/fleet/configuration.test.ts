import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Redis as Ioredis } from "ioredis"
import { AuthError, createAuth, fromEnv } from "latchkey"
import { Auth } from "latchkey/effect"
import { fleet } from "latchkey/redis"
import { createClient, createCluster } from "redis"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { settings } from "../policies/vendor.ts"
import { clients, type OpenClient, secret } from "./clients.ts"
import { makeVendor } from "./processes.ts"
import { hasRedis, type RedisServer, startRedis } from "./redis-server.ts"

type Options = Parameters<typeof fleet>[0]

const client = createClient({ disableOfflineQueue: true })
const lazy = { lazyConnect: true } as const

/** The problems of options, as `path: message`. */
const problems = (options: unknown): ReadonlyArray<string> => {
  try {
    fleet(options as Options)
    return []
  } catch (error) {
    if (!(error instanceof AuthError) || error.reason._tag !== "InvalidConfig") throw error
    expect(error.message).not.toContain("a secret that nobody may print")
    return error.reason.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe("the options of a fleet", () => {
  test.each<readonly [string, unknown, ReadonlyArray<string>]>([
    ["are accepted", { client, secret }, []],
    ["accept a redacted secret", { client, secret: Redacted.make(secret) }, []],
    ["are an object", undefined, ["expected the options of a fleet"]],
    ["need a client", { secret }, ["client: expected a client of redis, ioredis or iovalkey"]],
    ["need a client, and not a URL", { client: "redis://localhost", secret }, ["client: expected a client of redis"]],
    [
      "reject a client of redis with an offline queue",
      { client: createClient(), secret },
      ["client.options.disableOfflineQueue: expected a client without an offline queue"],
    ],
    [
      "reject a client of ioredis with an offline queue",
      { client: new Ioredis(lazy), secret },
      ["client.options.enableOfflineQueue: expected a client without an offline queue"],
    ],
    [
      "reject a prefix of ioredis",
      { client: new Ioredis({ ...lazy, enableOfflineQueue: false, keyPrefix: "x" }), secret },
      ["client.options.keyPrefix: expected no keyPrefix"],
    ],
    [
      "reject a cluster",
      { client: createCluster({ rootNodes: [] }), secret },
      ["client: expected a client of one server"],
    ],
    ["need a secret", { client }, ["secret: expected a text of at least 32 random bytes"]],
    ["reject a short secret", { client, secret: "a secret that nobody may print" }, ["secret: expected at least 32"]],
    ["reject a short old secret", { client, secret, oldSecret: "x" }, ["oldSecret: expected at least 32"]],
    [
      "reject an old secret that is the new one",
      { client, secret, oldSecret: secret },
      ["oldSecret: expected another"],
    ],
    ["reject a prefix that could end the hash tag", { client, secret, prefix: "a}b" }, ["prefix: expected 1 to 100"]],
    [
      "reject a deadline without a unit",
      { client, secret, deadline: 25 },
      ["deadline: expected a duration with a unit"],
    ],
    ["reject a deadline of minutes", { client, secret, deadline: "2 minutes" }, ["deadline: expected 1 millisecond"]],
    ["reject an unknown option", { client, secret, url: "redis://localhost" }, ["url: unknown"]],
    ["list every problem", { secret: "x", prefix: "" }, ["client: ", "secret: ", "prefix: "]],
  ])("%s", (_, options, expected) => {
    const found = problems(options)
    expect(found).toHaveLength(expected.length)
    for (const [at, beginning] of expected.entries()) expect(found[at]).toContain(beginning)
  })
})

const env = {
  LATCHKEY_PROVIDER: "oidc",
  LATCHKEY_ISSUER: settings.issuer,
  LATCHKEY_CLIENT_ID: settings.clientId,
  LATCHKEY_CLIENT_SECRET: settings.clientSecret,
  LATCHKEY_ENDPOINTS: JSON.stringify(settings.endpoints),
}

const envProblems = async (more: Readonly<Record<string, string>>, options: Parameters<typeof fromEnv>[1]) => {
  const error = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv({ ...env, ...more }, options))))
  return error.reason._tag === "InvalidConfig" ? error.reason.issues.map(({ path }) => path) : [error.message]
}

describe("the environment of a fleet", () => {
  test.each<readonly [string, Readonly<Record<string, string>>, Parameters<typeof fromEnv>[1], ReadonlyArray<string>]>([
    ["needs the secret", {}, { fleet: { client } }, ["LATCHKEY_FLEET_SECRET"]],
    ["needs a long secret", { LATCHKEY_FLEET_SECRET: "x" }, { fleet: { client } }, ["LATCHKEY_FLEET_SECRET"]],
    [
      "needs a long old secret",
      { LATCHKEY_FLEET_SECRET: secret, LATCHKEY_FLEET_SECRET_OLD: "x" },
      { fleet: { client } },
      ["LATCHKEY_FLEET_SECRET_OLD"],
    ],
    ["needs a client", { LATCHKEY_FLEET_SECRET: secret }, {}, ["LATCHKEY_FLEET_SECRET"]],
    [
      "takes a client without an offline queue",
      { LATCHKEY_FLEET_SECRET: secret },
      { fleet: { client: createClient() } },
      ["fleet.client.options.disableOfflineQueue"],
    ],
    [
      "takes the secret or a file, not both",
      { LATCHKEY_FLEET_SECRET: secret, LATCHKEY_FLEET_SECRET_FILE: "/file" },
      { fleet: { client } },
      ["LATCHKEY_FLEET_SECRET_FILE"],
    ],
    [
      "takes a file that can be read",
      { LATCHKEY_FLEET_SECRET_FILE: "/does/not/exist" },
      { fleet: { client } },
      ["LATCHKEY_FLEET_SECRET_FILE"],
    ],
    [
      "has the prefix of the other variables",
      { LATCHKEY_FLEET_SECRET: secret },
      { prefix: "MY_", fleet: { client } },
      ["MY_PROVIDER"],
    ],
  ])("%s", async (_, more, options, expected) => {
    expect(await envProblems(more, options)).toEqual(expected)
  })
})

describe.skipIf(!hasRedis)("a fleet that the environment configures", () => {
  let redis: RedisServer
  let open: ReadonlyArray<OpenClient>
  let folder: string
  beforeAll(async () => {
    redis = await startRedis()
    open = [await clients.redis(redis.port), await clients.ioredis(redis.port), await clients.iovalkey(redis.port)]
    folder = mkdtempSync(join(tmpdir(), "latchkey-secret-"))
    writeFileSync(join(folder, "secret"), `${secret}\n`)
  })
  afterAll(async () => {
    for (const each of open) await each.close()
    await redis.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test("is shared by fromEnv, by the layer and by createAuth, whatever the client", async () => {
    const [one, two, three] = open.map((each) => each.client)
    if (one === undefined || two === undefined || three === undefined) throw new Error("expected three clients")
    const transport = makeVendor()
    const deadline = "1 second" as const
    await using first = createAuth(
      fromEnv({ ...env, LATCHKEY_FLEET_SECRET: secret }, { transport, fleet: { client: one, deadline } }),
    )
    await first.introspect("u/c/env")
    const config = ConfigProvider.fromUnknown({ ...env, LATCHKEY_FLEET_SECRET_FILE: join(folder, "secret") })
    const layer = Auth.layerConfig({ transport, fleet: { client: two, deadline } })
    const second = Effect.flatMap(Auth, (auth) => auth.introspect("u/c/env"))
    await Effect.runPromise(second.pipe(Effect.provide(layer), Effect.provide(ConfigProvider.layer(config))))
    await using shared = fleet({ client: three, secret, deadline })
    await using third = createAuth(fromEnv(env, { transport, fleet: shared }))
    await third.introspect("u/c/env")
    await using fourth = createAuth({ provider: "oidc", ...settings }, { transport, fleet: shared })
    await fourth.introspect("u/c/env")
    expect(transport.count("/introspect")).toBe(1)
  })
})
