import { createLocalJWKSet, jwtVerify } from "jose"
import { describe, expect, it } from "vitest"
import { basic, post } from "../emulator/ory-steps.ts"
import { exchangeCode, introspect, newId, partsOf, refresh, register, revoke, send, token, userCode } from "./wire.ts"
import { both, onServers } from "./wire-servers.ts"

const inactive = { status: 200, text: '{"active":false}\n' }
const clientCredentials = { grant_type: "client_credentials" }

describe("tokens of Ory Hydra", () => {
  onServers("introspection", both, (server) => {
    it("returns these members for an opaque user token, and no others", async () => {
      const client = await register(server())
      const tokens = (await exchangeCode(server(), client, await userCode(server(), client))).json
      const state = (await introspect(server(), tokens.access_token)).json
      expect(state).toEqual({
        active: true,
        scope: "openid offline_access a",
        client_id: client,
        sub: "u1",
        exp: expect.any(Number),
        iat: expect.any(Number),
        nbf: state.iat,
        aud: [],
        iss: server().publicUrl,
        token_type: "Bearer",
        token_use: "access_token",
        ext: { tenant: "acme" },
      })
    })

    it("returns inactive for a scope that the token lacks", async () => {
      const client = await register(server())
      const { access_token } = (await token(server(), client, { ...clientCredentials, scope: "a" })).json
      expect(await introspect(server(), access_token, { scope: "b" })).toMatchObject(inactive)
      expect((await introspect(server(), access_token, { scope: "a" })).json.active).toBe(true)
    })

    it("returns inactive for garbage, a revoked token and a NUL byte", async () => {
      const client = await register(server())
      const { access_token } = (await token(server(), client, clientCredentials)).json
      await revoke(server(), client, access_token)
      for (const value of ["garbage", access_token, "\0", `${access_token}\0`])
        expect(await introspect(server(), value)).toMatchObject(inactive)
    })

    it("rejects an empty body", async () => {
      const response = await post(`${server().adminUrl}/admin/oauth2/introspect`, {})
      expect(response).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("a JWT access token", both, (server) => {
    const issue = async () => {
      const client = await register(server(), { access_token_strategy: "jwt" })
      return { client, jwt: (await token(server(), client, { ...clientCredentials, scope: "a" })).json.access_token }
    }

    it("has this header and these claims, and an iat no earlier than that of introspection", async () => {
      const { client, jwt } = await issue()
      const [header = {}, claims = {}] = partsOf(jwt)
      expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: expect.any(String) })
      expect(claims).toEqual({
        aud: [],
        client_id: client,
        exp: expect.any(Number),
        ext: {},
        iat: expect.any(Number),
        iss: server().publicUrl,
        jti: expect.any(String),
        nbf: claims.iat,
        scp: ["a"],
        sub: client,
      })
      const state = (await introspect(server(), jwt)).json
      expect(state).toMatchObject({ active: true, exp: claims.exp, nbf: state.iat })
      expect(Number(state.iat)).toBeLessThanOrEqual(Number(claims.iat))
    })

    it("is inactive once revoked, while its signature still verifies", async () => {
      const { client, jwt } = await issue()
      await revoke(server(), client, jwt)
      expect(await introspect(server(), jwt)).toMatchObject(inactive)
      const keys = await (await fetch(`${server().publicUrl}/.well-known/jwks.json`)).json()
      const verified = await jwtVerify(String(jwt), createLocalJWKSet(keys))
      expect(verified.payload.sub).toBe(client)
    })
  })

  onServers("revocation", both, (server) => {
    it("of another client's token returns 200 without effect", async () => {
      const [owner, other] = [await register(server()), await register(server())]
      const { access_token } = (await token(server(), owner, clientCredentials)).json
      expect(await revoke(server(), other, access_token)).toMatchObject({ status: 200, text: "" })
      expect((await introspect(server(), access_token)).json.active).toBe(true)
    })

    it("without credentials returns 400 invalid_request", async () => {
      const response = await post(`${server().publicUrl}/oauth2/revoke`, { token: "x" })
      expect(response).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("the token endpoint", both, (server) => {
    const invalidGrant = { status: 400, json: { error: "invalid_grant" } }

    it("accepts a code once", async () => {
      const client = await register(server())
      const code = await userCode(server(), client)
      expect((await exchangeCode(server(), client, code)).status).toBe(200)
      expect(await exchangeCode(server(), client, code)).toMatchObject(invalidGrant)
    })

    it("accepts a refresh token once, and revokes the new pair when it is reused", async () => {
      const client = await register(server())
      const first = (await exchangeCode(server(), client, await userCode(server(), client))).json
      const second = (await refresh(server(), client, first.refresh_token)).json
      expect(await refresh(server(), client, first.refresh_token)).toMatchObject(invalidGrant)
      for (const revoked of [second.access_token, second.refresh_token])
        expect(await introspect(server(), revoked)).toMatchObject(inactive)
      expect(await refresh(server(), client, second.refresh_token)).toMatchObject(invalidGrant)
    })

    it("rejects a wrong secret and an unknown client with the same response", async () => {
      const requestToken = (id: string) =>
        post(`${server().publicUrl}/oauth2/token`, clientCredentials, basic(id, "wrong-secret"))
      const responses = [await requestToken(await register(server())), await requestToken(newId())]
      for (const response of responses)
        expect(response).toMatchObject({ status: 401, json: { error: "invalid_client" } })
      expect(responses[0]?.text).toBe(responses[1]?.text)
    })

    it("returns invalid_request for an unknown grant type", async () => {
      const response = await token(server(), await register(server()), { grant_type: "nope" })
      expect(response).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("userinfo", both, (server) => {
    it("rejects an invalid token with request_unauthorized", async () => {
      const headers = { authorization: "Bearer nope" }
      const response = await fetch(`${server().publicUrl}/userinfo`, { headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ error: "request_unauthorized" })
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="request_unauthorized"/)
    })
  })

  for (const [version, hasId] of [
    [["v2.3.0"], false],
    [["v26.2.0"], true],
  ] as const)
    onServers(`a consent session ${hasId ? "with" : "without"} an id`, version, (server) => {
      it(`has ${hasId ? "a" : "no"} consent_request_id`, async () => {
        await userCode(server(), await register(server()), "u2")
        const url = `${server().adminUrl}/admin/oauth2/auth/sessions/consent?subject=u2`
        const [session] = JSON.parse((await send("GET", url)).text)
        expect("consent_request_id" in session).toBe(hasId)
      })
    })
})
