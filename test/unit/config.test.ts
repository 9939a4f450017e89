import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { AuthError, type Config, createAuth } from "latchkey"
import { kinde } from "latchkey/kinde"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"
import { describe, expect, test } from "vitest"

const standard = { issuer: "https://id.example", clientId: "app", clientSecret: "secret" }
const network = { projectUrl: "https://p.example", apiKey: "key", clientId: "app", clientSecret: "secret" }
const hosted = {
  publicUrl: "https://a.example",
  adminUrl: "https://b.example",
  clientId: "app",
  clientSecret: "secret",
}

type Adapter = typeof oidc | typeof ory | typeof polar | typeof kinde

/** The paths of the issues of a configuration. */
const paths = (adapter: Adapter, config: unknown): ReadonlyArray<string> =>
  adapter.check(config).map(({ path }) => path)

const without = (config: object, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)))

const key = { kty: "EC", crv: "P-256", alg: "ES256", d: "x" }

describe("a valid configuration", () => {
  test.each<[string, Adapter, unknown]>([
    ["a standard server", oidc, standard],
    ["a public client", oidc, { ...without(standard, "clientSecret"), clientAuth: "none" }],
    ["a key in place of a secret", oidc, { ...without(standard, "clientSecret"), privateKey: key }],
    ["a redacted secret", oidc, { ...standard, clientSecret: Redacted.make("secret") }],
    ["a secret in the request body", oidc, { ...standard, clientAuth: "client_secret_post" }],
    ["a timeout in words", oidc, { ...standard, attemptTimeout: "5 seconds" }],
    ["a timeout in short", oidc, { ...standard, attemptTimeout: "300ms", timeout: "2s" }],
    ["a timeout as a Duration", oidc, { ...standard, attemptTimeout: Duration.seconds(5) }],
    ["any audience", oidc, { ...standard, audience: "any" }],
    [
      "a listed http origin",
      oidc,
      { ...standard, issuer: "http://127.0.0.1:4444/", insecureOrigins: ["http://127.0.0.1:4444"] },
    ],
    ["an http redirect URI", oidc, { ...standard, redirectUri: "http://localhost:3000/back" }],
    ["a client id that looks like an http URL", oidc, { ...standard, clientId: "http://localhost:3000/client" }],
    ["Ory Network", ory, network],
    ["a redacted API key", ory, { ...network, apiKey: Redacted.make("key") }],
    ["Ory, self-hosted", ory, hosted],
    ["Ory with its own issuer", ory, { ...hosted, issuer: "https://a.example/" }],
  ])("has no issues: %s", (_, adapter, config) => {
    expect(adapter.check(config)).toEqual([])
  })
})

describe("an invalid configuration", () => {
  test.each<[string, Adapter, unknown, ReadonlyArray<string>]>([
    ["nothing", oidc, {}, ["issuer", "clientId", "clientSecret"]],
    ["not an object", oidc, "https://id.example", [""]],
    ["null", ory, null, [""]],
    ["an unknown key", oidc, { ...standard, sceopes: [] }, ["sceopes"]],
    ["two unknown keys", oidc, { ...standard, a: 1, b: 2 }, ["a", "b"]],
    ["an unknown key within endpoints", oidc, { ...standard, endpoints: { token: "x" } }, ["endpoints.token"]],
    ["another vendor's key", ory, { ...hosted, metadataUrl: "https://m.example" }, ["metadataUrl"]],
    ["no credential", oidc, without(standard, "clientSecret"), ["clientSecret"]],
    ["an empty secret", oidc, { ...standard, clientSecret: "" }, ["clientSecret"]],
    ["two credentials", oidc, { ...standard, privateKey: key }, ["privateKey"]],
    ["a secret and no authentication", oidc, { ...standard, clientAuth: "none" }, ["clientAuth"]],
    [
      "basic without a secret",
      oidc,
      { ...without(standard, "clientSecret"), clientAuth: "client_secret_basic" },
      ["clientSecret"],
    ],
    [
      "basic with a key",
      oidc,
      { ...without(standard, "clientSecret"), privateKey: key, clientAuth: "client_secret_basic" },
      ["clientSecret"],
    ],
    [
      "post with a key",
      oidc,
      { ...without(standard, "clientSecret"), privateKey: key, clientAuth: "client_secret_post" },
      ["clientSecret"],
    ],
    ["private_key_jwt with a secret", oidc, { ...standard, clientAuth: "private_key_jwt" }, ["privateKey"]],
    [
      "a public key as the private key",
      oidc,
      { ...without(standard, "clientSecret"), privateKey: without(key, "d") },
      ["privateKey.d"],
    ],
    ["an unknown authentication", oidc, { ...standard, clientAuth: "magic" }, ["clientAuth"]],
    ["an issuer that is not a URL", oidc, { ...standard, issuer: "id.example" }, ["issuer"]],
    ["an issuer with spaces", oidc, { ...standard, issuer: "not a url" }, ["issuer"]],
    ["an empty issuer", oidc, { ...standard, issuer: "" }, ["issuer"]],
    ["an issuer of another scheme", oidc, { ...standard, issuer: "ftp://id.example" }, ["issuer"]],
    ["a plain http issuer", oidc, { ...standard, issuer: "http://id.example" }, ["issuer"]],
    ["an issuer with a password", oidc, { ...standard, issuer: "https://u:p@id.example" }, ["issuer"]],
    ["an issuer with a fragment", oidc, { ...standard, issuer: "https://id.example/#x" }, ["issuer"]],
    [
      "an http issuer with another origin listed",
      oidc,
      { ...standard, issuer: "http://127.0.0.1:1", insecureOrigins: ["http://127.0.0.1:2"] },
      ["issuer"],
    ],
    [
      "an http endpoint",
      oidc,
      { ...standard, endpoints: { tokenEndpoint: "http://x.example/t" } },
      ["endpoints.tokenEndpoint"],
    ],
    [
      "an endpoint that is not a URL",
      oidc,
      { ...standard, endpoints: { tokenEndpoint: "/token" } },
      ["endpoints.tokenEndpoint"],
    ],
    ["an origin with a path", oidc, { ...standard, insecureOrigins: ["http://a.example/"] }, ["insecureOrigins.0"]],
    [
      "an https origin listed as insecureOrigins",
      oidc,
      { ...standard, insecureOrigins: ["https://a.example"] },
      ["insecureOrigins.0"],
    ],
    ["a timeout without a unit", oidc, { ...standard, timeout: 5 }, ["timeout"]],
    ["a timeout of 0", oidc, { ...standard, attemptTimeout: "0 seconds" }, ["attemptTimeout"]],
    ["a negative timeout", oidc, { ...standard, attemptTimeout: "-1 seconds" }, ["attemptTimeout"]],
    ["an infinite timeout", oidc, { ...standard, attemptTimeout: "Infinity" }, ["attemptTimeout"]],
    ["a timeout in an unknown format", oidc, { ...standard, attemptTimeout: "soon" }, ["attemptTimeout"]],
    ["too much clock skew", oidc, { ...standard, clockSkew: "61 seconds" }, ["clockSkew"]],
    ["an empty audience", oidc, { ...standard, audience: [] }, ["audience"]],
    ["a redirect URI without a host", oidc, { ...standard, redirectUri: "/back" }, ["redirectUri"]],
    ["Ory without an address", ory, without(hosted, "publicUrl", "adminUrl"), ["publicUrl", "adminUrl"]],
    ["Ory with one address", ory, without(hosted, "adminUrl"), ["adminUrl"]],
    ["Ory Network without a key", ory, without(network, "apiKey"), ["apiKey"]],
    ["an API key without a project", ory, without(network, "projectUrl"), ["projectUrl"]],
    ["Ory Network and a self-hosted Ory at once", ory, { ...hosted, ...network }, ["projectUrl"]],
    ["one member of each kind of Ory", ory, { ...without(hosted, "adminUrl"), apiKey: "key" }, ["publicUrl"]],
    [
      "a maximum age of inactive answers for Ory",
      ory,
      { ...hosted, cache: { inactiveMaxAge: "2 seconds" } },
      ["cache.inactiveMaxAge"],
    ],
    ["a private key for Polar, which does not use it", polar, { clientId: "app", privateKey: key }, ["privateKey"]],
    [
      "a private key for Kinde, which does not use it",
      kinde,
      { issuer: "https://id.example", clientId: "app", audience: "any", privateKey: key },
      ["privateKey"],
    ],
    ["an http admin address that is not listed", ory, { ...hosted, adminUrl: "http://10.0.0.1:4445" }, ["adminUrl"]],
  ])("is rejected with the path of each issue: %s", (_, adapter, config, expected) => {
    expect([...paths(adapter, config)].sort()).toEqual([...expected].sort())
  })

  test("has a message for a missing member and for an invalid secret", () => {
    const messagesOf = (config: object) =>
      Object.fromEntries(oidc.check(config).map(({ path, message }) => [path, message]))
    expect(messagesOf({})).toMatchObject({ clientId: "required", issuer: "required" })
    const invalidSecret = "expected a secret, not empty; or two: the new one and the old one"
    expect(messagesOf({ ...standard, clientSecret: "" })).toEqual({ clientSecret: invalidSecret })
    expect(messagesOf({ ...standard, clientSecret: ["one"] })).toEqual({ clientSecret: invalidSecret })
    expect(messagesOf({ ...standard, attemptTimeout: "5 apples" }).attemptTimeout).toContain('such as "5 seconds"')
    const management = kinde.check({ ...standard, audience: "any", management: { clientId: "m" } })
    expect(management).toEqual([{ path: "management.clientSecret", message: "required" }])
  })

  test("is reported with all its issues at once", () => {
    const config = {
      clientId: "",
      nonsense: 1,
      scopes: ["a", ""],
      attemptTimeout: "-1 seconds",
      clockSkew: "99 seconds",
      issuer: "http://id.example",
    }
    expect([...paths(oidc, config)].sort()).toEqual(
      ["attemptTimeout", "clientId", "clientSecret", "clockSkew", "issuer", "nonsense", "scopes.1"].sort(),
    )
  })

  test("has a message that explains how to allow an http origin", () => {
    expect(oidc.check({ ...standard, issuer: "http://id.example/x" })).toEqual([
      {
        path: "issuer",
        message: expect.stringContaining(
          'http://id.example is not https; to allow it, add this exact origin to "insecureOrigins"',
        ),
      },
    ])
  })

  test("makes createAuth throw an AuthError", () => {
    const config = { provider: "oidc", issuer: "https://id.example", clientId: "app" } as const
    try {
      createAuth(config)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(AuthError)
      expect(error).toMatchObject({ provider: "oidc", operation: "config" })
      expect(error).toHaveProperty("reason.issues.0.path", "clientSecret")
      expect(String(error)).toContain("clientSecret")
    }
  })

  test.each(["acme", "", "__proto__", "constructor", 5, undefined])("is rejected for the vendor %j", (provider) => {
    const config: object = { provider, ...standard }
    expect(() => createAuth(config as Config)).toThrow(
      /^latchkey\.config: InvalidConfig: provider: expected one of (?=.*kinde)(?=.*oidc)(?=.*ory)/,
    )
  })

  test.each([null, undefined, "oidc", 5])("is rejected when it is not an object: %j", (config) => {
    const value: unknown = config
    expect(() => createAuth(value as Config)).toThrow(AuthError)
  })

  test("is reported without its credentials", () => {
    const sentinel = "http://sentinel-4f9a.example"
    const invalid = {
      ...without(standard, "issuer"),
      clientSecret: sentinel,
      privateKey: { kty: sentinel },
      apiKey: sentinel,
    }
    expect(JSON.stringify(oidc.check(invalid))).not.toContain("sentinel-4f9a")
    expect(JSON.stringify(ory.check({ ...network, clientSecret: sentinel, apiKey: sentinel }))).not.toContain(
      "sentinel-4f9a",
    )
  })
})
