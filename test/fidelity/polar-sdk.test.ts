import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { oauth2ClientsCreate } from "@polar-sh/sdk/funcs/oauth2ClientsCreate.js"
import { oauth2ClientsDelete } from "@polar-sh/sdk/funcs/oauth2ClientsDelete.js"
import { oauth2ClientsGet } from "@polar-sh/sdk/funcs/oauth2ClientsGet.js"
import { oauth2ClientsUpdate } from "@polar-sh/sdk/funcs/oauth2ClientsUpdate.js"
import { oauth2Introspect } from "@polar-sh/sdk/funcs/oauth2Introspect.js"
import { oauth2Revoke } from "@polar-sh/sdk/funcs/oauth2Revoke.js"
import { oauth2Token } from "@polar-sh/sdk/funcs/oauth2Token.js"
import { oauth2Userinfo } from "@polar-sh/sdk/funcs/oauth2Userinfo.js"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ada, callback, seed } from "../emulator/polar-steps.ts"
import { codeWithoutChallenge, type Library, openLibrary } from "./polar-calls.ts"

const shop = { clientId: "shop", clientSecret: "shop-secret" }
const record = { redirectUris: ["https://app.example/cb"], clientName: "Shop", scope: "openid" }

/** Both drifts, because the library is newer than one and older than the other. */
const drifts = ["production", "source"] as const

describe.each(drifts)("Polar's own client library with the emulator and drift %s", (drift) => {
  let emulator: PolarEmulator
  let library: Library
  beforeAll(async () => {
    emulator = await startPolar({ seed, drift })
    library = openLibrary(emulator)
  })
  afterAll(() => emulator.close())

  /** Returns the value of a call; an error fails the test. */
  const value = async <A>(
    call: PromiseLike<{ readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: Error }>,
  ) => {
    const result = await call
    return result.ok ? result.value : expect.fail(String(result.error))
  }
  /** Returns the name of the error of a failed call. */
  const failure = async (call: PromiseLike<{ readonly ok: true } | { readonly ok: false; readonly error: Error }>) => {
    const result = await call
    return result.ok ? "no failure" : result.error.name
  }
  const exchange = async () => {
    const code = await codeWithoutChallenge(emulator)
    return value(oauth2Token(library.as(), { grantType: "authorization_code", code, redirectUri: callback, ...shop }))
  }

  it("gets tokens for a code, and new ones for a refresh token", async () => {
    const tokens = await exchange()
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresIn: 864_000, scope: "openid email" })
    const request = { grantType: "refresh_token", refreshToken: tokens.refreshToken ?? "", ...shop } as const
    expect(await value(oauth2Token(library.as(), request))).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 })
    expect(await failure(oauth2Token(library.as(), request))).toBe("SDKError")
    expect(library.responses.at(-1)).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
  })

  it("introspects a token and reads UserInfo", async () => {
    const { accessToken } = await exchange()
    const state = await value(oauth2Introspect(library.as(), { token: accessToken, ...shop }))
    expect(state).toMatchObject({ active: true, clientId: "shop", sub: ada, subType: "user", scope: "openid email" })
    // The library accepts unknown values; here the document and the server differ.
    expect(state.tokenType).toBe("Bearer")
    const user = await value(oauth2Userinfo(library.as(accessToken)))
    expect(user).toMatchObject({ sub: ada, email: "ada@example.com", emailVerified: true })
  })

  it("revokes a token, and cannot parse the inactive response", async () => {
    const { accessToken, refreshToken } = await exchange()
    expect(await value(oauth2Revoke(library.as(), { token: refreshToken ?? "", ...shop }))).toEqual({})
    const introspection = oauth2Introspect(library.as(), { token: accessToken, ...shop })
    expect(await failure(introspection)).toBe("ResponseValidationError")
    expect(library.responses.at(-1)).toMatchObject({ status: 200, body: { active: false } })
    expect(await failure(oauth2Userinfo(library.as(accessToken)))).toBe("SDKError")
    expect(library.responses.at(-1)).toMatchObject({ status: 401, body: { error: "invalid_token" } })
  })

  it("registers a client, and treats the 201 as an error", async () => {
    expect(await failure(oauth2ClientsCreate(library.as(), record))).toBe("SDKError")
    expect(library.responses.at(-1)).toMatchObject({ status: 201, body: { client_name: "Shop", scope: "openid" } })
    const wrong = oauth2ClientsCreate(library.as(), { ...record, redirectUris: ["http://app.example/cb"] })
    expect(await failure(wrong)).toBe("HTTPValidationError")
  })

  it("reads, replaces and deletes a client, with its registration token as access token", async () => {
    const client = { client_id: `own-${drift}`, registration_access_token: "polar_crt_own", scope: "openid email" }
    emulator.seed({ clients: [client] })
    const clientId = client.client_id
    const manager = library.as("polar_crt_own")
    expect(await value(oauth2ClientsGet(manager, { clientId }))).toMatchObject({ client_id: clientId })
    const body = { ...record, clientId }
    const changed = oauth2ClientsUpdate(manager, { clientId, oAuth2ClientConfigurationUpdate: body })
    expect(await value(changed)).toMatchObject({ client_name: "Shop", scope: "openid" })
    await value(oauth2ClientsDelete(manager, { clientId }))
    expect(await failure(oauth2ClientsGet(manager, { clientId }))).toBe("SDKError")
  })
})
