import * as Effect from "effect/Effect"
import { type AnyProvider, type AuthError, fromEnv, type Issue, type LogEvent } from "latchkey"
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

const openFromEnv = (env: Env): Promise<AnyProvider> => Effect.runPromise(Effect.scoped(fromEnv(env)))

const issuesOf = async (env: Env): Promise<ReadonlyArray<Issue>> => {
  const error: AuthError = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(env))))
  return error.reason._tag === "InvalidConfig" ? error.reason.issues : expect.unreachable(error.message)
}

const issuePaths = async (env: Env): Promise<ReadonlyArray<string>> =>
  (await issuesOf(env)).map(({ path }) => path).sort()

describe("the environment", () => {
  test.each<[string, Env, string]>([
    ["a standard server", standard, "oidc"],
    ["Ory, self-hosted", hosted, "ory"],
    ["Ory Network", network, "ory"],
  ])("makes a provider for %s, with every operation", async (_, env, id) => {
    const provider = await openFromEnv(env)
    expect(provider.id).toBe(id)
    expect(provider.connectedApps.token).toBeTypeOf("function")
  })

  test.each<[string, Env]>([
    ["LATCHKEY_REDIRECT_URI", { LATCHKEY_REDIRECT_URI: "https://app.example/back" }],
    ["LATCHKEY_SCOPES", { LATCHKEY_SCOPES: "openid, email profile" }],
    ["LATCHKEY_AUDIENCE", { LATCHKEY_AUDIENCE: "api-1,api-2" }],
    ["LATCHKEY_AUDIENCE=any", { LATCHKEY_AUDIENCE: "any" }],
    ["LATCHKEY_AUDIENCE in JSON", { LATCHKEY_AUDIENCE: ' ["api-1", "api-2"]' }],
    ["LATCHKEY_STALE_IF_ERROR in short", { LATCHKEY_STALE_IF_ERROR: "5m" }],
    ["LATCHKEY_ATTEMPT_TIMEOUT", { LATCHKEY_ATTEMPT_TIMEOUT: "5 seconds" }],
    ["LATCHKEY_TIMEOUT in short", { LATCHKEY_TIMEOUT: "5s" }],
    ["LATCHKEY_CLOCK_SKEW", { LATCHKEY_CLOCK_SKEW: "5 seconds" }],
    ["LATCHKEY_CLIENT_AUTH", { LATCHKEY_CLIENT_AUTH: "client_secret_post" }],
    ["LATCHKEY_METADATA_URL", { LATCHKEY_METADATA_URL: "https://id.example/m" }],
    ["LATCHKEY_ENDPOINTS", { LATCHKEY_ENDPOINTS: '{"tokenEndpoint":"https://id.example/t"}' }],
    ["LATCHKEY_TOKEN", { LATCHKEY_TOKEN: '{"audienceParameter":"resource","kind":"hint"}' }],
    ["LATCHKEY_PRIVATE_KEY", { LATCHKEY_PRIVATE_KEY: ecKey, LATCHKEY_CLIENT_SECRET: undefined }],
    [
      "LATCHKEY_INSECURE_ORIGINS",
      { LATCHKEY_INSECURE_ORIGINS: "http://127.0.0.1:1 http://127.0.0.1:2", LATCHKEY_ISSUER: "http://127.0.0.1:2" },
    ],
    ["a public client", { LATCHKEY_CLIENT_AUTH: "none", LATCHKEY_CLIENT_SECRET: "" }],
  ])("accepts %s", async (_, more) => {
    expect((await openFromEnv({ ...standard, ...more })).id).toBe("oidc")
  })

  test("takes a function that receives events, which no variable can hold", async () => {
    const events: Array<LogEvent> = []
    const provider = await Effect.runPromise(
      Effect.scoped(fromEnv(standard, { log: (event) => void events.push(event) })),
    )
    const event = { _tag: "CacheInvalidated", provider: "oidc", operation: "revoke", extent: "unknown" } as const
    provider.events?.emit(event)
    expect(events).toEqual([event])
    const wrong = fromEnv(standard, { log: "console" as never })
    const error: AuthError = await Effect.runPromise(Effect.flip(Effect.scoped(wrong)))
    expect(error.message).toContain("log: expected a function")
  })

  test("passes lists and JSON on to the provider", async () => {
    for (const scopes of ["openid, email,,profile ", '[ "openid", "email", "profile" ]']) {
      const env = {
        ...standard,
        LATCHKEY_SCOPES: scopes,
        LATCHKEY_ENDPOINTS: '{"authorizationEndpoint":"https://id.example/a"}',
      }
      const provider = await openFromEnv(env)
      const { transaction, url } = await Effect.runPromise(provider.authorize({ redirectUri: "https://app.example/" }))
      expect(transaction.scopes).toEqual(["openid", "email", "profile"])
      expect(url.startsWith("https://id.example/a?")).toBe(true)
    }
  })

  test("has a variable for every member of every configuration except log, a function", async () => {
    const variable = (key: string) => `LATCHKEY_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`
    for (const adapter of [oidc, ory])
      for (const key of Object.keys(adapter.members).filter((each) => each !== "log")) {
        const issues = await Effect.runPromise(
          Effect.flip(Effect.scoped(fromEnv({ LATCHKEY_PROVIDER: adapter.id, [variable(key)]: "-" }))),
        )
        expect(issues.message).not.toContain(`${variable(key)}: unknown variable`)
      }
  })

  test("may contain empty variables, which count as absent", async () => {
    expect((await openFromEnv({ ...standard, LATCHKEY_ATTEMPT_TIMEOUT: "", LATCHKEY_API_KEY: "" })).id).toBe("oidc")
  })

  test("may contain any variable without the LATCHKEY_ prefix", async () => {
    expect((await openFromEnv({ ...standard, PATH: "/bin", LATCHKEYS: "x", latchkey_x: "y" })).id).toBe("oidc")
  })

  test("makes a provider for the Effect API too", async () => {
    const streamed = await Effect.runPromise(Effect.scoped(make(fromEnv(standard))))
    expect(streamed.id).toBe("oidc")
  })
})

describe("an invalid environment", () => {
  test.each<[string, Env, ReadonlyArray<string>]>([
    ["no vendor", {}, ["LATCHKEY_PROVIDER"]],
    ["an unknown vendor", { ...standard, LATCHKEY_PROVIDER: "acme" }, ["LATCHKEY_PROVIDER"]],
    ["a vendor named __proto__", { LATCHKEY_PROVIDER: "__proto__" }, ["LATCHKEY_PROVIDER"]],
    [
      "nothing but the vendor",
      { LATCHKEY_PROVIDER: "oidc" },
      ["LATCHKEY_CLIENT_ID", "LATCHKEY_CLIENT_SECRET", "LATCHKEY_ISSUER"],
    ],
    ["an unknown variable", { ...standard, LATCHKEY_SCOPE: "a" }, ["LATCHKEY_SCOPE"]],
    ["another vendor's variable", { ...standard, LATCHKEY_ADMIN_URL: "https://b.example" }, ["LATCHKEY_ADMIN_URL"]],
    ["no secret", { ...standard, LATCHKEY_CLIENT_SECRET: "" }, ["LATCHKEY_CLIENT_SECRET"]],
    ["an http URL", { ...hosted, LATCHKEY_ADMIN_URL: "http://10.0.0.1:4445" }, ["LATCHKEY_ADMIN_URL"]],
    ["a URL with spaces", { ...standard, LATCHKEY_ISSUER: "the issuer" }, ["LATCHKEY_ISSUER"]],
    ["Ory Network and a self-hosted Ory at once", { ...hosted, ...network }, ["LATCHKEY_PROJECT_URL"]],
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
    ["a duration without a number", { ...standard, LATCHKEY_CLOCK_SKEW: "some" }, ["LATCHKEY_CLOCK_SKEW"]],
    ["a duration without a unit", { ...standard, LATCHKEY_TIMEOUT: "5" }, ["LATCHKEY_TIMEOUT"]],
    ["blanks for a duration", { ...standard, LATCHKEY_CLOCK_SKEW: " " }, ["LATCHKEY_CLOCK_SKEW"]],
    ["half a list", { ...standard, LATCHKEY_AUDIENCE: '["api-1"' }, ["LATCHKEY_AUDIENCE"]],
    ["a timeout in an unknown format", { ...standard, LATCHKEY_ATTEMPT_TIMEOUT: "soon" }, ["LATCHKEY_ATTEMPT_TIMEOUT"]],
  ])("is rejected with the name of each variable: %s", async (_, env, expected) => {
    expect(await issuePaths(env)).toEqual(expected)
  })

  test("is reported with all its issues at once", async () => {
    const env = {
      ...hosted,
      LATCHKEY_CLIENT_ID: "",
      LATCHKEY_TYPO: "1",
      LATCHKEY_CLOCK_SKEW: "99",
      LATCHKEY_ADMIN_URL: "http://x.example",
    }
    expect(await issuePaths(env)).toEqual([
      "LATCHKEY_ADMIN_URL",
      "LATCHKEY_CLIENT_ID",
      "LATCHKEY_CLOCK_SKEW",
      "LATCHKEY_TYPO",
    ])
  })

  test("is reported without the values of its variables", async () => {
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
