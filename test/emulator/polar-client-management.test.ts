import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  bearer,
  codeFor,
  cookie,
  get,
  type ParsedResponse,
  parse,
  redeem,
  seed,
  sendJson,
  userInfo,
} from "./polar-steps.ts"

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

describe("the management of a registered client", () => {
  const unknown = { error: "invalid_client", error_description: "The client does not exist on this server." }

  it("requires the client's registration token or its owner's session", async () => {
    const [registered, another] = [await register(minimal, cookie), await register(minimal)]
    const [clientPath, credential] = managementOf(registered)
    expect((await get(polar, clientPath, credential)).status).toBe(200)
    expect((await get(polar, clientPath, cookie)).status).toBe(200)
    const anonymous = await get(polar, clientPath)
    expect([anonymous.status, anonymous.json.error]).toEqual([400, "access_denied"])
    for (const [at, wrong] of [
      [clientPath, managementOf(another)[1]],
      [managementOf(another)[0], cookie],
      [`${path}/unknown`, credential],
    ] as const) {
      const { status, json, headers } = await get(polar, at, wrong)
      expect([status, json]).toEqual([401, unknown])
      expect(headers.get("www-authenticate")).toMatch(/^Basic /)
    }
    expect((await get(polar, clientPath, bearer("polar_pat_ada"))).status).toBe(403)
    expect((await get(polar, clientPath, bearer("no-prefix"))).json.error).toBe("invalid_token")
  })

  it("deletes the client together with its tokens", async () => {
    const registered = await register({ ...minimal, redirect_uris: ["http://127.0.0.1:9/cb"] })
    const [client_id, client_secret] = [String(registered.json.client_id), String(registered.json.client_secret)]
    const code = await codeFor(polar, { client_id })
    const { access_token } = (await redeem(polar, code, { client_id, client_secret })).json
    const [clientPath, headers] = managementOf(registered)
    const deleted = await parse(fetch(`${polar.apiUrl}${clientPath}`, { method: "DELETE", headers }))
    expect([deleted.status, deleted.text]).toEqual([204, ""])
    expect((await get(polar, clientPath, headers)).status).toBe(401)
    expect((await userInfo(polar, access_token)).status).toBe(401)
  })

  it("lists the session's clients, newest first, with members that other responses omit", async () => {
    const registered = await register({ ...minimal, token_endpoint_auth_method: "none" }, cookie)
    const { json } = await get(polar, "/v1/oauth2/?limit=1", cookie)
    expect(json.items).toMatchObject([
      { client_id: registered.json.client_id, client_secret: expect.any(String), logo_uri: null, modified_at: null },
    ])
    expect(json.pagination).toEqual({ total_count: 2, max_page: 2 })
    expect((await get(polar, "/v1/oauth2/?page=9", cookie)).json.items).toEqual([])
    expect((await get(polar, "/v1/oauth2/?limit=0", cookie)).status).toBe(422)
    expect((await get(polar, "/v1/oauth2/")).json.error).toBe("Unauthorized")
  })
})
