import { type PolarEmulator, startPolar } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  type Answer,
  answerOf,
  bearer,
  codeFor,
  cookie,
  get,
  redeem,
  sendJson,
  userInfo,
  world,
} from "./polar-steps.ts"

let polar: PolarEmulator
beforeAll(async () => {
  polar = await startPolar({ seed: world })
})
afterAll(() => polar.close())

const path = "/v1/oauth2/register"
const minimal = { redirect_uris: ["https://app.example.com/cb"], client_name: "Example" }

const register = (body: unknown, headers?: Record<string, string>) => sendJson(polar, "POST", path, body, headers)

/** The path and the credential of a client that was registered. */
const of = ({ json }: Answer) => [`${path}/${String(json.client_id)}`, bearer(json.registration_access_token)] as const

describe("managing", () => {
  const unknown = { error: "invalid_client", error_description: "The client does not exist on this server." }

  it("needs the client's own registration token, or its owner's session", async () => {
    const [made, another] = [await register(minimal, cookie), await register(minimal)]
    const [place, credential] = of(made)
    expect((await get(polar, place, credential)).status).toBe(200)
    expect((await get(polar, place, cookie)).status).toBe(200)
    const nobody = await get(polar, place)
    expect([nobody.status, nobody.json.error]).toEqual([400, "access_denied"])
    for (const [at, wrong] of [
      [place, of(another)[1]],
      [of(another)[0], cookie],
      [`${path}/nobody`, credential],
    ] as const) {
      const { status, json, headers } = await get(polar, at, wrong)
      expect([status, json]).toEqual([401, unknown])
      expect(headers.get("www-authenticate")).toMatch(/^Basic /)
    }
    expect((await get(polar, place, bearer("polar_pat_ada"))).status).toBe(403)
    expect((await get(polar, place, bearer("no-prefix"))).json.error).toBe("invalid_token")
  })

  it("deletes for good, with the tokens that are out", async () => {
    const made = await register({ ...minimal, redirect_uris: ["http://127.0.0.1:9/cb"] })
    const [client_id, client_secret] = [String(made.json.client_id), String(made.json.client_secret)]
    const code = await codeFor(polar, { client_id })
    const { access_token } = (await redeem(polar, code, { client_id, client_secret })).json
    const [place, headers] = of(made)
    const gone = await answerOf(fetch(`${polar.apiUrl}${place}`, { method: "DELETE", headers }))
    expect([gone.status, gone.text]).toEqual([204, ""])
    expect((await get(polar, place, headers)).status).toBe(401)
    expect((await userInfo(polar, access_token)).status).toBe(401)
  })

  it("lists the session's clients, newest first, with what is hidden elsewhere", async () => {
    const made = await register({ ...minimal, token_endpoint_auth_method: "none" }, cookie)
    const { json } = await get(polar, "/v1/oauth2/?limit=1", cookie)
    expect(json.items).toMatchObject([
      { client_id: made.json.client_id, client_secret: expect.any(String), logo_uri: null, modified_at: null },
    ])
    expect(json.pagination).toEqual({ total_count: 2, max_page: 2 })
    expect((await get(polar, "/v1/oauth2/?page=9", cookie)).json.items).toEqual([])
    expect((await get(polar, "/v1/oauth2/?limit=0", cookie)).status).toBe(422)
    expect((await get(polar, "/v1/oauth2/")).json.error).toBe("Unauthorized")
  })
})
