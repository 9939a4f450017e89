import type * as Effect from "effect/Effect"
import {
  type AnyProvider,
  type AuthError,
  createAuth,
  type Provider,
  supports,
  type TokenState,
  type Tokens,
} from "latchkey"
import { type Auth, make } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { ory } from "latchkey/ory"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

const oidcConfig = { issuer: "https://id.example", clientId: "app", clientSecret: "secret" }
const oryConfig = { publicUrl: "https://a.example", adminUrl: "https://b.example", clientId: "a", clientSecret: "b" }

describe("a vendor known in code", () => {
  test("has no group that it claims nothing of", () =>
    compiled(() => {
      const auth = createAuth(oidc(oidcConfig))
      // @ts-expect-error the generic adapter manages no clients
      auth.clients
      // @ts-expect-error nor consents
      auth.consent
      // @ts-expect-error nor trusted issuers
      auth.trust
    }))

  test("has exactly the members of a group that it claims", () =>
    compiled(() => {
      const auth = createAuth(ory(oryConfig))
      type Claimed<Group extends string> = (typeof ory.can)[number] extends infer Op
        ? Op extends `${Group}.${infer Member}`
          ? Member
          : never
        : never
      expectTypeOf<keyof typeof auth.clients>().toEqualTypeOf<Claimed<"clients">>()
      expectTypeOf<keyof typeof auth.consent>().toEqualTypeOf<Claimed<"consent">>()
      expectTypeOf<"get" | "patch">().toExtend<Claimed<"clients">>()
      expectTypeOf<keyof typeof auth.metadata>().toEqualTypeOf<"discover" | "keys">()
      expectTypeOf<keyof typeof auth.session>().toEqualTypeOf<"end">()
      // @ts-expect-error no connected apps
      auth.connectedApps
    }))

  test("keeps its exact type through the Effect entry", () =>
    compiled(() => {
      const made = make(oidc(oidcConfig))
      type Made = Effect.Success<typeof made>
      expectTypeOf<Made["introspect"]>().returns.toEqualTypeOf<Effect.Effect<TokenState, AuthError>>()
      expectTypeOf<Extract<keyof Made, "clients" | "consent" | "trust">>().toEqualTypeOf<never>()
      // @ts-expect-error no such group
      ;(auth: Made) => auth.clients
    }))

  test("answers tokens from every grant, at both faces", () =>
    compiled(() => {
      const auth = createAuth(oidc(oidcConfig))
      expectTypeOf(auth.refresh).returns.toEqualTypeOf<Promise<Tokens>>()
      expectTypeOf(auth.clientCredentials).returns.toEqualTypeOf<Promise<Tokens>>()
      expectTypeOf(auth.introspect).returns.toEqualTypeOf<Promise<TokenState>>()
      expectTypeOf(auth.revoke).returns.toEqualTypeOf<Promise<void>>()
    }))
})

describe("a vendor chosen by configuration", () => {
  test("has every operation", () =>
    compiled(() => {
      const auth = createAuth({ provider: "oidc", ...oidcConfig })
      expectTypeOf(auth.clients.rotateSecret).toBeFunction()
      expectTypeOf(auth.connectedApps.token).toBeFunction()
      expectTypeOf(auth.registration.register).toBeFunction()
      // @ts-expect-error no such operation
      auth.clients.destroy
      // @ts-expect-error no such verb
      auth.validate
    }))

  test("is the same service whatever the provider", () =>
    compiled(() => (auth: typeof Auth.Service) => {
      expectTypeOf(auth.introspect).returns.toEqualTypeOf<Effect.Effect<TokenState, AuthError>>()
      expectTypeOf(auth.trust.get).toBeFunction()
    }))

  test("claims nothing until it is asked with supports", () =>
    compiled(() => (wide: AnyProvider, needs: (provider: Provider<"introspect">) => void) => {
      // @ts-expect-error whether this vendor introspects is not known
      needs(wide)
      if (supports(wide, "introspect")) needs(wide)
      // @ts-expect-error known for one operation is not known for another
      if (supports(wide, "revoke")) needs(wide)
    }))

  test("is narrowed by supports to groups too", () =>
    compiled(() => (wide: AnyProvider, needs: (provider: Provider<"clients.get" | "introspect">) => void) => {
      if (supports(wide, "clients.get") && supports(wide, "introspect")) needs(wide)
      // @ts-expect-error half of what is needed
      if (supports(wide, "clients.get")) needs(wide)
    }))

  test("is asked only for operations that exist", () =>
    compiled(() => (wide: AnyProvider) => {
      supports(wide, "clients.list")
      // @ts-expect-error a misspelt operation
      supports(wide, "clients.lst")
    }))
})

describe("claims", () => {
  test("of some members of a group are those members and no group besides", () => {
    type Some = Provider<"clients.get" | "clients.list" | "revoke">
    expectTypeOf<keyof Some["clients"]>().toEqualTypeOf<"get" | "list">()
    expectTypeOf<Extract<keyof Some, "introspect" | "revoke" | "consent">>().toEqualTypeOf<"revoke">()
  })

  test("of more fit where fewer are needed, not the other way round", () =>
    compiled(() => (more: Provider<"introspect" | "revoke">, fewer: Provider<"introspect">) => {
      expectTypeOf(more).toExtend<Provider<"introspect">>()
      expectTypeOf(fewer).not.toExtend<Provider<"introspect" | "revoke">>()
    }))

  test("cannot be made up by an object with the right functions", () =>
    compiled(() => (wide: AnyProvider) => {
      const { id, can, instead, introspect } = wide
      // @ts-expect-error the functions are there, the claim is not
      const claimed: Provider<"introspect"> = { id, can, instead, introspect }
      return claimed
    }))
})
