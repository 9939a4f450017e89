/** The pages about moving show the same program before and after: it behaves the same, except as the pages say. */
import { makeBrowser, startOidc, startVendor } from "@latchkey/testing"
import type { Express } from "express"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { ordersApp as guarded } from "../../examples/moving/express-oauth2-jwt-bearer-after.ts"
import { ordersApp as withJwtBearer } from "../../examples/moving/express-oauth2-jwt-bearer-before.ts"
import { open as openLatchkey } from "../../examples/moving/openid-client-after.ts"
import { open as openClient } from "../../examples/moving/openid-client-before.ts"
import { serve } from "../guard/examples/serve.ts"

const audience = "https://orders.example"

/** What both programs of a login have. `kept` is what a session keeps, in a form of the program's own. */
type Open = (
  issuer: string,
  redirectUri: string,
) => Promise<{
  start(): Promise<{ readonly url: string; readonly kept: object }>
  finish(callback: string, kept: object): Promise<{ readonly subject: unknown; readonly refreshToken: string }>
  refresh(refreshToken: string): Promise<string>
  isActive(token: string): Promise<boolean>
  revoke(token: string): Promise<void>
}>

const clients = [{ client_id: "app", client_secret: "secret", redirect_uris: ["https://app.example/cb"] }]

const guardedBy = (issuer: string) =>
  createAuth({
    provider: "auth0",
    issuer,
    audience: [audience],
    clientId: "app",
    clientSecret: "secret",
    insecureOrigins: [new URL(issuer).origin],
    retry: false,
  })

/** Sends requests with these tokens to an app, and returns the statuses. */
const statusesOf = async (app: Express, tokens: ReadonlyArray<string | undefined>) => {
  // Express prints each error without it.
  app.set("env", "test")
  using server = await serve(app)
  const statuses: Array<number> = []
  for (const token of tokens) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    statuses.push((await fetch(`${server.url}/orders`, { headers })).status)
  }
  return statuses
}

describe("the page about express-oauth2-jwt-bearer", () => {
  it("shows two programs that give a token without its scope, a forged token and no token the same status", async () => {
    await using vendor = await startVendor("auth0", { clients, audience })
    await using auth = guardedBy(vendor.issuer)
    const good = await vendor.issue({ subject: "ada", scopes: ["orders:read"] })
    const other = await vendor.issue({ subject: "ada", scopes: ["openid"] })
    const tokens = [good, other, `${good.slice(0, -8)}AAAAAAAA`, undefined]
    expect(await statusesOf(withJwtBearer(vendor.issuer), tokens)).toEqual([200, 403, 401, 401])
    expect(await statusesOf(guarded(auth), tokens)).toEqual([200, 403, 401, 401])
  })

  it("shows a program that answers 503 instead of 401 while the vendor is down", async () => {
    await using vendor = await startVendor("auth0", { clients, audience })
    await using auth = guardedBy(vendor.issuer)
    const good = await vendor.issue({ subject: "ada", scopes: ["orders:read"] })
    vendor.faults.add({ times: 100, fault: { kind: "status", status: 503 } })
    expect(await statusesOf(withJwtBearer(vendor.issuer), [good])).toEqual([401])
    expect(await statusesOf(guarded(auth), [good])).toEqual([503])
    vendor.faults.clear()
    await vendor.close()
    expect(await statusesOf(withJwtBearer(vendor.issuer), [good])).toEqual([401])
    expect(await statusesOf(guarded(auth), [good])).toEqual([503])
  })
})

describe("the page about openid-client", () => {
  const redirectUri = "https://app.example/cb"
  const registration = {
    client_id: "app",
    client_secret: "secret",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    scope: "openid offline_access",
  }

  it.each<[string, Open]>([
    ["before", openClient],
    ["after", openLatchkey],
  ])("shows a program, %s, that logs in, refreshes, introspects and revokes", async (_, open) => {
    await using vendor = await startOidc({ users: { ada: {} }, clients: [registration] })
    const app = await open(vendor.issuer, redirectUri)
    const { url, kept } = await app.start()
    const callback = await makeBrowser().go(url, [vendor.issuer])
    const { subject, refreshToken } = await app.finish(callback, kept)
    expect(subject).toBe("ada")
    const token = await app.refresh(refreshToken)
    expect(await app.isActive(token)).toBe(true)
    await app.revoke(token)
    expect(await app.isActive(token)).toBe(false)
  })
})
