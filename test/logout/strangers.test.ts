/** What a stranger's requests cost the issuer and the logouts of others. */
import { backChannelLogout } from "latchkey/logout"
import { describe, expect, it } from "vitest"
import { signingKey } from "../jwt/signing-keys.ts"
import { form } from "./bindings.ts"
import { formWith, issuerServer, logoutToken, recordedClient } from "./logout-tokens.ts"

const stranger = signingKey("RS256", "issuer-key")

const open = () => {
  const server = issuerServer()
  const { client, ended } = recordedClient(server)
  const handle = backChannelLogout(client, { timeout: "1 second" })
  const headers = { "content-type": form }
  const statusOf = async (token: string): Promise<number> =>
    (await handle(new Request("https://app.example/logout", { method: "POST", headers, body: formWith(token) }))).status
  return { server, ended, statusOf }
}

describe("a stranger", () => {
  it("who invents key ids causes no request for the key set each, and delays no logout", async () => {
    const { server, ended, statusOf } = open()
    expect(await statusOf(logoutToken())).toBe(200)
    const tokens = Array.from({ length: 1_100 }, (_, at) => logoutToken({}, { kid: `invented-${at}` }))
    const forged = tokens.map(statusOf)
    expect(await statusOf(logoutToken({ sub: "user-2" }))).toBe(200)
    expect(new Set(await Promise.all(forged))).toEqual(new Set([503]))
    expect(await statusOf(logoutToken({ sub: "user-3" }))).toBe(200)
    expect(server.count("/keys")).toBeLessThanOrEqual(2)
    expect(ended.map(({ subject }) => subject)).toEqual(["user-1", "user-2", "user-3"])
  })

  it("who signs with a key of their own spends no token id of the issuer", async () => {
    const { statusOf, ended } = open()
    expect(await statusOf(logoutToken({ jti: "next" }, {}, stranger))).toBe(400)
    expect(await statusOf(logoutToken({ jti: "next" }))).toBe(200)
    expect(ended).toHaveLength(1)
  })
})
