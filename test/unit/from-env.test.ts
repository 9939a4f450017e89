import * as Effect from "effect/Effect"
import { type AnyProvider, type AuthError, fromEnv, type Issue } from "latchkey"
import { make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"

type Env = Readonly<Record<string, string | undefined>>

const standard: Env = {
  LATCHKEY_PROVIDER: "oidc",
  LATCHKEY_ISSUER: "https://id.example",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
}
const hosted: Env = {
  LATCHKEY_PROVIDER: "ory",
  LATCHKEY_PUBLIC_URL: "https://a.example",
  LATCHKEY_ADMIN_URL: "https://b.example",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
}
const network: Env = {
  LATCHKEY_PROVIDER: "ory",
  LATCHKEY_PROJECT_URL: "https://p.example",
  LATCHKEY_API_KEY: "key",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
}
const ecKey = '{"kty":"EC","crv":"P-256","alg":"ES256","d":"x"}'

const opened = (env: Env): Promise<AnyProvider> => Effect.runPromise(Effect.scoped(fromEnv(env)))

const issuesOf = async (env: Env): Promise<ReadonlyArray<Issue>> => {
  const error: AuthError = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(env))))
  return error.reason._tag === "InvalidConfig" ? error.reason.issues : expect.unreachable(error.message)
}

const named = async (env: Env): Promise<ReadonlyArray<string>> => (await issuesOf(env)).map(({ path }) => path).sort()

describe("the environment", () => {
  test.each<[string, Env, string]>([
    ["a standard server", standard, "oidc"],
    ["Ory, self-hosted", hosted, "ory"],
    ["Ory Network", network, "ory"],
  ])("makes a provider of %s, with every operation", async (_, env, id) => {
    const provider = await opened(env)
    expect(provider.id).toBe(id)
    expect(provider.connectedApps.token).toBeTypeOf("function")
  })

  test.each<[string, Env]>([
    ["LATCHKEY_REDIRECT_URI", { LATCHKEY_REDIRECT_URI: "https://app.example/back" }],
    ["LATCHKEY_SCOPES", { LATCHKEY_SCOPES: "openid, email profile" }],
    ["LATCHKEY_AUDIENCE", { LATCHKEY_AUDIENCE: "api-1,api-2" }],
    ["LATCHKEY_AUDIENCE=any", { LATCHKEY_AUDIENCE: "any" }],
    ["LATCHKEY_AUDIENCE in JSON", { LATCHKEY_AUDIENCE: ' ["api-1", "api-2"]' }],
    ["LATCHKEY_STALE_IF_UNAVAILABLE in milliseconds", { LATCHKEY_STALE_IF_UNAVAILABLE: "300000" }],
    ["LATCHKEY_TIMEOUT", { LATCHKEY_TIMEOUT: "5 seconds" }],
    ["LATCHKEY_TIMEOUT in milliseconds", { LATCHKEY_TIMEOUT: "5000" }],
    ["LATCHKEY_CLOCK_SKEW", { LATCHKEY_CLOCK_SKEW: "5" }],
    ["LATCHKEY_CLIENT_AUTH", { LATCHKEY_CLIENT_AUTH: "client_secret_post" }],
    ["LATCHKEY_METADATA_URL", { LATCHKEY_METADATA_URL: "https://id.example/m" }],
    ["LATCHKEY_ENDPOINTS", { LATCHKEY_ENDPOINTS: '{"tokenEndpoint":"https://id.example/t"}' }],
    ["LATCHKEY_AUDIENCE_PARAMETER", { LATCHKEY_AUDIENCE_PARAMETER: "resource" }],
    ["LATCHKEY_ACCESS_TOKEN_MARK", { LATCHKEY_ACCESS_TOKEN_MARK: "token_type" }],
    ["LATCHKEY_PRIVATE_KEY", { LATCHKEY_PRIVATE_KEY: ecKey, LATCHKEY_CLIENT_SECRET: undefined }],
    [
      "LATCHKEY_INSECURE",
      { LATCHKEY_INSECURE: "http://127.0.0.1:1 http://127.0.0.1:2", LATCHKEY_ISSUER: "http://127.0.0.1:2" },
    ],
    ["a public client", { LATCHKEY_CLIENT_AUTH: "none", LATCHKEY_CLIENT_SECRET: "" }],
  ])("may say %s", async (_, more) => {
    expect((await opened({ ...standard, ...more })).id).toBe("oidc")
  })

  test("is read as it was meant: lists, numbers and JSON reach the vendor", async () => {
    for (const scopes of ["openid, email,,profile ", '[ "openid", "email", "profile" ]']) {
      const env = {
        ...standard,
        LATCHKEY_SCOPES: scopes,
        LATCHKEY_ENDPOINTS: '{"authorizationEndpoint":"https://id.example/a"}',
      }
      const provider = await opened(env)
      const { transaction, url } = await Effect.runPromise(provider.authorize({ redirectUri: "https://app.example/" }))
      expect(transaction.scopes).toEqual(["openid", "email", "profile"])
      expect(url.startsWith("https://id.example/a?")).toBe(true)
    }
  })

  test("has a variable for every member of every configuration", async () => {
    const variable = (key: string) => `LATCHKEY_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`
    for (const adapter of [oidc, ory])
      for (const key of adapter.keys) {
        const issues = await Effect.runPromise(
          Effect.flip(Effect.scoped(fromEnv({ LATCHKEY_PROVIDER: adapter.id, [variable(key)]: "-" }))),
        )
        expect(issues.message).not.toContain(`${variable(key)}: unknown variable`)
      }
  })

  test("may hold empty variables: they count as absent", async () => {
    expect((await opened({ ...standard, LATCHKEY_TIMEOUT: "", LATCHKEY_API_KEY: "" })).id).toBe("oidc")
  })

  test("may hold anything that is not ours", async () => {
    expect((await opened({ ...standard, PATH: "/bin", LATCHKEYS: "x", latchkey_x: "y" })).id).toBe("oidc")
  })

  test("gives what both entries take", async () => {
    const streamed = await Effect.runPromise(Effect.scoped(make(fromEnv(standard))))
    expect(streamed.id).toBe("oidc")
  })
})

describe("a wrong environment", () => {
  test.each<[string, Env, ReadonlyArray<string>]>([
    ["no vendor", {}, ["LATCHKEY_PROVIDER"]],
    ["an unknown vendor", { ...standard, LATCHKEY_PROVIDER: "acme" }, ["LATCHKEY_PROVIDER"]],
    ["a vendor named as JavaScript names things", { LATCHKEY_PROVIDER: "__proto__" }, ["LATCHKEY_PROVIDER"]],
    [
      "nothing but the vendor",
      { LATCHKEY_PROVIDER: "oidc" },
      ["LATCHKEY_CLIENT_ID", "LATCHKEY_CLIENT_SECRET", "LATCHKEY_ISSUER"],
    ],
    ["an unknown variable", { ...standard, LATCHKEY_SCOPE: "a" }, ["LATCHKEY_SCOPE"]],
    ["another vendor's variable", { ...standard, LATCHKEY_ADMIN_URL: "https://b.example" }, ["LATCHKEY_ADMIN_URL"]],
    ["no secret", { ...standard, LATCHKEY_CLIENT_SECRET: "" }, ["LATCHKEY_CLIENT_SECRET"]],
    ["an http URL", { ...hosted, LATCHKEY_ADMIN_URL: "http://10.0.0.1:4445" }, ["LATCHKEY_ADMIN_URL"]],
    ["words for a URL", { ...standard, LATCHKEY_ISSUER: "the issuer" }, ["LATCHKEY_ISSUER"]],
    ["both kinds of Ory", { ...hosted, ...network }, ["LATCHKEY_PROJECT_URL"]],
    ["a secret beside a key", { ...standard, LATCHKEY_PRIVATE_KEY: ecKey }, ["LATCHKEY_PRIVATE_KEY"]],
    [
      "JSON of another shape",
      { ...standard, LATCHKEY_ENDPOINTS: '{"tokenEndpoint":5}' },
      ["LATCHKEY_ENDPOINTS.tokenEndpoint"],
    ],
    [
      "JSON with an unknown member",
      { ...standard, LATCHKEY_ENDPOINTS: '{"token":"https://x.example"}' },
      ["LATCHKEY_ENDPOINTS.token"],
    ],
    ["bad JSON", { ...standard, LATCHKEY_ENDPOINTS: "{" }, ["LATCHKEY_ENDPOINTS"]],
    [
      "bad JSON for a key",
      { ...standard, LATCHKEY_CLIENT_SECRET: "", LATCHKEY_PRIVATE_KEY: "{" },
      ["LATCHKEY_PRIVATE_KEY"],
    ],
    ["a number that is none", { ...standard, LATCHKEY_CLOCK_SKEW: "some" }, ["LATCHKEY_CLOCK_SKEW"]],
    ["blanks for a number", { ...standard, LATCHKEY_CLOCK_SKEW: " " }, ["LATCHKEY_CLOCK_SKEW"]],
    ["half a list", { ...standard, LATCHKEY_AUDIENCE: '["api-1"' }, ["LATCHKEY_AUDIENCE"]],
    ["a time-out nobody understands", { ...standard, LATCHKEY_TIMEOUT: "soon" }, ["LATCHKEY_TIMEOUT"]],
  ])("is refused by the variable's name: %s", async (_, env, expected) => {
    expect(await named(env)).toEqual(expected)
  })

  test("is listed with all its problems at once", async () => {
    const env = {
      ...hosted,
      LATCHKEY_CLIENT_ID: "",
      LATCHKEY_TYPO: "1",
      LATCHKEY_CLOCK_SKEW: "99",
      LATCHKEY_ADMIN_URL: "http://x.example",
    }
    expect(await named(env)).toEqual([
      "LATCHKEY_ADMIN_URL",
      "LATCHKEY_CLIENT_ID",
      "LATCHKEY_CLOCK_SKEW",
      "LATCHKEY_TYPO",
    ])
  })

  test("says so in the message, and repeats no value", async () => {
    const error = await Effect.runPromise(
      Effect.flip(
        Effect.scoped(fromEnv({ ...standard, LATCHKEY_PRIVATE_KEY: "sentinel-4f9a", LATCHKEY_TYPO: "sentinel-4f9a" })),
      ),
    )
    expect(error.message).toContain("LATCHKEY_TYPO: unknown variable")
    expect(error.message).toContain("LATCHKEY_PRIVATE_KEY: expected JSON")
    expect(error.message + JSON.stringify(error)).not.toContain("sentinel-4f9a")
  })
})
