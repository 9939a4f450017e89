/** What the error of an operation that a vendor lacks says to do instead, at every adapter. */
import * as Effect from "effect/Effect"
import { AuthError } from "latchkey"
import { baseUrl, define, settings } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { vendors } from "../../scripts/vendors.ts"
import { alternatives } from "../../src/adapters/oidc/instead.ts"
import type { OwnAdapter } from "../../src/config.ts"
import { methodOf } from "../../src/core/over-operations.ts"
import { widen } from "../../src/core/widen.ts"
import { allOperations, operations } from "../../src/ports/operations.ts"
import type { Identity, Operation } from "../../src/ports/provider.ts"
import { policiesOff } from "../policies-off.ts"
import { documented } from "../token/documented-tokens.ts"
import { scripted } from "./scripted-transport.ts"

const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours" }

/** The members of a configuration beside the client. */
const configs: Readonly<Record<string, object>> = {
  ...Object.fromEntries(Object.entries(documented).map(([name, { config }]) => [name, config])),
  "better-auth": { issuer: "https://app.example/api/auth" },
  kinde: { issuer: "https://acme.kinde.com", audience: "any" },
  oidc: { issuer: "https://id.example" },
  ory: { publicUrl: "https://id.example", adminUrl: "https://admin.example" },
  polar: { audience: "any" },
}

const open = (vendor: OwnAdapter): Identity => {
  const input = { ...client, ...configs[vendor.id] } as never
  return Effect.runSync(Effect.scoped(vendor(input, { transport: scripted() }))) as Identity
}

/** The error of an operation, called without arguments: an unsupported one looks at none. */
const errorOf = (provider: Identity, operation: Operation) => {
  const method = methodOf(widen(provider), operation) ?? expect.fail(`there is no ${operation}`)
  return Effect.runSync(Effect.flip(method() as Effect.Effect<unknown, AuthError>))
}

const missing = vendors.flatMap((vendor) =>
  allOperations.filter((name) => !vendor.can.some((each) => each === name)).map((name) => [vendor.id, name] as const),
)

describe("an operation that a vendor lacks", () => {
  test.each(missing)("fails with what to do instead: %s %s", (id, operation) => {
    const vendor = vendors.find((each) => each.id === id) ?? expect.fail(id)
    const provider = open(vendor)
    const error = errorOf(provider, operation)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({
      ...{ provider: id, operation },
      reason: {
        _tag: "UnsupportedOperation",
        standard: operations[operation],
        instead: expect.stringMatching(/^.{10,120}$/),
      },
    })
    const instead = provider.instead[operation] ?? ""
    expect(error.message).toContain(instead)
    // An operation that the text names is one that the vendor has.
    for (const named of instead.match(/\b(clients|registration)\.\w+|\b[a-z]+[A-Z]\w*\b|\bauthorize\b/g) ?? [])
      if (allOperations.some((each) => each === named)) expect(provider.can).toContain(named)
    for (const other of vendors)
      if (other.id !== id && other.id !== "oidc") expect(instead.toLowerCase()).not.toMatch(`\\b${other.id}\\b`)
  })

  test.each(["auth0", "better-auth", "cognito", "entra", "kinde", "logto", "okta", "ory", "polar", "zitadel"])(
    "is the token exchange of %s",
    (id) => {
      expect(missing.some(([name, operation]) => name === id && operation === "exchangeToken")).toBe(true)
    },
  )
})

describe("the alternatives of a definition", () => {
  test("come from an exact name, then from its group, then from what is true of every server", () => {
    const own = { "clients.*": "the console", "clients.list": "the export", revoke: "wait" }
    const found = alternatives(["authorize", "clients.get"], own)
    expect(found).toMatchObject({
      ...{ "clients.list": "the export", "clients.create": "the console", revoke: "wait" },
      ...{ deviceAuthorization: "authorize, with a browser", "registration.read": "clients.get" },
    })
    for (const name of ["clients.get", "authorize", "exchangeToken", "introspect"])
      expect(found).not.toHaveProperty(name)
  })

  test.each(["clients.*", "introspect"] as const)("that concern no missing operation throw at once: %s", (key) => {
    const can = ["introspect", ...allOperations.filter((name) => name.startsWith("clients."))] as ["introspect"]
    const make = () =>
      define({
        ...{ id: "acme", config: z.strictObject({ ...settings, issuer: baseUrl }), can, instead: { [key]: "other" } },
        server: ({ issuer }) => ({ issuer, metadataUrl: `${issuer}/m`, clientAuth: "none" }),
      })
    expect(make).toThrow(new TypeError(`acme: "${key}" is in "can" and has an "instead": remove one`))
  })
})
