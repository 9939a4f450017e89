import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { describe, expect, it } from "vitest"
import { post } from "../emulator/headless.ts"
import { newId, register, send } from "./wire.ts"
import { both, onServers } from "./wire-servers.ts"

const oldest = ["v2.3.0"] as const
const newest = ["v26.2.0"] as const

const key = await generateKeyPair("RS256", { extractable: true })
const jwk = { ...(await exportJWK(key.publicKey)), kid: "k1", use: "sig", alg: "RS256" }
const issuers = "/admin/trust/grants/jwt-bearer/issuers"
const page = (link: string | null, rel: string) => new RegExp(`<([^>]+)>; rel="${rel}"`).exec(link ?? "")?.[1]

describe("what both releases of Hydra do with keys of others", () => {
  onServers("a trusted issuer", both, (server) => {
    it("is refused when it is there already", async () => {
      const expires_at = "2035-01-01T00:00:00Z"
      const body = { issuer: `https://${newId()}.example`, subject: "s", scope: ["a"], jwk, expires_at }
      expect((await send("POST", `${server().adminUrl}${issuers}`, body)).status).toBe(201)
      expect((await send("POST", `${server().adminUrl}${issuers}`, body)).status).toBe(409)
    })
  })

  onServers("a client assertion", both, (server) => {
    const ask = async (how: { readonly audience?: string; readonly exp?: string; readonly jti?: string } = {}) => {
      const id = await register(server(), { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [jwk] } })
      const assertion = await new SignJWT({ jti: how.jti ?? crypto.randomUUID() })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(how.audience ?? `${server().publicUrl}/oauth2/token`)
        .setIssuedAt()
        .setExpirationTime(how.exp ?? "1m")
        .sign(key.privateKey)
      return () =>
        post(`${server().publicUrl}/oauth2/token`, {
          grant_type: "client_credentials",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: assertion,
        })
    }

    it("for the issuer instead of the token endpoint is 401 invalid_client", async () => {
      const present = await ask({ audience: server().publicUrl })
      expect(await present()).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    })

    it("that has expired is a 500", async () => {
      const present = await ask({ exp: "-1m" })
      expect(await present()).toMatchObject({ status: 500, json: { error: "error" } })
    })

    it("that is used again is 400 jti_known", async () => {
      const present = await ask()
      expect((await present()).status).toBe(200)
      expect(await present()).toMatchObject({ status: 400, json: { error: "jti_known" } })
    })
  })
})

describe("where the releases of Hydra differ", () => {
  const device = (publicUrl: string, client_id: string) => post(`${publicUrl}/oauth2/device/auth`, { client_id })

  onServers("before the device flow", oldest, (server) => {
    it("its endpoint is 404 in plain text", async () => {
      const answer = await device(server().publicUrl, await register(server()))
      expect(answer).toMatchObject({ status: 404, text: "404 page not found\n" })
      expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8")
    })
  })

  onServers("with the device flow", newest, (server) => {
    it("its endpoint answers with a stray member", async () => {
      const grant_types = ["urn:ietf:params:oauth:grant-type:device_code"]
      const client = await register(server(), { token_endpoint_auth_method: "none", grant_types })
      const answer = await device(server().publicUrl, client)
      expect(answer).toMatchObject({ status: 200, json: { Header: null, device_code: expect.any(String) } })
    })
  })

  onServers("pages of the older release", oldest, (server) => {
    it("link first, prev, next and last, count everything, and ignore a bad token", async () => {
      for (const _ of "12345") await register(server())
      const url = `${server().adminUrl}/admin/clients?page_size=2`
      const first = await send("GET", url)
      const second = await send("GET", new URL(page(first.headers.get("link"), "next") ?? "", url).href)
      for (const rel of ["first", "prev", "next", "last"])
        expect(page(second.headers.get("link"), rel)).toMatch(/^\/admin\/clients\?page_size=2&page_token=/)
      const all: ReadonlyArray<unknown> = JSON.parse((await send("GET", `${server().adminUrl}/admin/clients`)).text)
      expect(second.headers.get("x-total-count")).toBe(String(all.length))
      expect(await send("GET", `${url}&page_token=garbage`)).toMatchObject({ status: 200, text: first.text })
    })
  })

  onServers("pages of the newer release", newest, (server) => {
    it("link first and next, count nothing, and refuse a bad token", async () => {
      for (const _ of "12345") await register(server())
      const url = `${server().adminUrl}/admin/clients?page_size=2`
      const { headers } = await send("GET", url)
      const rels = ["first", "prev", "next", "last"].filter((rel) => page(headers.get("link"), rel) !== undefined)
      expect(rels).toEqual(["first", "next"])
      expect(headers.get("x-total-count")).toBeNull()
      expect((await send("GET", `${url}&page_token=garbage`)).status).toBe(400)
    })
  })

  onServers("an unknown route of the older release", oldest, (server) => {
    it("is 404 with an object for an error", async () => {
      const answer = await send("GET", `${server().adminUrl}/admin/nope`)
      expect(answer).toMatchObject({ status: 404, json: { error: { code: 404, message: "Not Found" } } })
    })
  })

  onServers("an unknown route of the newer release", newest, (server) => {
    it("is 404 in plain text", async () => {
      const answer = await send("GET", `${server().adminUrl}/admin/nope`)
      expect(answer).toMatchObject({ status: 404, text: "404 page not found\n" })
    })
  })

  for (const [version, status] of [
    [oldest, 404],
    [newest, 400],
  ] as const)
    onServers(`a trusted issuer with a malformed id is ${status}`, version, (server) => {
      it.each(["GET", "DELETE"])("to %s", async (method) => {
        expect((await send(method, `${server().adminUrl}${issuers}/nope`)).status).toBe(status)
      })
    })
})
