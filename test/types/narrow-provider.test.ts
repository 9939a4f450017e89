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

describe("a vendor chosen in code", () => {
  test("has no group without a declared operation", () =>
    compiled(() => {
      const auth = createAuth(oidc(oidcConfig))
      // @ts-expect-error the generic adapter manages no clients
      auth.clients
      // @ts-expect-error the generic adapter manages no consents
      auth.consent
      // @ts-expect-error the generic adapter manages no trusted issuers
      auth.trust
    }))

  test("has exactly the declared members of a group", () =>
    compiled(() => {
      const auth = createAuth(ory(oryConfig))
      type Declared<Group extends string> = (typeof ory.can)[number] extends infer Op
        ? Op extends `${Group}.${infer Member}`
          ? Member
          : never
        : never
      expectTypeOf<keyof typeof auth.clients>().toEqualTypeOf<Declared<"clients">>()
      expectTypeOf<keyof typeof auth.consent>().toEqualTypeOf<Declared<"consent">>()
      expectTypeOf<"get" | "patch">().toExtend<Declared<"clients">>()
      expectTypeOf<keyof typeof auth.metadata>().toEqualTypeOf<"discover" | "keys">()
      expectTypeOf<keyof typeof auth.session>().toEqualTypeOf<"end">()
      // @ts-expect-error no connected apps
      auth.connectedApps
    }))

  test("keeps its exact type through the Effect API", () =>
    compiled(() => {
      const opened = make(oidc(oidcConfig))
      type Opened = Effect.Success<typeof opened>
      expectTypeOf<Opened["introspect"]>().returns.toEqualTypeOf<Effect.Effect<TokenState, AuthError>>()
      expectTypeOf<Extract<keyof Opened, "clients" | "consent" | "trust">>().toEqualTypeOf<never>()
      // @ts-expect-error no such group
      ;(auth: Opened) => auth.clients
    }))

  test("returns the same results as promises in the Promise API", () =>
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

  test("is the same service for every vendor", () =>
    compiled(() => (auth: typeof Auth.Service) => {
      expectTypeOf(auth.introspect).returns.toEqualTypeOf<Effect.Effect<TokenState, AuthError>>()
      expectTypeOf(auth.trust.get).toBeFunction()
    }))

  test("declares no operation until `supports` narrows it", () =>
    compiled(() => (wide: AnyProvider, needs: (provider: Provider<"introspect">) => void) => {
      // @ts-expect-error `introspect` is not narrowed yet
      needs(wide)
      if (supports(wide, "introspect")) needs(wide)
      // @ts-expect-error `revoke` does not narrow `introspect`
      if (supports(wide, "revoke")) needs(wide)
    }))

  test("is narrowed by `supports` to operations of groups too", () =>
    compiled(() => (wide: AnyProvider, needs: (provider: Provider<"clients.get" | "introspect">) => void) => {
      if (supports(wide, "clients.get") && supports(wide, "introspect")) needs(wide)
      // @ts-expect-error `introspect` is missing
      if (supports(wide, "clients.get")) needs(wide)
    }))

  test("takes only existing operations in `supports`", () =>
    compiled(() => (wide: AnyProvider) => {
      supports(wide, "clients.list")
      // @ts-expect-error a misspelt operation
      supports(wide, "clients.lst")
    }))
})

describe("a provider type", () => {
  test("of some members of a group has these members and no other group", () => {
    type Some = Provider<"clients.get" | "clients.list" | "revoke">
    expectTypeOf<keyof Some["clients"]>().toEqualTypeOf<"get" | "list">()
    expectTypeOf<Extract<keyof Some, "introspect" | "revoke" | "consent">>().toEqualTypeOf<"revoke">()
  })

  test("of more operations extends a type of fewer operations, not the reverse", () =>
    compiled(() => (more: Provider<"introspect" | "revoke">, fewer: Provider<"introspect">) => {
      expectTypeOf(more).toExtend<Provider<"introspect">>()
      expectTypeOf(fewer).not.toExtend<Provider<"introspect" | "revoke">>()
    }))

  test("rejects an object that only has the same functions", () =>
    compiled(() => (wide: AnyProvider) => {
      const { id, can, instead, introspect } = wide
      // @ts-expect-error the functions exist, the declaration of `can` does not
      const imitation: Provider<"introspect"> = { id, can, instead, introspect }
      return imitation
    }))
})
