import { type Config, createAuth, fromConfig } from "latchkey"
import { Auth } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

const credentials = { clientId: "app", clientSecret: "secret" }

describe("a configuration", () => {
  test("names one of the vendors", () => {
    expectTypeOf<Config["provider"]>().toEqualTypeOf<"kinde" | "oidc" | "ory" | "polar">()
  })

  test("has the members of the vendor that it names", () =>
    compiled(() => {
      createAuth({ provider: "oidc", issuer: "https://id.example", ...credentials })
      createAuth({ provider: "ory", projectUrl: "https://p.example", apiKey: "k", ...credentials })
      createAuth({ provider: "ory", publicUrl: "https://a.example", adminUrl: "https://b.example", ...credentials })
    }))

  test("has no member of another vendor's", () =>
    compiled(() => {
      // @ts-expect-error an admin address is Ory's
      createAuth({ provider: "oidc", issuer: "https://id.example", adminUrl: "https://b.example", ...credentials })
      // @ts-expect-error endpoints are the generic adapter's
      createAuth({ provider: "ory", projectUrl: "https://p.example", endpoints: {}, ...credentials })
      // @ts-expect-error an unknown member
      fromConfig({ provider: "ory", projectUrl: "https://p.example", sceopes: [], ...credentials })
      // @ts-expect-error an unknown vendor
      Auth.layer({ provider: "acme", ...credentials })
      // @ts-expect-error no vendor
      createAuth({ issuer: "https://id.example", ...credentials })
    }))

  test("needs what its vendor cannot do without", () =>
    compiled(() => {
      // @ts-expect-error no issuer
      createAuth({ provider: "oidc", ...credentials })
      // @ts-expect-error no client id
      createAuth({ provider: "oidc", issuer: "https://id.example", clientSecret: "s" })
    }))

  test("is checked at a vendor's own entry too", () =>
    compiled(() => {
      oidc({ issuer: "https://id.example", ...credentials })
      // @ts-expect-error the adapter has a name already
      oidc({ provider: "oidc", issuer: "https://id.example", ...credentials })
      // @ts-expect-error another vendor's member
      ory({ issuer: "https://id.example", metadataUrl: "https://id.example/m", ...credentials })
      // @ts-expect-error no such way to prove oneself
      oidc({ issuer: "https://id.example", clientAuth: "tls_client_auth", ...credentials })
    }))
})
