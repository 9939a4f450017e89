import type { Auth0Config } from "latchkey/auth0"
import { type BetterAuthConfig, betterAuth } from "latchkey/better-auth"
import type { CognitoConfig } from "latchkey/cognito"
import type { EntraConfig } from "latchkey/entra"
import type { KeycloakConfig } from "latchkey/keycloak"
import type { KindeConfig } from "latchkey/kinde"
import type { LogtoConfig } from "latchkey/logto"
import type { OidcConfig } from "latchkey/oidc"
import type { OktaConfig } from "latchkey/okta"
import { type OryConfig, ory } from "latchkey/ory"
import type { PolarConfig } from "latchkey/polar"
import type { ZitadelConfig } from "latchkey/zitadel"
import { describe, expectTypeOf, test } from "vitest"
import type { z } from "zod"
import type { definition as auth0 } from "../../src/adapters/auth0/index.ts"
import type { config as betterAuthSchema } from "../../src/adapters/better-auth/config.ts"
import type { definition as cognito } from "../../src/adapters/cognito/index.ts"
import type { definition as entra } from "../../src/adapters/entra/index.ts"
import type { config as keycloakSchema } from "../../src/adapters/keycloak/index.ts"
import type { config as kindeSchema } from "../../src/adapters/kinde/config.ts"
import type { definition as logto } from "../../src/adapters/logto/index.ts"
import type { config as oidcSchema } from "../../src/adapters/oidc/config.ts"
import type { definition as okta } from "../../src/adapters/okta/index.ts"
import type { config as orySchema } from "../../src/adapters/ory/config.ts"
import type { config as polarSchema } from "../../src/adapters/polar/config.ts"
import type { definition as zitadel } from "../../src/adapters/zitadel/index.ts"
import { compiled } from "./never-run.ts"

/** The members of a type, without `readonly`, and with `undefined` in optional ones, at every depth. */
type Plain<T> = T extends string | number | boolean | null | undefined | ((...args: never) => unknown)
  ? T
  : T extends { readonly "~effect/data/Redacted": unknown }
    ? "Redacted"
    : T extends ReadonlyArray<infer Item>
      ? ReadonlyArray<Plain<Item>>
      : { -readonly [K in keyof T]: Plain<T[K]> }

type AllKeys<T> = T extends unknown ? keyof T : never

/** The type of a member in any alternative of a union that allows it. */
type MemberOf<T, K extends PropertyKey> = T extends { readonly [P in K]?: infer Member } ? Member : never

describe("the interface of a configuration equals its schema", () => {
  test("for better-auth", () => {
    expectTypeOf<Plain<BetterAuthConfig>>().toEqualTypeOf<Plain<z.input<typeof betterAuthSchema>>>()
  })

  test("for keycloak", () => {
    expectTypeOf<Plain<KeycloakConfig>>().toEqualTypeOf<Plain<z.input<typeof keycloakSchema>>>()
  })

  test("for kinde", () => {
    expectTypeOf<Plain<KindeConfig>>().toEqualTypeOf<Plain<z.input<typeof kindeSchema>>>()
  })

  test("for oidc", () => {
    expectTypeOf<Plain<OidcConfig>>().toEqualTypeOf<Plain<z.input<typeof oidcSchema>>>()
  })

  test("for polar", () => {
    expectTypeOf<Plain<PolarConfig>>().toEqualTypeOf<Plain<z.input<typeof polarSchema>>>()
  })

  test("for the presets", () => {
    type Input<D extends { readonly config: z.ZodType }> = Plain<z.input<D["config"]>>
    expectTypeOf<Plain<Auth0Config>>().toEqualTypeOf<Input<typeof auth0>>()
    expectTypeOf<Plain<CognitoConfig>>().toEqualTypeOf<Input<typeof cognito>>()
    expectTypeOf<Plain<EntraConfig>>().toEqualTypeOf<Input<typeof entra>>()
    expectTypeOf<Plain<LogtoConfig>>().toEqualTypeOf<Input<typeof logto>>()
    expectTypeOf<Plain<OktaConfig>>().toEqualTypeOf<Input<typeof okta>>()
    expectTypeOf<Plain<ZitadelConfig>>().toEqualTypeOf<Input<typeof zitadel>>()
  })

  test("for ory, whose interface is a union of the two kinds of Ory", () => {
    type Schema = z.input<typeof orySchema>
    expectTypeOf<AllKeys<OryConfig>>().toEqualTypeOf<keyof Schema>()
    type Members = { [K in keyof Schema]-?: Exclude<MemberOf<OryConfig, K>, undefined> }
    type SchemaMembers = { [K in keyof Schema]-?: Exclude<Schema[K], undefined> }
    expectTypeOf<Plain<Members>>().toEqualTypeOf<Plain<SchemaMembers>>()
  })
})

describe("a configuration of ory", () => {
  const client = { clientId: "app", clientSecret: "secret" }

  test("has both addresses, or the project and its key", () =>
    compiled(() => {
      ory({ ...client, publicUrl: "https://id.example", adminUrl: "https://admin.example" })
      ory({ ...client, projectUrl: "https://slug.projects.oryapis.com", apiKey: "key" })
    }))

  test("does not compile with half of either, or with both", () =>
    compiled(() => {
      // @ts-expect-error no adminUrl
      ory({ ...client, publicUrl: "https://id.example" })
      // @ts-expect-error no apiKey
      ory({ ...client, projectUrl: "https://slug.projects.oryapis.com" })
      // @ts-expect-error neither
      ory(client)
      // @ts-expect-error both
      ory({ ...client, publicUrl: "https://a.example", adminUrl: "https://b.example", projectUrl: "https://c.example" })
    }))
})

describe("a configuration of better-auth", () => {
  const client = { clientId: "app", clientSecret: "secret" }

  test("has an issuer, and an initial access token if registering requires one", () =>
    compiled(() => {
      betterAuth({ ...client, issuer: "https://app.example/api/auth" })
      betterAuth({ ...client, issuer: "https://app.example/api/auth", initialAccessToken: "token" })
    }))

  test("does not compile without an issuer, or with a member of oidc", () =>
    compiled(() => {
      // @ts-expect-error no issuer
      betterAuth(client)
      // @ts-expect-error the adapter knows what the tokens look like
      betterAuth({ ...client, issuer: "https://app.example/api/auth", token: {} })
    }))
})
