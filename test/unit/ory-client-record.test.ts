import * as Redacted from "effect/Redacted"
import type { NewClient } from "latchkey"
import { describe, expect, test } from "vitest"
import { client, portName, toWire } from "../../src/adapters/oidc/operations/client-metadata.ts"
import { clientOnTheWire } from "./ory-server.ts"

const parsed = (changes: Readonly<Record<string, unknown>> = {}) => client.parse(clientOnTheWire(changes))

describe("a client from Ory", () => {
  test("has latchkey's names, empty arrays for null, and no empty members", () => {
    const { raw, ...rest } = parsed()
    expect(rest).toEqual({
      clientId: "c1",
      redirectUris: [],
      postLogoutRedirectUris: [],
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      scopes: ["openid"],
      audience: [],
      tokenEndpointAuthMethod: "client_secret_basic",
      createdAt: new Date("2026-01-02T03:04:05Z"),
      metadata: {},
    })
    expect(raw).toEqual(clientOnTheWire())
  })

  test.each<[string, Readonly<Record<string, unknown>>, object]>([
    ["its name", { client_name: "App" }, { name: "App" }],
    ["its scopes, split at spaces", { scope: "a  b" }, { scopes: ["a", "b"] }],
    ["no scopes for an empty `scope`", { scope: "" }, { scopes: [] }],
    ["no scopes for a null `scope`", { scope: null }, { scopes: [] }],
    ["its JWK Set", { jwks: { keys: [{ kty: "RSA", kid: "1" }] } }, { jwks: { keys: [{ kty: "RSA", kid: "1" }] } }],
    ["its JWK Set URL", { jwks_uri: "https://c.example/jwks" }, { jwksUri: "https://c.example/jwks" }],
    [
      "its post-logout redirect URIs",
      { post_logout_redirect_uris: ["https://c.example/"] },
      { postLogoutRedirectUris: ["https://c.example/"] },
    ],
    ["its metadata", { metadata: { a: 1 } }, { metadata: { a: 1 } }],
    ["empty metadata for a value that is not an object", { metadata: ["a"] }, { metadata: {} }],
    [
      "the time of its last change",
      { updated_at: "2026-02-03T04:05:06Z" },
      { updatedAt: new Date("2026-02-03T04:05:06Z") },
    ],
  ])("has %s", (_, wire, expected) => {
    expect(parsed(wire)).toMatchObject(expected)
  })

  test.each([{ jwks: {} }, { jwks: { keys: [] } }, { jwks: { keys: null } }, { jwks: null }])(
    "has no `jwks` when the record has no keys: %j",
    (wire) => {
      expect(parsed(wire)).not.toHaveProperty("jwks")
    },
  )

  test("has its secrets redacted, and in their own members only", () => {
    const secrets = {
      client_secret: "sentinel-secret",
      registration_access_token: "sentinel-token",
      registration_client_uri: "https://id.example/oauth2/register/sentinel-uri",
    }
    const record = parsed(secrets)
    expect(Redacted.value(record.secret ?? Redacted.make(""))).toBe("sentinel-secret")
    expect(Redacted.value(record.registration?.token ?? Redacted.make(""))).toBe("sentinel-token")
    expect(Redacted.value(record.registration?.uri ?? Redacted.make(""))).toContain("sentinel-uri")
    expect(JSON.stringify(record)).not.toContain("sentinel")
  })

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["no id", clientOnTheWire({ client_id: undefined })],
    ["an id of another type", clientOnTheWire({ client_id: 5 })],
    ["redirect URIs of another type", clientOnTheWire({ redirect_uris: "https://c.example" })],
    ["keys of another shape", clientOnTheWire({ jwks: { keys: [1] } })],
  ])("is rejected when the record is invalid: %s", (_, wire) => {
    expect(client.safeParse(wire).success).toBe(false)
  })
})

describe("a client for Ory", () => {
  test("has Ory's names, and only the given members", () => {
    const record: NewClient = {
      clientId: "c1",
      name: "App",
      redirectUris: ["https://c.example/back"],
      postLogoutRedirectUris: [],
      grantTypes: ["client_credentials"],
      responseTypes: ["code"],
      scopes: ["a", "b"],
      audience: ["api"],
      tokenEndpointAuthMethod: "none",
      jwks: { keys: [] },
      jwksUri: "https://c.example/jwks",
      metadata: { a: 1 },
      extra: { owner: "o", skip_consent: true },
    }
    expect(toWire(record)).toEqual({
      client_id: "c1",
      client_name: "App",
      redirect_uris: ["https://c.example/back"],
      post_logout_redirect_uris: [],
      grant_types: ["client_credentials"],
      response_types: ["code"],
      scope: "a b",
      audience: ["api"],
      token_endpoint_auth_method: "none",
      jwks: { keys: [] },
      jwks_uri: "https://c.example/jwks",
      metadata: { a: 1 },
      owner: "o",
      skip_consent: true,
    })
    expect(toWire({})).toEqual({})
  })

  test("contains its secret in clear, from a string or a redacted value", () => {
    expect(toWire({ secret: Redacted.make("s") })).toEqual({ client_secret: "s" })
    expect(toWire({ secret: "s" })).toEqual({ client_secret: "s" })
  })

  test("keeps null in a patch", () => {
    expect(toWire({ name: null, scopes: null, jwks: null })).toEqual({ client_name: null, scope: null, jwks: null })
  })

  test("has its members translated to latchkey's names for errors", () => {
    expect(portName("client_name")).toBe("name")
    expect(portName("scope")).toBe("scopes")
    expect(portName("owner")).toBe("extra.owner")
  })
})
