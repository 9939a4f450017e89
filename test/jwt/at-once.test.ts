import { type AuthError, createAuth, type IntrospectOptions } from "latchkey"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { audience, issuer, signingKey, token } from "./signing-keys.ts"
import { vendor } from "./vendor.ts"

const key = signingKey("RS256")
const presented = await token(key)
const client = { clientId: "service", clientSecret: "a secret of ours" }
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    ({ reason }: AuthError) => reason,
  )

describe("an answer that is there at once", () => {
  test.each([{ timeout: "soon" }, { timeout: -1 }, { expect: "id_token" }, { audience: "any" }])(
    "is not given to who asks with %j, which every freshness refuses",
    async (wrong) => {
      await using auth = createAuth(kinde({ ...client, issuer, audience: [audience] }, { transport: vendor(key.jwk) }))
      expect(await auth.introspect(presented, { freshness: "local" })).toMatchObject({ active: true })
      const options = { freshness: "local", ...wrong } as IntrospectOptions
      expect(await reasonOf(auth.introspect(presented, options))).toMatchObject({ _tag: "InvalidRequest" })
    },
  )

  test("is a refusal where no audience is configured, and never a verdict", async () => {
    const settings = { ...client, publicUrl: issuer, adminUrl: "https://admin.example" }
    const door = vendor(key.jwk)
    await using auth = createAuth(ory(settings, { transport: door }))
    for (let count = 0; count < 2; count++)
      expect(await reasonOf(auth.introspect(presented, { freshness: "local" }))).toMatchObject({
        _tag: "UnsupportedOperation",
        argument: "freshness",
      })
    expect(door.keysAsked).toBe(0)
  })
})
