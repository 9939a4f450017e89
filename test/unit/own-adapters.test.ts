/** Adapters of one's own, which a configuration or the environment names. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AuthError, type Config, createAuth, fromConfig, fromEnv, type Issue } from "latchkey"
import { Auth, type AuthShape, make } from "latchkey/effect"
import { define, settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { acme } from "../../examples/fourth-vendor.ts"
import { json, scripted } from "./scripted-transport.ts"

const tenant = "https://acme.example"
const members = { tenant, clientId: "app", clientSecret: "secret" }
const env = { LATCHKEY_TENANT: tenant, LATCHKEY_CLIENT_ID: "app", LATCHKEY_CLIENT_SECRET: "secret" }
const adapters = [acme]

const named = <Id extends string>(id: Id) =>
  define({
    id,
    config: z.strictObject(settings),
    can: ["introspect"],
    server: () => ({ issuer: tenant, metadataUrl: `${tenant}/m`, clientAuth: "client_secret_basic" }),
  })

const issuesIn = (action: () => unknown): ReadonlyArray<Issue> => {
  try {
    action()
  } catch (error) {
    if (error instanceof AuthError && error.reason._tag === "InvalidConfig") return error.reason.issues
    throw error
  }
  return []
}

const discovered = json({ issuer: tenant, introspection_endpoint: `${tenant}/introspect` })

describe("an adapter of one's own", () => {
  test("is chosen by `provider`, and has every operation: an operation that it lacks is unsupported", async () => {
    const transport = scripted(discovered, json({ active: false }))
    await using auth = createAuth({ provider: "acme", ...members }, { adapters, transport })
    expect(auth.id).toBe("acme")
    expect(await auth.introspect("token")).toEqual({ active: false })
    await expect(auth.clients.get("c1")).rejects.toMatchObject({
      provider: "acme",
      reason: { _tag: "UnsupportedOperation" },
    })
  })

  test("is chosen by LATCHKEY_PROVIDER, with its members in variables, also under another prefix", async () => {
    const { id } = await Effect.runPromise(Effect.scoped(fromEnv({ LATCHKEY_PROVIDER: "acme", ...env }, { adapters })))
    expect(id).toBe("acme")
    const renamed = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name.replace("LATCHKEY", "ID"), value]),
    )
    const options = { adapters, prefix: "ID_" }
    expect((await Effect.runPromise(Effect.scoped(fromEnv({ ID_PROVIDER: "acme", ...renamed }, options)))).id).toBe(
      "acme",
    )
  })

  test("is a layer of the Effect API", async () => {
    const layer = Auth.layer(
      { provider: "acme", ...members },
      { adapters, transport: scripted(discovered, json({ active: false })) },
    )
    const program = Effect.flatMap(Auth, (auth) =>
      Effect.map(auth.introspect("token"), ({ active }) => [auth.id, active]),
    )
    expect(await Effect.runPromise(Effect.provide(program, layer))).toEqual(["acme", false])
  })

  test("checks its members: a problem has the path of the member, or the name of its variable", () => {
    const wrong = { provider: "acme", ...members, tenant: "no url" } as const
    expect(issuesIn(() => createAuth(wrong, { adapters })).map(({ path }) => path)).toEqual(["tenant"])
    const fromWrong = fromEnv(
      { LATCHKEY_PROVIDER: "acme", ...env, LATCHKEY_TENANT: "x", LATCHKEY_ISSUER: tenant },
      { adapters },
    )
    expect(
      issuesIn(() => createAuth(fromWrong))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["LATCHKEY_ISSUER", "LATCHKEY_TENANT"])
  })

  test("is unknown without `adapters`, and named among the vendors with them", () => {
    const unknown = { provider: "umbrella", ...members } as never as Config
    expect(issuesIn(() => createAuth({ provider: "acme", ...members } as never as Config))).toEqual([
      { path: "provider", message: expect.not.stringContaining("acme") },
    ])
    expect(issuesIn(() => createAuth(unknown, { adapters }))).toEqual([
      { path: "provider", message: expect.stringMatching(/^expected one of .*oidc.*acme$/) },
    ])
    expect(issuesIn(() => createAuth(fromEnv({ LATCHKEY_PROVIDER: "umbrella" }, { adapters })))).toEqual([
      { path: "LATCHKEY_PROVIDER", message: expect.stringContaining("acme") },
    ])
  })

  test("needs a prefix of its variables that is not empty", () => {
    expect(issuesIn(() => createAuth(fromEnv({ PROVIDER: "acme" }, { adapters, prefix: "" })))).toEqual([
      { path: "prefix", message: "expected the beginning of the names, not empty" },
    ])
  })

  test.each(["kinde", "ory", "polar", "oidc"] as const)("cannot take the id %s of one of latchkey's adapters", (id) => {
    const own = [acme, named(id)]
    const problem = [{ path: "adapters.1", message: `"${id}" is the id of an adapter of latchkey: choose another one` }]
    expect(issuesIn(() => createAuth({ provider: "acme", ...members }, { adapters: own }))).toEqual(problem)
    expect(issuesIn(() => createAuth(fromEnv({ LATCHKEY_PROVIDER: "acme", ...env }, { adapters: own })))).toEqual(
      problem,
    )
  })

  test("cannot have the id of another one", () => {
    expect(issuesIn(() => createAuth({ provider: "acme", ...members }, { adapters: [acme, named("acme")] }))).toEqual([
      { path: "adapters.1", message: '"acme" is the id of two adapters: choose another one' },
    ])
  })

  test.each([[null], [undefined], ["acme"], [{ id: "acme" }], [() => undefined], [named("")]])(
    "is what `define` makes, not %o",
    (wrong) => {
      expect(
        issuesIn(() => createAuth({ provider: "acme", ...members }, { adapters: [acme, wrong as never] })),
      ).toEqual([{ path: "adapters.1", message: "expected an adapter, as `define` makes it, with an id" }])
    },
  )

  test.each(["__proto__", "constructor", "toString"] as const)(
    "may have the id %s, which is a name like any other",
    async (id) => {
      const { tenant: _, ...credentials } = members
      const made = fromConfig({ provider: id, ...credentials } as never as Config, { adapters: [named(id)] })
      expect((await Effect.runPromise(Effect.scoped(made))).id).toBe(id)
      expect(issuesIn(() => createAuth({ provider: id, ...credentials } as never as Config))).toHaveLength(1)
    },
  )
})

class Partners extends Context.Service<Partners, AuthShape>()("test/Partners") {}

test("a second vendor in one program is a service of its own", async () => {
  const transport = scripted(discovered, json({ active: false }))
  const config = { provider: "acme", ...members } as const
  const layers = [
    Layer.effect(Partners, make(fromConfig(config, { adapters, transport }))),
    Layer.effect(Partners, Auth).pipe(Layer.provide(Auth.layer(config, { adapters, transport: scripted() }))),
  ]
  const program = Effect.gen(function* () {
    const [own, partners] = [yield* Auth, yield* Partners]
    return [own.id, partners.id, (yield* Effect.exit(own.introspect("token")))._tag]
  })
  for (const layer of layers)
    expect(await Effect.runPromise(Effect.provide(program, Layer.merge(Auth.layerTest({}), layer)))).toEqual([
      ...["test", "acme", "Failure"],
    ])
})
