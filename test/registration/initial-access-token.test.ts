import { betterAuth } from "latchkey/better-auth"
import { oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"

const client = { issuer: "https://id.example/auth", clientId: "app", clientSecret: "secret" }

describe("an initial access token", () => {
  it.each([oidc, betterAuth])("of $id is a secret of any form, also one that looks like an address", ({ check }) => {
    for (const initialAccessToken of ["let me in", "http://s3cr3t.example/token"])
      expect(check({ ...client, initialAccessToken })).toEqual([])
  })

  it.each([oidc, betterAuth])("of $id is not empty", ({ check }) => {
    expect(check({ ...client, initialAccessToken: "" })).toEqual([
      { path: "initialAccessToken", message: expect.stringContaining("not empty") },
    ])
  })
})
