import * as Redacted from "effect/Redacted"
import type { NewClient } from "latchkey"
import { describe, expect, test } from "vitest"
import { client, ourName, toWire } from "../../src/adapters/oidc/operations/client-metadata.ts"
import { clientOnTheWire } from "./ory-server.ts"

const read = (changes: Readonly<Record<string, unknown>> = {}) => client.parse(clientOnTheWire(changes))

describe("a client from Ory", () => {
  test("has our names, empty arrays for null and nothing for what is empty", () => {
    const { raw, ...rest } = read()
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
    ["its scopes, split", { scope: "a  b" }, { scopes: ["a", "b"] }],
    ["no scopes", { scope: "" }, { scopes: [] }],
    ["no scope at all", { scope: null }, { scopes: [] }],
    ["its keys", { jwks: { keys: [{ kty: "RSA", kid: "1" }] } }, { jwks: { keys: [{ kty: "RSA", kid: "1" }] } }],
    ["the address of its keys", { jwks_uri: "https://c.example/jwks" }, { jwksUri: "https://c.example/jwks" }],
    [
      "its return addresses",
      { post_logout_redirect_uris: ["https://c.example/"] },
      { postLogoutRedirectUris: ["https://c.example/"] },
    ],
    ["metadata", { metadata: { a: 1 } }, { metadata: { a: 1 } }],
    ["metadata that is no object", { metadata: ["a"] }, { metadata: {} }],
    ["when it changed", { updated_at: "2026-02-03T04:05:06Z" }, { updatedAt: new Date("2026-02-03T04:05:06Z") }],
  ])("says %s", (_, wire, ours) => {
    expect(read(wire)).toMatchObject(ours)
  })

  test.each([{ jwks: {} }, { jwks: { keys: [] } }, { jwks: { keys: null } }, { jwks: null }])(
    "has no keys when there are none: %j",
    (wire) => {
      expect(read(wire)).not.toHaveProperty("jwks")
    },
  )

  test("keeps its secrets redacted, in their members and nowhere else", () => {
    const secrets = {
      client_secret: "sentinel-secret",
      registration_access_token: "sentinel-token",
      registration_client_uri: "https://id.example/oauth2/register/sentinel-uri",
    }
    const given = read(secrets)
    expect(Redacted.value(given.secret ?? Redacted.make(""))).toBe("sentinel-secret")
    expect(Redacted.value(given.registration?.token ?? Redacted.make(""))).toBe("sentinel-token")
    expect(Redacted.value(given.registration?.uri ?? Redacted.make(""))).toContain("sentinel-uri")
    expect(JSON.stringify(given)).not.toContain("sentinel")
  })

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["no id", clientOnTheWire({ client_id: undefined })],
    ["an id of another type", clientOnTheWire({ client_id: 5 })],
    ["redirect URIs of another type", clientOnTheWire({ redirect_uris: "https://c.example" })],
    ["keys of another shape", clientOnTheWire({ jwks: { keys: [1] } })],
  ])("is refused when it is none: %s", (_, wire) => {
    expect(client.safeParse(wire).success).toBe(false)
  })
})

describe("a client for Ory", () => {
  test("has their names, and only what was given", () => {
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

  test("carries its secret in the clear, redacted or not", () => {
    expect(toWire({ secret: Redacted.make("s") })).toEqual({ client_secret: "s" })
    expect(toWire({ secret: "s" })).toEqual({ client_secret: "s" })
  })

  test("keeps the null of a patch", () => {
    expect(toWire({ name: null, scopes: null, jwks: null })).toEqual({ client_name: null, scope: null, jwks: null })
  })

  test("is named in our words when something is wrong with it", () => {
    expect(ourName("client_name")).toBe("name")
    expect(ourName("scope")).toBe("scopes")
    expect(ourName("owner")).toBe("extra.owner")
  })
})
