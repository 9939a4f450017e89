import { makeBrowser, type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  acme,
  ada,
  answerOf,
  authorizeQuery,
  bearer,
  callback,
  codeFor,
  cookie,
  get,
  introspect,
  locked,
  post,
  redeem,
  rival,
  userTokens,
  visit,
  world,
  zeta,
} from "./polar-steps.ts"

let polar: PolarEmulator
beforeEach(async () => {
  polar = await startPolar({ seed: world })
})
afterEach(() => polar.close())

/** Where a browser ends, as the client sees it. */
const came = async (more: Record<string, string>, browser = makeBrowser()) => {
  const url = await visit(polar, more, browser)
  const { iss: _, code, ...rest } = Object.fromEntries(url.searchParams)
  return { at: `${url.origin}${url.pathname}`, ...rest, ...(code && { code: code.slice(0, 9) }) }
}

/** What the API says to the user who is logged in. */
const asked = (more: Record<string, string> = {}, headers: Record<string, string> = cookie) =>
  get(polar, `/v1/oauth2/authorize?${authorizeQuery(more)}`, headers)

const consent = (form: Record<string, string>, more: Record<string, string> = {}, headers = cookie) =>
  post(polar, `/v1/oauth2/consent?${authorizeQuery(more)}`, form, headers)

const state = "some-state"

describe("the authorize page", () => {
  it("is of another origin than the API, logs in by itself and comes back with a code", async () => {
    expect(new URL(polar.authorizeUrl).origin).not.toBe(polar.apiUrl)
    expect(await came({})).toEqual({ at: callback, code: "polar_ac_", state })
    const url = await visit(polar)
    expect(url.searchParams.get("iss")).toBe(polar.issuer)
  })

  it("says when the user refuses, even one who agreed before", async () => {
    await visit(polar)
    expect(await came({ login_hint: "refuses" })).toEqual({
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
  ])("sends %j back to the client as an error", async (wrong, error) => {
    expect(await came(wrong)).toMatchObject({ at: callback, error, state })
  })

  it("keeps to itself what is not for the client to know", async () => {
    const wrong = [
      { client_id: "nobody" },
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

  it("takes a nonce once, until its code is redeemed", async () => {
    const code = await codeFor(polar, { nonce: "n1" })
    expect(await came({ nonce: "n1" })).toMatchObject({ error: "invalid_request", error_description: "Replay attack" })
    await redeem(polar, code)
    expect(await came({ nonce: "n1" })).toHaveProperty("code")
  })

  it("uses the first registered address, and every scope of the client, when none is named", async () => {
    const code = await codeFor(polar, { redirect_uri: undefined, scope: undefined })
    expect((await redeem(polar, code, { redirect_uri: "" })).json.scope).toBe("openid email products:read")
    expect((await redeem(polar, await codeFor(polar, { scope: "" }))).json).not.toHaveProperty("scope")
  })

  it("asks again for a login or a consent, and lets first-party clients through silently", async () => {
    const browser = makeBrowser()
    await visit(polar, {}, browser)
    for (const prompt of ["login", "consent", "select_account"]) {
      expect(await came({ prompt }, browser)).toHaveProperty("code")
    }
    expect(await came({ prompt: "none", scope: "products:read" }, browser)).toMatchObject({ error: "consent_required" })
    expect(await came({ prompt: "none", client_id: "own" }, browser)).toHaveProperty("code")
  })
})

describe("the API behind the page", () => {
  it("describes the consent that is wanted", async () => {
    const { status, json } = await asked({ sub_type: "organization" })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      client: { client_id: "shop", logo_uri: null },
      sub: { id: ada, email: "ada@example.com", avatar_url: null },
      organizations: [{ id: zeta, slug: "zeta", name: "zeta" }, { id: acme }],
      requires_single_organization: true,
    })
  })

  it("tells those who are not logged in apart from those who cannot be", async () => {
    const nobody = await asked({}, {})
    expect([nobody.status, nobody.json]).toEqual([401, { detail: "Unauthorized" }])
    expect((await asked({ scope: "email" }, {})).json.sub).toBeNull()
    expect((await asked({ prompt: "login" })).status).toBe(401)
    const tool = await asked({}, bearer("polar_pat_ada"))
    expect([tool.status, tool.json]).toEqual([403, { error: "NotPermitted", detail: "Not permitted" }])
  })

  it("answers in JSON what it does not redirect", async () => {
    const unknown = await asked({ client_id: "nobody" })
    expect([unknown.status, unknown.json]).toEqual([
      400,
      { error: "invalid_client", error_description: "The client does not exist on this server.", state },
    ])
    const twice = await get(polar, `/v1/oauth2/authorize?${authorizeQuery()}&state=b`, cookie)
    expect(twice.json.error_description).toBe("Multiple 'state' in request.")
  })

  it("takes the consent of whoever has a session", async () => {
    expect((await consent({ action: "allow" })).headers.get("location")).toMatch(
      /\?code=polar_ac_\w+&state=some-state&iss=/,
    )
    expect((await consent({ action: "deny" })).headers.get("location")).toMatch(/\?error=access_denied&/)
    expect((await consent({ action: "allow" }, {}, { cookie: "" })).json.error).toBe("Unauthorized")
    const missing = await consent({})
    expect([missing.status, missing.json.error]).toEqual([422, "RequestValidationError"])
  })

  it("skips the page for what was agreed to, and forgets the organizations then", async () => {
    await consent({ action: "allow", organizations: acme })
    const { status, headers } = await asked({ scope: "email" })
    expect(status).toBe(302)
    const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? ""
    const { access_token } = (await redeem(polar, code)).json
    expect((await introspect(polar, access_token)).json.organizations).toEqual([])
    expect((await asked({ scope: "email products:read" })).status).toBe(200)
  })
})

describe("one organization", () => {
  const single = { sub_type: "organization" }

  it("narrows the user's token, and the page chooses the first", async () => {
    const { access_token } = await userTokens(polar, single)
    expect(access_token).toMatch(/^polar_at_u_/)
    expect((await introspect(polar, access_token)).json).toMatchObject({ sub_type: "user", organizations: [zeta] })
  })

  it("is the smallest of several", async () => {
    const form = new URLSearchParams([["action", "allow"], ...[zeta, acme].map((id) => ["organizations", id])])
    const url = `${polar.apiUrl}/v1/oauth2/consent?${authorizeQuery(single)}`
    const sent = await answerOf(fetch(url, { method: "POST", body: form, headers: cookie, redirect: "manual" }))
    const code = new URL(sent.headers.get("location") ?? "").searchParams.get("code") ?? ""
    const { access_token } = (await redeem(polar, code)).json
    expect((await introspect(polar, access_token)).json.organizations).toEqual([acme])
  })

  it("has to be chosen, also when consent is remembered", async () => {
    const none = await consent({ action: "allow" }, single)
    expect([none.status, none.json]).toEqual([
      400,
      {
        error: "invalid_request",
        error_description: "sub_type=organization requires selecting an organization",
        state,
      },
    ])
    await consent({ action: "allow", organizations: acme }, single)
    expect((await asked(single)).status).toBe(400)
    expect((await asked({ ...single, organizations: acme })).status).toBe(302)
    expect((await asked({ ...single, prompt: "consent" })).status).toBe(200)
  })
})
