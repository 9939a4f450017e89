import { type PolarDrift, startPolar } from "@latchkey/testing"
import { beforeAll, expect, it } from "vitest"
import { acme, ada, authorizeQuery, codeFor, cookie, seed, shop, verifier } from "../emulator/polar-steps.ts"
import { describeWithDocuments } from "./documents.ts"
import { openLibrary, type WireResponse } from "./polar-calls.ts"
import { makeValidator } from "./polar-openapi.ts"

/** Differences between the vendor's document and the server. */
const exceptions: ReadonlyArray<{ readonly problem: RegExp; readonly reason: string }> = [
  {
    problem:
      /^\w+ \/v1\/oauth2\/(token|revoke|introspect|userinfo|authorize|register\S*) 4\d\d: the status is not documented$/,
    reason: "the only error in the document is 422 for an invalid body",
  },
  {
    problem: /introspect 200: body\/token_type must be equal to one of the allowed values$/,
    reason: "the document has access_token or refresh_token, and the server returns Bearer",
  },
  {
    problem: /introspect 200: body must have required property '\w+'$/,
    reason: "the server returns only `active` for an inactive token",
  },
  {
    problem: /token 200: body must have required property 'scope'$/,
    reason: "the server omits the member when no scope is granted",
  },
  {
    problem: /^POST \/v1\/oauth2\/register 201: the status is not documented$/,
    reason: "the document has 200, and the server returns 201",
  },
  {
    problem: /register\S* 422: body must NOT have additional properties: error$/,
    reason: "the server also returns the name of the error",
  },
  {
    problem: /^GET \/v1\/oauth2\/authorize 302: the status is not documented$/,
    reason: "the document describes the response to the page, and no redirect of a browser",
  },
  {
    problem: /^GET \/v1\/oauth2\/authorize 200: body\/organizations\/0 must (NOT have additional properties: name)$/,
    reason: "the document is older than the names of organizations on the consent page",
  },
  {
    problem:
      /^(POST \/v1\/oauth2\/(userinfo|consent)|GET \/v1\/oauth2\/|GET \/\.well-known\/\S+) \d+: the operation is not documented$/,
    reason:
      "the document omits UserInfo by POST, the consent form, the list of a user's clients and the metadata documents",
  },
]

const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) })
const bearer = (token: unknown) => ({ headers: { authorization: `Bearer ${String(token)}` } })
const json = (method: string, body: object, token?: unknown) => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...(token !== undefined && bearer(token).headers) },
})

/** Sends every OAuth request to the API, valid and invalid, and returns the responses. */
const responsesOf = async (drift: PolarDrift): Promise<ReadonlyArray<WireResponse>> => {
  await using polar = await startPolar({ seed, drift })
  const { fetch, responses } = openLibrary(polar)
  const members = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> => {
    const text = await (await fetch(path, init)).text()
    return text.startsWith("{") ? JSON.parse(text) : {}
  }
  const token = (fields: Record<string, string>) => members("/v1/oauth2/token", form({ ...shop, ...fields }))
  const code = { grant_type: "authorization_code", redirect_uri: "http://127.0.0.1:9/cb", code_verifier: verifier }

  const first = await token({ ...code, code: await codeFor(polar) })
  const second = await token({ grant_type: "refresh_token", refresh_token: String(first.refresh_token) })
  await token({ grant_type: "refresh_token", refresh_token: "polar_rt_u_unknown" })
  await token({ ...code, code: "polar_ac_unknown" })
  await token({ grant_type: "unknown" })
  await token({ ...code, code: await codeFor(polar, { scope: "orders:read" }) })
  await token({ client_secret: "wrong", ...code, code: "polar_ac_x" })
  const access = String(second.access_token)
  for (const path of ["/v1/oauth2/introspect", "/v1/oauth2/revoke"])
    for (const fields of [{ token: access, token_type_hint: "nonsense" }, { token: access }, { token: "unknown" }, {}])
      if (path.endsWith("introspect")) await members(path, form({ ...shop, ...fields }))
      else if (!("token" in fields) || fields.token !== access) await members(path, form({ ...shop, ...fields }))
  await members("/v1/oauth2/userinfo", bearer(access))
  await members("/v1/oauth2/userinfo", { method: "POST", ...bearer(access) })
  await members("/v1/oauth2/userinfo")
  const legacy = { client_id: "shop", sub: acme, sub_type: "organization", scope: "openid" } as const
  polar.seed({ tokens: [{ ...legacy, access_token: "polar_at_o_old" }] })
  await members("/v1/oauth2/userinfo", bearer("polar_at_o_old"))
  await members("/v1/oauth2/introspect", form({ ...shop, token: "polar_at_o_old" }))
  await members("/v1/oauth2/revoke", form({ ...shop, token: access }))

  const authorize = `/v1/oauth2/authorize?${authorizeQuery({ prompt: "consent", login_hint: ada })}`
  for (const init of [{}, { headers: cookie }]) await members(authorize, init)
  await members(`/v1/oauth2/authorize?${authorizeQuery({ scope: "nonsense" })}`, { headers: cookie })
  await members("/v1/oauth2/", { headers: cookie })

  const record = { client_name: "Shop", redirect_uris: ["https://app.example/cb"], scope: "openid" }
  const registered = await members("/v1/oauth2/register", json("POST", record))
  await members("/v1/oauth2/register", json("POST", { ...record, redirect_uris: ["http://app.example/cb"] }))
  await members("/v1/oauth2/register", json("POST", { ...record, scope: "nonsense" }))
  const clientPath = `/v1/oauth2/register/${String(registered.client_id)}`
  await members(clientPath, bearer(registered.registration_access_token))
  await members(clientPath)
  await members(
    clientPath,
    json("PUT", { ...record, client_id: registered.client_id }, registered.registration_access_token),
  )
  await members(clientPath, json("PUT", record, registered.registration_access_token))
  await members(clientPath, { method: "DELETE", ...bearer(registered.registration_access_token) })
  await members("/.well-known/openid-configuration")
  await members("/.well-known/jwks.json")
  return responses
}

const drifts = ["production", "source"] as const

const tests = () => {
  const violations = new Map<PolarDrift, ReadonlyArray<string>>()
  beforeAll(async () => {
    const violationsOf = makeValidator()
    for (const drift of drifts) violations.set(drift, (await responsesOf(drift)).flatMap(violationsOf))
  })

  it.each(drifts)(
    "describes every response of the emulator with drift %s, except for the listed exceptions",
    (drift) => {
      const unexpected = (violations.get(drift) ?? []).filter(
        (each) => !exceptions.some(({ problem }) => problem.test(each)),
      )
      expect([...new Set(unexpected)].sort()).toEqual([])
    },
  )

  it.each(exceptions)("is still wrong: $reason", ({ problem }) => {
    expect([...violations.values()].flat().filter((each) => problem.test(each))).not.toEqual([])
  })

  it("allows these successful responses", async () => {
    const violationsOf = makeValidator()
    const allowed = (await responsesOf("source")).filter((response) => violationsOf(response).length === 0)
    const operations = new Set(
      allowed.map(({ method, path, status }) => `${method} ${path.replace(/polar_ci_\w+/, "{id}")} ${status}`),
    )
    expect([...operations].sort()).toEqual([
      "DELETE /v1/oauth2/register/{id} 204",
      "GET /v1/oauth2/authorize 200",
      "GET /v1/oauth2/register/{id} 200",
      "GET /v1/oauth2/userinfo 200",
      "POST /v1/oauth2/revoke 200",
      "POST /v1/oauth2/token 200",
      "PUT /v1/oauth2/register/{id} 200",
    ])
  })
}

describeWithDocuments("Polar's OpenAPI document", tests)
