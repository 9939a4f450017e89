import { oauth2ClientsCreate } from "@polar-sh/sdk/funcs/oauth2ClientsCreate.js"
import { oauth2ClientsDelete } from "@polar-sh/sdk/funcs/oauth2ClientsDelete.js"
import { oauth2ClientsGet } from "@polar-sh/sdk/funcs/oauth2ClientsGet.js"
import { oauth2ClientsUpdate } from "@polar-sh/sdk/funcs/oauth2ClientsUpdate.js"
import { oauth2Introspect } from "@polar-sh/sdk/funcs/oauth2Introspect.js"
import { oauth2Revoke } from "@polar-sh/sdk/funcs/oauth2Revoke.js"
import { oauth2Token } from "@polar-sh/sdk/funcs/oauth2Token.js"
import { oauth2Userinfo } from "@polar-sh/sdk/funcs/oauth2Userinfo.js"
import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ada, callback, world } from "../emulator/polar-steps.ts"
import { codeWithoutChallenge, type Library, openLibrary } from "./polar-calls.ts"

const shop = { clientId: "shop", clientSecret: "shop-secret" }
const record = { redirectUris: ["https://app.example/cb"], clientName: "Mine", scope: "openid" }

/** Either way of the drift: the library is of the time between. */
const drifts = ["production", "source"] as const

describe.each(drifts)("Polar's own client library at the emulator, drift %s", (drift) => {
  let emulator: PolarEmulator
  let library: Library
  beforeAll(async () => {
    emulator = await startPolar({ seed: world, drift })
    library = openLibrary(emulator)
  })
  afterAll(() => emulator.close())

  /** What a call answered; a failure fails the test. */
  const value = async <A>(
    call: PromiseLike<{ readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: Error }>,
  ) => {
    const result = await call
    return result.ok ? result.value : expect.fail(String(result.error))
  }
  /** The name of the error that a call failed with. */
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
    expect(library.answers.at(-1)).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
  })

  it("reads what a token is worth, and whose it is", async () => {
    const { accessToken } = await exchange()
    const state = await value(oauth2Introspect(library.as(), { token: accessToken, ...shop }))
    expect(state).toMatchObject({ active: true, clientId: "shop", sub: ada, subType: "user", scope: "openid email" })
    // Open to values that it does not know: here the document and the server are not of one mind.
    expect(state.tokenType).toBe("Bearer")
    const user = await value(oauth2Userinfo(library.as(accessToken)))
    expect(user).toMatchObject({ sub: ada, email: "ada@example.com", emailVerified: true })
  })

  it("revokes, and cannot read that the token is inactive", async () => {
    const { accessToken, refreshToken } = await exchange()
    expect(await value(oauth2Revoke(library.as(), { token: refreshToken ?? "", ...shop }))).toEqual({})
    const asked = oauth2Introspect(library.as(), { token: accessToken, ...shop })
    expect(await failure(asked)).toBe("ResponseValidationError")
    expect(library.answers.at(-1)).toMatchObject({ status: 200, body: { active: false } })
    expect(await failure(oauth2Userinfo(library.as(accessToken)))).toBe("SDKError")
    expect(library.answers.at(-1)).toMatchObject({ status: 401, body: { error: "invalid_token" } })
  })

  it("registers a client and takes the success for a failure", async () => {
    expect(await failure(oauth2ClientsCreate(library.as(), record))).toBe("SDKError")
    expect(library.answers.at(-1)).toMatchObject({ status: 201, body: { client_name: "Mine", scope: "openid" } })
    const wrong = oauth2ClientsCreate(library.as(), { ...record, redirectUris: ["http://app.example/cb"] })
    expect(await failure(wrong)).toBe("HTTPValidationError")
  })

  it("reads, replaces and deletes a client, with its registration token for an access token", async () => {
    const own = { client_id: `own-${drift}`, registration_access_token: "polar_crt_own", scope: "openid email" }
    emulator.seed({ clients: [own] })
    const clientId = own.client_id
    const manager = library.as("polar_crt_own")
    expect(await value(oauth2ClientsGet(manager, { clientId }))).toMatchObject({ client_id: clientId })
    const body = { ...record, clientId }
    const changed = oauth2ClientsUpdate(manager, { clientId, oAuth2ClientConfigurationUpdate: body })
    expect(await value(changed)).toMatchObject({ client_name: "Mine", scope: "openid" })
    await value(oauth2ClientsDelete(manager, { clientId }))
    expect(await failure(oauth2ClientsGet(manager, { clientId }))).toBe("SDKError")
  })
})
