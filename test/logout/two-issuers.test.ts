/** What a logout of one issuer means for the tokens of another one, where a client accepts the tokens of both. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { backChannelLogout } from "latchkey/logout"
import { describe, expect, it } from "vitest"
import { audience, now, signingKey, token } from "../jwt/signing-keys.ts"
import { provider, settings, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { form } from "./bindings.ts"
import { formWith, key, logoutToken } from "./logout-tokens.ts"

const { issuer } = settings
const other = "https://customer.example"
const customer = signingKey("RS256", "customer-key")
const header = { typ: "at+jwt" }

/** A client of the issuer and of another one, which has this key set. */
const open = (jwksUri: string) => {
  const server = vendor(({ url }) => Effect.succeed(json({ keys: [url.endsWith("/keys") ? key.jwk : customer.jwk] })))
  const issuers = [{ issuer: other, jwksUri }]
  const auth = createAuth(provider(server, { audience: [audience], token: { answers: "signature", jwt: {}, issuers } }))
  const handle = backChannelLogout(auth)
  const headers = { "content-type": form }
  const logout = async (text: string) =>
    (await handle(new Request("https://app.example/logout", { method: "POST", headers, body: formWith(text) }))).status
  const isActive = async (jwt: string) => (await auth.introspect(jwt)).active
  return { logout, isActive }
}

const claims = { sub: "user-1", sid: "session-1", iat: now - 60 }

describe("a logout of an issuer with a key set of its own", () => {
  const separate = () => open(`${other}/own-keys`)

  it("ends its tokens, and no token of an equal subject and session at the other issuer", async () => {
    const { logout, isActive } = separate()
    const tokens = [
      await token(key, { ...claims, iss: issuer }, header),
      await token(customer, { ...claims, iss: other }, header),
    ]
    expect(await logout(logoutToken({ iss: other }, {}, customer))).toBe(200)
    expect(await Promise.all(tokens.map(isActive))).toEqual([true, false])
    expect(await logout(logoutToken())).toBe(200)
    expect(await Promise.all(tokens.map(isActive))).toEqual([false, false])
  })

  it("is refused if it is signed with the key of the other issuer", async () => {
    const { logout } = separate()
    expect(await logout(logoutToken({ iss: issuer }, { kid: "issuer-key" }, customer))).toBe(400)
  })
})

describe("a logout of an issuer with the key set of the server", () => {
  it("ends the tokens of both names", async () => {
    const { logout, isActive } = open(settings.endpoints.jwksUri)
    const tokens = [
      await token(key, { ...claims, iss: issuer }, header),
      await token(key, { ...claims, iss: other }, header),
    ]
    expect(await logout(logoutToken({ iss: other }))).toBe(200)
    expect(await Promise.all(tokens.map(isActive))).toEqual([false, false])
  })
})
