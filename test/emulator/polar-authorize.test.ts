import { makeBrowser, type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  authorizeQuery,
  bearer,
  callback,
  codeFor,
  cookie,
  get,
  introspect,
  locked,
  parse,
  post,
  redeem,
  rival,
  seed,
  userTokens,
  visit,
  zeta,
} from "./polar-steps.ts"

let polar: PolarEmulator
beforeEach(async () => {
  polar = await startPolar({ seed })
})
afterEach(() => polar.close())

/** Returns the URL at which the browser ends, and its parameters. */
const outcomeOf = async (more: Record<string, string>, browser = makeBrowser()) => {
  const url = await visit(polar, more, browser)
  const { iss: _, code, ...rest } = Object.fromEntries(url.searchParams)
  return { at: `${url.origin}${url.pathname}`, ...rest, ...(code && { code: code.slice(0, 9) }) }
}

/** Sends an authorization request to the API, with the user's session by default. */
const authorize = (more: Record<string, string> = {}, headers: Record<string, string> = cookie) =>
  get(polar, `/v1/oauth2/authorize?${authorizeQuery(more)}`, headers)

const consent = (form: Record<string, string>, more: Record<string, string> = {}, headers = cookie) =>
  post(polar, `/v1/oauth2/consent?${authorizeQuery(more)}`, form, headers)

const state = "some-state"

describe("the authorize page", () => {
  it("has another origin than the API, logs the user in and redirects with a code", async () => {
    expect(new URL(polar.authorizeUrl).origin).not.toBe(polar.apiUrl)
    expect(await outcomeOf({})).toEqual({ at: callback, code: "polar_ac_", state })
    const url = await visit(polar)
    expect(url.searchParams.get("iss")).toBe(polar.issuer)
  })

  it("redirects with access_denied when the user denies, even after an earlier consent", async () => {
    await visit(polar)
    expect(await outcomeOf({ login_hint: "refuses" })).toEqual({
      ...{ at: callback, state, error: "access_denied" },
      error_description: "The resource owner or authorization server denied the request",
    })
  })

  it.each([
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ scope: "openid offline_access" }, "invalid_scope"],
    [{ code_challenge: "short" }, "invalid_request"],
    [{ code_challenge_method: "S512" }, "invalid_request"],
    [{ code_challenge: "" }, "invalid_request"],
    [{ prompt: "none consent" }, "invalid_request"],
    [{ prompt: "none" }, "login_required"],
  ])("redirects an error to the client for %j", async (wrong, error) => {
    expect(await outcomeOf(wrong)).toMatchObject({ at: callback, error, state })
  })

  it("does not redirect an unknown client, redirect URI, subject type or organization", async () => {
    const wrong = [
      { client_id: "unknown" },
      { redirect_uri: `${callback}/` },
      { sub_type: "team" },
      { organizations: locked },
      { organizations: rival },
      { organizations: "c0ffee00-1111-4222-8333-944444444444" },
    ]
    for (const each of wrong) {
      const url = await visit(polar, each)
      expect(url.origin).not.toBe(new URL(callback).origin)
    }
  })

  it("rejects a reused nonce until its code is redeemed", async () => {
    const code = await codeFor(polar, { nonce: "n1" })
    expect(await outcomeOf({ nonce: "n1" })).toMatchObject({
      error: "invalid_request",
      error_description: "Replay attack",
    })
    await redeem(polar, code)
    expect(await outcomeOf({ nonce: "n1" })).toHaveProperty("code")
  })

  it("uses the first registered redirect URI and every scope of the client by default", async () => {
    const code = await codeFor(polar, { redirect_uri: undefined, scope: undefined })
    expect((await redeem(polar, code, { redirect_uri: "" })).json.scope).toBe("openid email products:read")
    expect((await redeem(polar, await codeFor(polar, { scope: "" }))).json).not.toHaveProperty("scope")
  })

  it("supports prompt, and requires no consent for first-party clients", async () => {
    const browser = makeBrowser()
    await visit(polar, {}, browser)
    for (const prompt of ["login", "consent", "select_account"]) {
      expect(await outcomeOf({ prompt }, browser)).toHaveProperty("code")
    }
    expect(await outcomeOf({ prompt: "none", scope: "products:read" }, browser)).toMatchObject({
      error: "consent_required",
    })
    expect(await outcomeOf({ prompt: "none", client_id: "own" }, browser)).toHaveProperty("code")
  })
})

describe("the authorize API", () => {
  it("describes the required consent", async () => {
    const { status, json } = await authorize({ sub_type: "organization" })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      client: { client_id: "shop", logo_uri: null },
      sub: { id: ada, email: "ada@example.com", avatar_url: null },
      organizations: [{ id: zeta, slug: "zeta", name: "zeta" }, { id: acme }],
      requires_single_organization: true,
    })
  })

  it("returns 401 without a session and 403 for an API token", async () => {
    const anonymous = await authorize({}, {})
    expect([anonymous.status, anonymous.json]).toEqual([401, { detail: "Unauthorized" }])
    expect((await authorize({ scope: "email" }, {})).json.sub).toBeNull()
    expect((await authorize({ prompt: "login" })).status).toBe(401)
    const withApiToken = await authorize({}, bearer("polar_pat_ada"))
    expect([withApiToken.status, withApiToken.json]).toEqual([403, { error: "NotPermitted", detail: "Not permitted" }])
  })

  it("returns errors as JSON when it does not redirect", async () => {
    const unknown = await authorize({ client_id: "unknown" })
    expect([unknown.status, unknown.json]).toEqual([
      400,
      { error: "invalid_client", error_description: "The client does not exist on this server.", state },
    ])
    const repeated = await get(polar, `/v1/oauth2/authorize?${authorizeQuery()}&state=b`, cookie)
    expect(repeated.json.error_description).toBe("Multiple 'state' in request.")
  })

  it("accepts consent only with a session", async () => {
    expect((await consent({ action: "allow" })).headers.get("location")).toMatch(
      /\?code=polar_ac_\w+&state=some-state&iss=/,
    )
    expect((await consent({ action: "deny" })).headers.get("location")).toMatch(/\?error=access_denied&/)
    expect((await consent({ action: "allow" }, {}, { cookie: "" })).json.error).toBe("Unauthorized")
    const missing = await consent({})
    expect([missing.status, missing.json.error]).toEqual([422, "RequestValidationError"])
  })

  it("skips the page for granted scopes, and then omits the organizations", async () => {
    await consent({ action: "allow", organizations: acme })
    const { status, headers } = await authorize({ scope: "email" })
    expect(status).toBe(302)
    const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? ""
    const { access_token } = (await redeem(polar, code)).json
    expect((await introspect(polar, access_token)).json.organizations).toEqual([])
    expect((await authorize({ scope: "email products:read" })).status).toBe(200)
  })
})

describe("a request for one organization", () => {
  const single = { sub_type: "organization" }

  it("narrows the user's token to the page's choice, the first organization", async () => {
    const { access_token } = await userTokens(polar, single)
    expect(access_token).toMatch(/^polar_at_u_/)
    expect((await introspect(polar, access_token)).json).toMatchObject({ sub_type: "user", organizations: [zeta] })
  })

  it("uses the smallest id of several organizations", async () => {
    const form = new URLSearchParams([["action", "allow"], ...[zeta, acme].map((id) => ["organizations", id])])
    const url = `${polar.apiUrl}/v1/oauth2/consent?${authorizeQuery(single)}`
    const response = await parse(fetch(url, { method: "POST", body: form, headers: cookie, redirect: "manual" }))
    const code = new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? ""
    const { access_token } = (await redeem(polar, code)).json
    expect((await introspect(polar, access_token)).json.organizations).toEqual([acme])
  })

  it("requires a chosen organization, even with a remembered consent", async () => {
    const unchosen = await consent({ action: "allow" }, single)
    expect([unchosen.status, unchosen.json]).toEqual([
      400,
      {
        error: "invalid_request",
        error_description: "sub_type=organization requires selecting an organization",
      },
    ])
    await consent({ action: "allow", organizations: acme }, single)
    expect((await authorize(single)).status).toBe(400)
    expect((await authorize({ ...single, organizations: acme })).status).toBe(302)
    expect((await authorize({ ...single, prompt: "consent" })).status).toBe(200)
  })
})
