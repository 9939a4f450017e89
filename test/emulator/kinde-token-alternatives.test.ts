import { describe, expect, it } from "vitest"
import { claimsOf, post, postToken, refresh, tenant, userTokens, web } from "./kinde-tenant.ts"

describe("Kinde's token endpoint with alternative behaviour", () => {
  it("returns 404 for an unknown client, and 403 for grant errors", async () => {
    await using kinde = await tenant({ unknownClientStatus: 404, grantErrorStatus: 403 })
    expect(await postToken(kinde, {})).toMatchObject({ status: 404, text: "" })
    expect(await refresh(kinde, "nothing")).toMatchObject({ status: 403, json: { error: "invalid_grant" } })
  })

  it("accepts the old refresh token for a while, and returns the same access token until its revocation", async () => {
    await using kinde = await tenant({ refreshOverlap: "1 minute", refreshKeepsAccessToken: true })
    const first = await userTokens(kinde)
    const second = (await refresh(kinde, first.refresh_token)).json
    expect(second.access_token).toBe(first.access_token)
    expect((await refresh(kinde, first.refresh_token)).status).toBe(200)
    await post(`${kinde.issuer}/oauth2/revoke`, { token: String(first.access_token), ...web })
    expect((await refresh(kinde, second.refresh_token)).json.access_token).not.toBe(first.access_token)
  })

  it("revokes the whole grant when a rotated refresh token is reused", async () => {
    await using kinde = await tenant({ reuseEndsGrant: true })
    const first = await userTokens(kinde)
    const second = (await refresh(kinde, first.refresh_token)).json
    expect((await refresh(kinde, first.refresh_token)).json.error).toBe("invalid_grant")
    expect((await refresh(kinde, second.refresh_token)).json.error).toBe("invalid_grant")
  })

  it("returns a token without key id, expiry, issuer and subject for an expired refresh token", async () => {
    const clock = { offset: 0 }
    await using kinde = await tenant({ emptyTokenOnExpiredRefresh: true, now: () => Date.now() + clock.offset })
    const { refresh_token } = await userTokens(kinde)
    clock.offset = 1_296_001_000
    const { status, json } = await refresh(kinde, refresh_token)
    expect(status).toBe(200)
    expect(claimsOf(json.access_token, 0)).toEqual({ alg: "RS256", typ: "JWT" })
    expect(Object.keys(claimsOf(json.access_token)).sort()).toEqual(["aud", "iat", "jti", "scp"])
  })
})
