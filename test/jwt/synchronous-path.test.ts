import { type AuthError, createAuth, type IntrospectOptions } from "latchkey"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { audience, issuer, signingKey, token } from "./signing-keys.ts"
import { vendor } from "./vendor.ts"

const key = signingKey("RS256")
const accessToken = await token(key)
const client = { clientId: "service", clientSecret: "a secret of ours" }
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    ({ reason }: AuthError) => reason,
  )

describe("a local introspection that needs no waiting", () => {
  test.each([{ timeout: "soon" }, { timeout: -1 }, { expect: "id_token" }, { audience: "any" }])(
    "rejects the invalid options %j, as every freshness does",
    async (invalid) => {
      await using auth = createAuth(kinde({ ...client, issuer, audience: [audience] }, { transport: vendor(key.jwk) }))
      expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true })
      const options = { freshness: "local", ...invalid } as IntrospectOptions
      expect(await reasonOf(auth.introspect(accessToken, options))).toMatchObject({ _tag: "InvalidRequest" })
    },
  )

  test("is unsupported without a configured audience, in later calls too", async () => {
    const settings = { ...client, publicUrl: issuer, adminUrl: "https://admin.example" }
    const transport = vendor(key.jwk)
    await using auth = createAuth(ory(settings, { transport }))
    for (let count = 0; count < 2; count++)
      expect(await reasonOf(auth.introspect(accessToken, { freshness: "local" }))).toMatchObject({
        _tag: "UnsupportedOperation",
        argument: "freshness",
      })
    expect(transport.keyRequests).toBe(0)
  })
})
