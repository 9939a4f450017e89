import { describe, expect, it } from "vitest"
import { claimsOf, post, refresh, tenant, token, userTokens, web } from "./kinde-tenant.ts"

describe("what nobody knows about Kinde's tokens", () => {
  it("can be an unknown client's 404, and grant errors with 403", async () => {
    await using other = await tenant({ unknownClient: 404, grantErrorStatus: 403 })
    expect(await token(other, {})).toMatchObject({ status: 404, text: "" })
    expect(await refresh(other, "nothing")).toMatchObject({ status: 403, json: { error: "invalid_grant" } })
  })

  it("can be an overlap of refresh tokens, and a refresh that keeps the access token until it is revoked", async () => {
    await using other = await tenant({ refreshOverlap: 60, refreshKeepsAccessToken: true })
    const first = await userTokens(other)
    const second = (await refresh(other, first.refresh_token)).json
    expect(second.access_token).toBe(first.access_token)
    expect((await refresh(other, first.refresh_token)).status).toBe(200)
    await post(`${other.issuer}/oauth2/revoke`, { token: String(first.access_token), ...web })
    expect((await refresh(other, second.refresh_token)).json.access_token).not.toBe(first.access_token)
  })

  it("can be the end of the whole grant when a rotated token comes again", async () => {
    await using other = await tenant({ reuseEndsGrant: true })
    const first = await userTokens(other)
    const second = (await refresh(other, first.refresh_token)).json
    expect((await refresh(other, first.refresh_token)).json.error).toBe("invalid_grant")
    expect((await refresh(other, second.refresh_token)).json.error).toBe("invalid_grant")
  })

  it("can be a success without a key id, expiry, issuer or subject for an expired refresh token", async () => {
    const past = { offset: 0 }
    await using other = await tenant({ emptyTokenOnExpiredRefresh: true, now: () => Date.now() + past.offset })
    const { refresh_token } = await userTokens(other)
    past.offset = 1_296_001_000
    const { status, json } = await refresh(other, refresh_token)
    expect(status).toBe(200)
    expect(claimsOf(json.access_token, 0)).toEqual({ alg: "RS256", typ: "JWT" })
    expect(Object.keys(claimsOf(json.access_token)).sort()).toEqual(["aud", "iat", "jti", "scp"])
  })
})
