/** `Auth.layerConfig`: the variables of `fromEnv`, from Effect's `ConfigProvider`. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { fromEnv, type Issue } from "latchkey"
import { Auth, type EnvOptions } from "latchkey/effect"
import { describe, expect, test } from "vitest"
import { acme } from "../../examples/fourth-vendor.ts"

const standard = {
  LATCHKEY_PROVIDER: "oidc",
  LATCHKEY_ISSUER: "https://id.example",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
} as const

const id = Effect.map(Auth, (auth) => auth.id)

const run = (source: ConfigProvider.ConfigProvider, options?: EnvOptions) =>
  Effect.runPromise(
    Effect.match(Effect.provide(Effect.provide(id, Auth.layerConfig(options)), ConfigProvider.layer(source)), {
      onSuccess: (found): string | ReadonlyArray<Issue> => found,
      onFailure: ({ reason }) => (reason._tag === "InvalidConfig" ? reason.issues : expect.unreachable(reason._tag)),
    }),
  )

const sources: ReadonlyArray<
  readonly [string, (env: Readonly<Record<string, string>>) => ConfigProvider.ConfigProvider]
> = [
  ["an environment", (env) => ConfigProvider.fromEnv({ env })],
  ["an object", (env) => ConfigProvider.fromUnknown(env)],
  [
    "the text of an .env file",
    (env) =>
      ConfigProvider.fromDotEnvContents(
        Object.entries(env)
          .map(([name, value]) => `${name}='${value}'`)
          .join("\n"),
      ),
  ],
  [
    "a source under another one's names",
    (env) =>
      ConfigProvider.nested(
        ConfigProvider.fromEnv({
          env: Object.fromEntries(Object.entries(env).map(([name, value]) => [`APP_${name}`, value])),
        }),
        "APP",
      ),
  ],
  [
    "a fallback",
    (env) => ConfigProvider.orElse(ConfigProvider.fromUnknown({ OTHER: "x" }), ConfigProvider.fromUnknown(env)),
  ],
]

const issuesOfEnvironment = async (
  env: Parameters<typeof fromEnv>[0],
  options?: EnvOptions,
): Promise<ReadonlyArray<Issue>> => {
  const { reason } = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(env, options))))
  return reason._tag === "InvalidConfig" ? reason.issues : expect.unreachable(reason._tag)
}

const byPath = (issues: string | ReadonlyArray<Issue>) =>
  typeof issues === "string" ? issues : Array.from(issues).sort((a, b) => a.path.localeCompare(b.path))

describe.each(sources)("the configuration in %s", (name, make) => {
  test("makes the service", async () => {
    expect(
      await run(make({ ...standard, LATCHKEY_TOKEN_ANSWERS: "introspection", LATCHKEY_SCOPES: "openid email" })),
    ).toBe("oidc")
    expect(await run(make({ ...standard, LATCHKEY_TOKEN: '{"kind":"hint"}' }))).toBe("oidc")
  })

  test("has the problems that it has in the environment", async () => {
    const wrong = [
      {},
      { LATCHKEY_PROVIDER: "acme" },
      { LATCHKEY_PROVIDER: "oidc" },
      { ...standard, LATCHKEY_TOKEN_KIND: "hnt" },
      { ...standard, LATCHKEY_TOKEN: '{"kind":"hint"}', LATCHKEY_TOKEN_ANSWERS: "introspection" },
      { ...standard, LATCHKEY_CLIENT_SECRET: "", LATCHKEY_TIMEOUT: "5" },
    ]
    for (const env of wrong) expect(byPath(await run(make(env)))).toEqual(byPath(await issuesOfEnvironment(env)))
  })

  // A fallback cannot list what it has.
  test.skipIf(name === "a fallback")("has no unknown variable", async () => {
    const env = { ...standard, LATCHKEY_TOKEN_MARK: "x", LATCHKEY_TYPO: "y", LATCHKEYS: "z", OTHER: "LATCHKEY_" }
    expect(byPath(await run(make(env)))).toEqual(byPath(await issuesOfEnvironment(env)))
  })

  test("may have another prefix, and an adapter of one's own", async () => {
    const env = {
      PARTNERS_LOGIN_PROVIDER: "acme",
      PARTNERS_LOGIN_TENANT: "https://acme.example",
      PARTNERS_LOGIN_CLIENT_ID: "app",
      PARTNERS_LOGIN_CLIENT_SECRET: "s",
    }
    expect(await run(make({ ...env, LATCHKEY_TYPO: "x" }), { prefix: "PARTNERS_LOGIN_", adapters: [acme] })).toBe(
      "acme",
    )
  })
})

test("a list may be a list, where the source has lists", async () => {
  expect(await run(ConfigProvider.fromUnknown({ ...standard, LATCHKEY_SCOPES: ["openid", "email"] }))).toBe("oidc")
  const wrong = { ...standard, LATCHKEY_SCOPES: ["openid", ""], LATCHKEY_TYPO: ["a"] }
  expect(byPath(await run(ConfigProvider.fromUnknown(wrong)))).toMatchObject([
    { path: "LATCHKEY_SCOPES.1" },
    { path: "LATCHKEY_TYPO", message: "unknown variable" },
  ])
})

test("a source that fails is an error without the source's words, which may hold a value", async () => {
  const source = ConfigProvider.make(() => Effect.fail(new ConfigProvider.SourceError({ message: "sentinel-4f9a" })))
  const issues = await run(source)
  expect(issues).toEqual([{ path: "LATCHKEY_PROVIDER", message: "the ConfigProvider failed to read it" }])
})

test("the environment of the process is the source by default", async () => {
  const error = await Effect.runPromise(
    Effect.flip(Effect.provide(id, Auth.layerConfig({ prefix: "LATCHKEY_NOWHERE_" }))),
  )
  expect(error.message).toContain("LATCHKEY_NOWHERE_PROVIDER: expected one of")
})
