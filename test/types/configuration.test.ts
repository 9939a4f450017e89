import { type Config, createAuth, fromConfig } from "latchkey"
import { Auth } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

const credentials = { clientId: "app", clientSecret: "secret" }

describe("a configuration", () => {
  test("names one of the vendors", () => {
    expectTypeOf<Config["provider"]>().toEqualTypeOf<
      | ("auth0" | "better-auth" | "cognito" | "entra" | "keycloak" | "kinde")
      | ("logto" | "oidc" | "okta" | "ory" | "polar" | "zitadel")
    >()
  })

  test("has the members of the vendor that it names", () =>
    compiled(() => {
      createAuth({ provider: "oidc", issuer: "https://id.example", ...credentials })
      createAuth({ provider: "better-auth", issuer: "https://app.example/api/auth", ...credentials })
      createAuth({ provider: "ory", projectUrl: "https://p.example", apiKey: "k", ...credentials })
      createAuth({ provider: "ory", publicUrl: "https://a.example", adminUrl: "https://b.example", ...credentials })
      createAuth({ provider: "auth0", issuer: "https://acme.eu.auth0.com/", ...credentials })
      createAuth({
        provider: "cognito",
        issuer: "https://idp.example/pool",
        domain: "https://a.example",
        ...credentials,
      })
      createAuth({ provider: "entra", tenants: ["11111111-2222-4333-8444-555555555555"], ...credentials })
      createAuth({ provider: "logto", endpoint: "https://acme.logto.app", ...credentials })
      createAuth({ provider: "okta", issuer: "https://acme.okta.com/oauth2/default", ...credentials })
      createAuth({ provider: "zitadel", issuer: "https://acme.zitadel.cloud", ...credentials })
    }))

  test("has no members of another vendor", () =>
    compiled(() => {
      // @ts-expect-error only Ory has an admin URL
      createAuth({ provider: "oidc", issuer: "https://id.example", adminUrl: "https://b.example", ...credentials })
      // @ts-expect-error only the generic adapter has endpoints
      createAuth({ provider: "ory", projectUrl: "https://p.example", endpoints: {}, ...credentials })
      // @ts-expect-error an unknown member
      fromConfig({ provider: "ory", projectUrl: "https://p.example", sceopes: [], ...credentials })
      // @ts-expect-error a preset takes no token profile
      createAuth({ provider: "auth0", issuer: "https://acme.eu.auth0.com/", token: { kind: "hint" }, ...credentials })
      // @ts-expect-error only Entra ID has tenants
      createAuth({ provider: "okta", issuer: "https://acme.okta.com/oauth2/default", tenants: [], ...credentials })
      // @ts-expect-error only Logto has an endpoint
      createAuth({ provider: "zitadel", endpoint: "https://acme.zitadel.cloud", ...credentials })
      // @ts-expect-error an unknown vendor
      Auth.layer({ provider: "acme", ...credentials })
      // @ts-expect-error no vendor
      createAuth({ issuer: "https://id.example", ...credentials })
    }))

  test("needs the required members of its vendor", () =>
    compiled(() => {
      // @ts-expect-error no issuer
      createAuth({ provider: "oidc", ...credentials })
      // @ts-expect-error no client id
      createAuth({ provider: "oidc", issuer: "https://id.example", clientSecret: "s" })
      // @ts-expect-error no domain
      createAuth({ provider: "cognito", issuer: "https://idp.example/pool", ...credentials })
      // @ts-expect-error no tenants
      createAuth({ provider: "entra", ...credentials })
    }))

  test("is checked by the adapter of a vendor too", () =>
    compiled(() => {
      oidc({ issuer: "https://id.example", ...credentials })
      // @ts-expect-error the adapter already names the vendor
      oidc({ provider: "oidc", issuer: "https://id.example", ...credentials })
      // @ts-expect-error another vendor's member
      ory({ issuer: "https://id.example", metadataUrl: "https://id.example/m", ...credentials })
      // @ts-expect-error an unknown client authentication method
      oidc({ issuer: "https://id.example", clientAuth: "tls_client_auth", ...credentials })
    }))
})
