import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { describe, expect, it } from "vitest"
import { post } from "../emulator/ory-steps.ts"
import { newId, register, send } from "./wire.ts"
import { both, onServers } from "./wire-servers.ts"

const oldest = ["v2.3.0"] as const
const newest = ["v26.2.0"] as const

const key = await generateKeyPair("RS256", { extractable: true })
const jwk = { ...(await exportJWK(key.publicKey)), kid: "k1", use: "sig", alg: "RS256" }
const issuers = "/admin/trust/grants/jwt-bearer/issuers"
const linkOf = (link: string | null, rel: string) => new RegExp(`<([^>]+)>; rel="${rel}"`).exec(link ?? "")?.[1]

describe("foreign keys in Ory Hydra", () => {
  onServers("a trusted issuer", both, (server) => {
    it("is rejected if it exists already", async () => {
      const expires_at = "2035-01-01T00:00:00Z"
      const body = { issuer: `https://${newId()}.example`, subject: "s", scope: ["a"], jwk, expires_at }
      expect((await send("POST", `${server().adminUrl}${issuers}`, body)).status).toBe(201)
      expect((await send("POST", `${server().adminUrl}${issuers}`, body)).status).toBe(409)
    })
  })

  onServers("a client assertion", both, (server) => {
    const prepare = async (
      options: { readonly audience?: string; readonly exp?: string; readonly jti?: string } = {},
    ) => {
      const id = await register(server(), { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [jwk] } })
      const assertion = await new SignJWT({ jti: options.jti ?? crypto.randomUUID() })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(options.audience ?? `${server().publicUrl}/oauth2/token`)
        .setIssuedAt()
        .setExpirationTime(options.exp ?? "1m")
        .sign(key.privateKey)
      return () =>
        post(`${server().publicUrl}/oauth2/token`, {
          grant_type: "client_credentials",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: assertion,
        })
    }

    it("with the issuer as audience gives 401 invalid_client", async () => {
      const present = await prepare({ audience: server().publicUrl })
      expect(await present()).toMatchObject({ status: 401, json: { error: "invalid_client" } })
    })

    it("that has expired gives 500", async () => {
      const present = await prepare({ exp: "-1m" })
      expect(await present()).toMatchObject({ status: 500, json: { error: "error" } })
    })

    it("that is reused gives 400 jti_known", async () => {
      const present = await prepare()
      expect((await present()).status).toBe(200)
      expect(await present()).toMatchObject({ status: 400, json: { error: "jti_known" } })
    })
  })
})

describe("the differences between v2.3.0 and v26.2.0", () => {
  const device = (publicUrl: string, client_id: string) => post(`${publicUrl}/oauth2/device/auth`, { client_id })

  onServers("the device endpoint of the older release", oldest, (server) => {
    it("gives 404 in plain text", async () => {
      const response = await device(server().publicUrl, await register(server()))
      expect(response).toMatchObject({ status: 404, text: "404 page not found\n" })
      expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8")
    })
  })

  onServers("the device endpoint of the newer release", newest, (server) => {
    it("returns a stray member", async () => {
      const grant_types = ["urn:ietf:params:oauth:grant-type:device_code"]
      const client = await register(server(), { token_endpoint_auth_method: "none", grant_types })
      const response = await device(server().publicUrl, client)
      expect(response).toMatchObject({ status: 200, json: { Header: null, device_code: expect.any(String) } })
    })
  })

  onServers("client lists of the older release", oldest, (server) => {
    it("link first, prev, next and last, have a total count, and ignore an invalid token", async () => {
      for (const _ of "12345") await register(server())
      const url = `${server().adminUrl}/admin/clients?page_size=2`
      const first = await send("GET", url)
      const second = await send("GET", new URL(linkOf(first.headers.get("link"), "next") ?? "", url).href)
      for (const rel of ["first", "prev", "next", "last"])
        expect(linkOf(second.headers.get("link"), rel)).toMatch(/^\/admin\/clients\?page_size=2&page_token=/)
      const all: ReadonlyArray<unknown> = JSON.parse((await send("GET", `${server().adminUrl}/admin/clients`)).text)
      expect(second.headers.get("x-total-count")).toBe(String(all.length))
      expect(await send("GET", `${url}&page_token=garbage`)).toMatchObject({ status: 200, text: first.text })
    })
  })

  onServers("client lists of the newer release", newest, (server) => {
    it("link first and next, have no total count, and reject an invalid token", async () => {
      for (const _ of "12345") await register(server())
      const url = `${server().adminUrl}/admin/clients?page_size=2`
      const { headers } = await send("GET", url)
      const rels = ["first", "prev", "next", "last"].filter((rel) => linkOf(headers.get("link"), rel) !== undefined)
      expect(rels).toEqual(["first", "next"])
      expect(headers.get("x-total-count")).toBeNull()
      expect((await send("GET", `${url}&page_token=garbage`)).status).toBe(400)
    })
  })

  onServers("an unknown route of the older release", oldest, (server) => {
    it("gives 404 with an object as error", async () => {
      const response = await send("GET", `${server().adminUrl}/admin/nope`)
      expect(response).toMatchObject({ status: 404, json: { error: { code: 404, message: "Not Found" } } })
    })
  })

  onServers("an unknown route of the newer release", newest, (server) => {
    it("gives 404 in plain text", async () => {
      const response = await send("GET", `${server().adminUrl}/admin/nope`)
      expect(response).toMatchObject({ status: 404, text: "404 page not found\n" })
    })
  })

  for (const [version, status] of [
    [oldest, 404],
    [newest, 400],
  ] as const)
    onServers("a trusted issuer with a malformed id", version, (server) => {
      it.each(["GET", "DELETE"])(`gives ${status} to %s`, async (method) => {
        expect((await send(method, `${server().adminUrl}${issuers}/nope`)).status).toBe(status)
      })
    })
})
