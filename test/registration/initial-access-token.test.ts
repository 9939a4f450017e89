import { betterAuth } from "latchkey/better-auth"
import { oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"

const client = { issuer: "https://id.example/auth", clientId: "app", clientSecret: "secret" }

const adapters = [
  ["oidc", oidc],
  ["better-auth", betterAuth],
] as const

describe("an initial access token", () => {
  it.each(adapters)("of %s is a secret of any form, also one that looks like an address", (_, { check }) => {
    for (const initialAccessToken of ["let me in", "http://s3cr3t.example/token"])
      expect(check({ ...client, initialAccessToken })).toEqual([])
  })

  it.each(adapters)("of %s is not empty", (_, { check }) => {
    expect(check({ ...client, initialAccessToken: "" })).toEqual([
      { path: "initialAccessToken", message: expect.any(String) },
    ])
  })
})
