import { type AnyAuth, createAuth, fromConfig, fromEnv } from "latchkey"
import { Auth } from "latchkey/effect"
import { define, settings } from "latchkey/oidc"
import { describe, expectTypeOf, test } from "vitest"
import { z } from "zod"
import { acme } from "../../examples/fourth-vendor.ts"
import { compiled } from "./never-run.ts"

const credentials = { clientId: "app", clientSecret: "secret" }
const tenant = "https://acme.example"

const initech = define({
  id: "initech",
  config: z.strictObject({ ...settings, region: z.enum(["eu", "us"]) }),
  can: ["introspect"],
  server: () => ({ issuer: tenant, metadataUrl: `${tenant}/m`, clientAuth: "client_secret_basic" }),
})

describe("the configuration of an adapter of one's own", () => {
  test("is checked by its members", () =>
    compiled(() => {
      const adapters = [acme, initech]
      expectTypeOf(createAuth({ provider: "acme", tenant, ...credentials }, { adapters })).toEqualTypeOf<AnyAuth>()
      fromConfig({ provider: "initech", region: "eu", ...credentials }, { adapters })
      Auth.layer({ provider: "acme", tenant, ...credentials }, { adapters: [acme] })
      // @ts-expect-error no tenant
      createAuth({ provider: "acme", ...credentials }, { adapters })
      // @ts-expect-error the tenant is not text
      fromConfig({ provider: "acme", tenant: 5, ...credentials }, { adapters })
      // @ts-expect-error another adapter's member
      createAuth({ provider: "initech", tenant, ...credentials }, { adapters })
      // @ts-expect-error no such region
      Auth.layer({ provider: "initech", region: "asia", ...credentials }, { adapters })
    }))

  test("is unknown without the adapter", () =>
    compiled(() => {
      // @ts-expect-error no adapters
      createAuth({ provider: "acme", tenant, ...credentials })
      // @ts-expect-error only the other adapter
      createAuth({ provider: "acme", tenant, ...credentials }, { adapters: [initech] })
      // @ts-expect-error an unknown vendor
      createAuth({ provider: "umbrella", ...credentials }, { adapters: [acme] })
      // @ts-expect-error an unknown vendor
      Auth.layer({ provider: "umbrella", ...credentials }, { adapters: [acme] })
    }))

  test("leaves the configurations of latchkey's adapters as they are", () =>
    compiled(() => {
      createAuth({ provider: "oidc", issuer: "https://id.example", ...credentials }, { adapters: [acme] })
      // @ts-expect-error no issuer
      createAuth({ provider: "oidc", ...credentials }, { adapters: [acme] })
    }))
})

test("adapters are what `define` makes", () =>
  compiled(() => {
    fromEnv({}, { adapters: [acme, initech], prefix: "ACME_" })
    Auth.layerConfig({ adapters: [acme] })
    expectTypeOf(acme.id).toEqualTypeOf<"acme">()
    // @ts-expect-error a provider is no adapter
    fromEnv({}, { adapters: [acme({ tenant, ...credentials })] })
    // @ts-expect-error a function without an id is no adapter
    createAuth({ provider: "oidc", issuer: "https://id.example", ...credentials }, { adapters: [() => undefined] })
  }))
