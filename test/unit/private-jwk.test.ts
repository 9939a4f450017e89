import * as Effect from "effect/Effect"
import { createAuth, type NewClient } from "latchkey"
import { ory } from "latchkey/ory"
import { afterAll, describe, expect, it } from "vitest"

let sent = 0
const countingTransport = () => ({
  send: () => Effect.sync(() => sent++).pipe(Effect.andThen(Effect.die("unexpected request"))),
})
const addresses = { publicUrl: "https://vendor.example", adminUrl: "https://admin.vendor.example" }
const auth = createAuth(ory({ ...addresses, clientId: "c", clientSecret: "s" }, { transport: countingTransport }))
afterAll(() => auth.close())

const expectRejected = async (call: Promise<unknown>, field: string) => {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", field } })
  expect(String(error)).toContain("public half")
  expect(String(error)).not.toContain("private-part")
  expect(sent).toBe(0)
}

describe("a private JWK in place of a public JWK", () => {
  const members = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
  const jwk = (name: string) => ({ kty: "RSA", kid: "k", n: "n", e: "AQAB", [name]: "private-part" })

  it.each(members)("is rejected by its member %s, and never sent", async (name) => {
    const record = { jwks: { keys: [jwk(name)] } } as NewClient
    await expectRejected(auth.clients.create(record), "jwks.keys.0")
    await expectRejected(auth.registration.register(record), "jwks.keys.0")
    await expectRejected(
      auth.clients.patch({ client: "c", changes: { jwks: { keys: [jwk(name)] } } }),
      "changes.jwks.keys.0",
    )
    const trust = { issuer: "https://issuer.example", scopes: ["read"], expiresAt: new Date(), subject: "s" }
    await expectRejected(auth.trust.create({ ...trust, jwk: jwk(name) }), "jwk")
  })
})
