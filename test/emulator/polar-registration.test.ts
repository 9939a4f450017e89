import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bearer, get, type ParsedResponse, parse, seed, sendJson, userTokens } from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed })
})
afterAll(() => polar.close())

const path = "/v1/oauth2/register"
const minimal = { redirect_uris: ["https://app.example.com/cb"], client_name: "Example" }

const register = (body: unknown, headers?: Record<string, string>) => sendJson(polar, "POST", path, body, headers)

/** Returns the path and the credential of a registered client. */
const managementOf = ({ json }: ParsedResponse) =>
  [`${path}/${String(json.client_id)}`, bearer(json.registration_access_token)] as const

describe("client registration", () => {
  it("returns 201 with the vendor's defaults: every scope and client_secret_post", async () => {
    const { status, json } = await register({ ...minimal, contacts: ["x"], default_sub_type: "organization" })
    expect(status).toBe(201)
    expect(json).toMatchObject({
      ...minimal,
      token_endpoint_auth_method: "client_secret_post",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      client_id: expect.stringMatching(/^polar_ci_/),
      client_secret: expect.stringMatching(/^polar_cs_/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^polar_crt_/),
      registration_client_uri: `${polar.apiUrl}${path}/${String(json.client_id)}`,
    })
    expect(String(json.scope).split(" ")).toHaveLength(61)
    for (const absent of ["contacts", "default_sub_type", "client_uri", "logo_uri"])
      expect(json).not.toHaveProperty(absent)
  })

  it("returns no secret for a public client", async () => {
    const registered = await register({ ...minimal, token_endpoint_auth_method: "none" })
    expect(registered.json).not.toHaveProperty("client_secret")
    expect(registered.json).not.toHaveProperty("client_secret_expires_at")
    expect((await get(polar, ...managementOf(registered))).json).toEqual(registered.json)
  })

  it("normalizes redirect URIs", async () => {
    const { json } = await register({ ...minimal, redirect_uris: ["https://app.example.com", "myapp://host/path"] })
    expect(json.redirect_uris).toEqual(["https://app.example.com/", "myapp://host/path"])
  })

  it.each([
    [{}, "missing", ["body", "redirect_uris"]],
    [{ ...minimal, redirect_uris: "x" }, "list_type", ["body", "redirect_uris"]],
    [{ ...minimal, redirect_uris: ["http://example.com"] }, "value_error", ["body", "redirect_uris", 0]],
    [{ ...minimal, redirect_uris: ["http://[::1]/cb"] }, "value_error", ["body", "redirect_uris", 0]],
    [{ ...minimal, redirect_uris: ["/cb"] }, "url_parsing", ["body", "redirect_uris", 0]],
    [{ ...minimal, client_name: null }, "string_type", ["body", "client_name"]],
    [{ ...minimal, grant_types: ["web"] }, "literal_error", ["body", "grant_types", 0]],
    [
      { ...minimal, token_endpoint_auth_method: "private_key_jwt" },
      "literal_error",
      ["body", "token_endpoint_auth_method"],
    ],
    [{ ...minimal, logo_uri: "ftp://example.com" }, "url_scheme", ["body", "logo_uri"]],
    [[], "model_attributes_type", ["body"]],
  ])("rejects %j by its schema", async (body, type, loc) => {
    const { status, json } = await register(body)
    expect([status, json.error]).toEqual([422, "RequestValidationError"])
    expect(json.detail).toEqual(expect.arrayContaining([expect.objectContaining({ type, loc })]))
  })

  it.each([
    [{ scope: "openid offline_access" }, "scope"],
    [{ scope: "organization_access_tokens:read" }, "scope"],
    [{ client_uri: "nowhere" }, "client_uri"],
    [{ redirect_uris: ["https://app.example.com/cb#x"] }, "redirect_uris"],
  ])("rejects %j by its claims", async (wrong, claim) => {
    const { status, json } = await register({ ...minimal, ...wrong })
    expect([status, json]).toEqual([
      400,
      { error: "invalid_client_metadata", error_description: `Invalid claim: '${claim}'` },
    ])
  })

  it("accepts redirect URIs without TLS on loopback and private networks", async () => {
    const uris = ["http://localhost:3000/cb", "http://a.localhost/cb", "http://10.1.2.3/cb", "http://172.20.0.1/cb"]
    expect((await register({ ...minimal, redirect_uris: uris })).status).toBe(201)
    expect((await register({ ...minimal, redirect_uris: ["http://172.32.0.1/cb"] })).status).toBe(422)
  })

  it("requires no credential, and rejects a user's API credential", async () => {
    expect((await register(minimal, bearer("polar_pat_ada"))).json.error).toBe("NotPermitted")
    expect((await register(minimal, bearer((await userTokens(polar)).access_token))).status).toBe(403)
    expect((await register(minimal, bearer("polar_oat_acme"))).status).toBe(201)
    const broken = { method: "POST", body: "{", headers: { "content-type": "application/json" } }
    expect((await parse(fetch(`${polar.apiUrl}${path}`, broken))).status).toBe(422)
  })
})

describe("replacing a client", () => {
  const full = {
    ...minimal,
    scope: "openid",
    client_uri: "https://app.example.com/",
    logo_uri: "https://app.example.com/l",
  }
  const replace = (registered: ParsedResponse, body: Record<string, unknown>) =>
    sendJson(
      polar,
      "PUT",
      managementOf(registered)[0],
      { client_id: registered.json.client_id, ...body },
      managementOf(registered)[1],
    )

  it("resets absent members to their defaults, but keeps page URLs that are absent or null", async () => {
    const registered = await register({
      ...full,
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
    })
    const { status, json } = await replace(registered, { ...minimal, client_name: "New", logo_uri: null })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      client_name: "New",
      token_endpoint_auth_method: "client_secret_post",
      grant_types: ["authorization_code", "refresh_token"],
      client_uri: full.client_uri,
      logo_uri: full.logo_uri,
      client_id: registered.json.client_id,
      registration_access_token: registered.json.registration_access_token,
    })
    expect(String(json.scope).split(" ")).toHaveLength(61)
    expect(json.client_secret).toMatch(/^polar_cs_/)
  })

  it("keeps the secret and ignores unknown members", async () => {
    const registered = await register(full)
    const { json } = await replace(registered, registered.json)
    expect(json).toEqual(registered.json)
  })

  it("requires the client id of the path", async () => {
    const registered = await register(full)
    const mismatch = await replace(registered, { ...full, client_id: "other" })
    expect([mismatch.status, mismatch.json]).toEqual([400, { error: "invalid_request" }])
    expect((await replace(registered, { ...full, client_id: undefined })).status).toBe(422)
  })
})
