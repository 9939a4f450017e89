import * as Effect from "effect/Effect"
import type { Identity, Provider } from "latchkey"
import { define, settings } from "latchkey/oidc"
import { describe, expectTypeOf, test } from "vitest"
import { z } from "zod"
import { compiled } from "./never-run.ts"

const config = z.strictObject({ ...settings, host: z.string() })

const server = () =>
  ({ issuer: "https://a.example", metadataUrl: "https://a.example/m", clientAuth: "client_secret_basic" }) as const

const get = () => Effect.fail({ _tag: "NotFound" } as const)

describe("a definition", () => {
  test("of standard operations needs only their names", () =>
    compiled(() => {
      const adapter = define({ id: "acme", config, can: ["introspect", "revoke"], server })
      expectTypeOf(adapter).returns.toExtend<Effect.Effect<Provider<"introspect" | "revoke">, unknown, unknown>>()
      expectTypeOf<keyof Effect.Success<ReturnType<typeof adapter>> & string>().toEqualTypeOf<
        (keyof Identity & string) | "introspect" | "revoke"
      >()
    }))

  test("makes an adapter that takes only its own configuration", () =>
    compiled(() => {
      const adapter = define({ id: "acme", config, can: ["introspect"], server })
      adapter({ clientId: "a", host: "h" })
      // @ts-expect-error no host
      adapter({ clientId: "a" })
    }))

  test("declares only existing operations", () =>
    compiled(() => {
      // @ts-expect-error a misspelt operation
      define({ id: "acme", config, can: ["introspects"], server })
    }))

  test("implements the declared operations that are not standard", () =>
    compiled(() => {
      define({ id: "acme", config, can: ["clients.get"], server, operations: () => ({ "clients.get": get }) })
      // @ts-expect-error clients.get is declared but missing from `operations`
      define({ id: "acme", config, can: ["clients.get"], server, operations: () => ({}) })
      // @ts-expect-error clients.get is declared, and `operations` is missing
      define({ id: "acme", config, can: ["clients.get"], server })
    }))

  test("overrides declared standard operations only", () =>
    compiled(() => {
      define({ id: "acme", config, can: ["userInfo"], server, overrides: { userInfo: () => get } })
      // @ts-expect-error revoke is not declared
      define({ id: "acme", config, can: ["userInfo"], server, overrides: { revoke: () => get } })
    }))

  test("has operations that fail with a reason only", () =>
    compiled(() => {
      const operations = () => ({ "clients.get": () => Effect.fail(new Error("broken")) })
      // @ts-expect-error an Error is not a reason
      define({ id: "acme", config, can: ["clients.get"], server, operations })
    }))

  test("names only existing arguments as unsupported, and only existing reasons in error rows", () =>
    compiled(() => {
      const good = { "refresh.scopes": "why" } as const
      const bad = { "refresh.audience": "why" } as const
      define({ id: "a", config, can: [], server: () => ({ ...server(), unsupportedArguments: good }) })
      // @ts-expect-error no such argument
      define({ id: "a", config, can: [], server: () => ({ ...server(), unsupportedArguments: bad }) })
      // @ts-expect-error no such reason
      define({ id: "a", config, can: [], server: () => ({ ...server(), errors: [{ status: 418, reason: "Teapot" }] }) })
    }))
})
