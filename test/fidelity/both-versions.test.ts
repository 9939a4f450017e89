import { createLocalJWKSet, jwtVerify } from "jose"
import { describe, expect, it } from "vitest"
import { basic, post } from "../emulator/headless.ts"
import { exchangeCode, introspect, newId, partsOf, refresh, register, revoke, send, token, userCode } from "./wire.ts"
import { both, onServers } from "./wire-servers.ts"

const inactive = { status: 200, text: '{"active":false}\n' }
const own = { grant_type: "client_credentials" }

describe("what both releases of Hydra do with tokens", () => {
  onServers("introspection", both, (server) => {
    it("tells these members of an opaque user token, and no more", async () => {
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

    it("with a scope that the token lacks says inactive", async () => {
      const client = await register(server())
      const { access_token } = (await token(server(), client, { ...own, scope: "a" })).json
      expect(await introspect(server(), access_token, { scope: "b" })).toMatchObject(inactive)
      expect((await introspect(server(), access_token, { scope: "a" })).json.active).toBe(true)
    })

    it("says inactive of garbage, of a revoked token and of a NUL byte", async () => {
      const client = await register(server())
      const { access_token } = (await token(server(), client, own)).json
      await revoke(server(), client, access_token)
      for (const value of ["garbage", access_token, "\0", `${access_token}\0`])
        expect(await introspect(server(), value)).toMatchObject(inactive)
    })

    it("refuses an empty body", async () => {
      const answer = await post(`${server().adminUrl}/admin/oauth2/introspect`, {})
      expect(answer).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("a JWT access token", both, (server) => {
    const issue = async () => {
      const client = await register(server(), { access_token_strategy: "jwt" })
      return { client, jwt: (await token(server(), client, { ...own, scope: "a" })).json.access_token }
    }

    it("has this header and these claims, and may be older to introspection than to itself", async () => {
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
    it("of another client's token says 200 and does nothing", async () => {
      const [owner, other] = [await register(server()), await register(server())]
      const { access_token } = (await token(server(), owner, own)).json
      expect(await revoke(server(), other, access_token)).toMatchObject({ status: 200, text: "" })
      expect((await introspect(server(), access_token)).json.active).toBe(true)
    })

    it("without credentials is 400 invalid_request", async () => {
      const answer = await post(`${server().publicUrl}/oauth2/revoke`, { token: "x" })
      expect(answer).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("the token endpoint", both, (server) => {
    const invalidGrant = { status: 400, json: { error: "invalid_grant" } }

    it("takes a code once", async () => {
      const client = await register(server())
      const code = await userCode(server(), client)
      expect((await exchangeCode(server(), client, code)).status).toBe(200)
      expect(await exchangeCode(server(), client, code)).toMatchObject(invalidGrant)
    })

    it("takes a refresh token once, and ends the new pair when it comes again", async () => {
      const client = await register(server())
      const first = (await exchangeCode(server(), client, await userCode(server(), client))).json
      const second = (await refresh(server(), client, first.refresh_token)).json
      expect(await refresh(server(), client, first.refresh_token)).toMatchObject(invalidGrant)
      for (const dead of [second.access_token, second.refresh_token])
        expect(await introspect(server(), dead)).toMatchObject(inactive)
      expect(await refresh(server(), client, second.refresh_token)).toMatchObject(invalidGrant)
    })

    it("refuses a wrong secret and an unknown client alike", async () => {
      const ask = (id: string) => post(`${server().publicUrl}/oauth2/token`, own, basic(id, "wrong-secret"))
      const answers = [await ask(await register(server())), await ask(newId())]
      for (const answer of answers) expect(answer).toMatchObject({ status: 401, json: { error: "invalid_client" } })
      expect(answers[0]?.text).toBe(answers[1]?.text)
    })

    it("calls an unknown grant type invalid_request", async () => {
      const answer = await token(server(), await register(server()), { grant_type: "nope" })
      expect(answer).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })
  })

  onServers("userinfo", both, (server) => {
    it("refuses a bad token with request_unauthorized", async () => {
      const headers = { authorization: "Bearer nope" }
      const response = await fetch(`${server().publicUrl}/userinfo`, { headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ error: "request_unauthorized" })
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="request_unauthorized"/)
    })
  })

  for (const [version, named] of [
    [["v2.3.0"], false],
    [["v26.2.0"], true],
  ] as const)
    onServers(`a consent session ${named ? "with" : "without"} an id`, version, (server) => {
      it(`has ${named ? "a" : "no"} consent_request_id`, async () => {
        await userCode(server(), await register(server()), "u2")
        const url = `${server().adminUrl}/admin/oauth2/auth/sessions/consent?subject=u2`
        const [session] = JSON.parse((await send("GET", url)).text)
        expect("consent_request_id" in session).toBe(named)
      })
    })
})
