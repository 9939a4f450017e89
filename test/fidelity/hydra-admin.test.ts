import { describe, expect, it } from "vitest"
import { makeBrowser } from "../emulator/browser.ts"
import { accept, beginLogin, newId, patch, readClient, register, requests, send } from "./wire.ts"
import { both, onServers } from "./wire-servers.ts"

const lists = ["redirect_uris", "grant_types", "response_types", "contacts"]
const valuesOf = (client: Readonly<Record<string, unknown>>) => lists.map((name) => client[name])

const notFound = { status: 404, json: { error: "Unable to locate the resource", error_description: "" } }
const unrecognizableError = { status: 500, json: { error: "error", error_description: "The error is unrecognizable" } }

describe("the admin API of Ory Hydra", () => {
  onServers("a client", both, (server) => {
    const clients = () => `${server().adminUrl}/admin/clients`

    it("has null for absent lists in a write response, and empty lists when read", async () => {
      const client_id = newId()
      const nulls = lists.map(() => null)
      const empty = lists.map(() => [])
      expect(valuesOf((await send("POST", clients(), { client_id })).json)).toEqual(nulls)
      expect(valuesOf(await readClient(server(), client_id))).toEqual(empty)
      expect(valuesOf((await send("PUT", `${clients()}/${client_id}`, {})).json)).toEqual(nulls)
      expect(valuesOf(await readClient(server(), client_id))).toEqual(empty)
    })

    it("loses its registration token when the admin API replaces it", async () => {
      const created = (await send("POST", clients(), {})).json
      const url = `${server().publicUrl}/oauth2/register/${created.client_id}`
      const bearer = String(created.registration_access_token)
      expect((await send("GET", url, undefined, bearer)).status).toBe(200)
      await send("PUT", `${clients()}/${created.client_id}`, {})
      expect((await send("GET", url, undefined, bearer)).status).toBe(401)
    })

    it("cannot have the id of another client", async () => {
      const client_id = await register(server())
      expect((await send("POST", clients(), { client_id })).status).toBe(409)
    })

    it("that is unknown gives 404 with a sentence as error and an empty description", async () => {
      for (const method of ["GET", "DELETE"])
        expect(await send(method, `${clients()}/${newId()}`)).toMatchObject(notFound)
    })

    it("cannot have a lifespan in days", async () => {
      const url = `${clients()}/${await register(server())}/lifespans`
      const response = await send("PUT", url, { client_credentials_grant_access_token_lifespan: "1d" })
      expect(response.status).toBe(400)
      expect(response.json.error_description).toMatch(/time: unknown unit 'd' in duration '1d'/)
    })
  })

  onServers("a patch", both, (server) => {
    it.each([
      ["is not an array", { op: "replace", path: "/owner", value: "x" }],
      ["has an unknown operation", [{ op: "nope", path: "/owner", value: "x" }]],
      ["removes an absent member", [{ op: "remove", path: "/nope" }]],
      ["changes the id", [{ op: "replace", path: "/id", value: "x" }]],
      ["has a value of the wrong type", [{ op: "replace", path: "/client_name", value: 5 }]],
    ])("fails with 500 if it %s", async (_, body) => {
      expect(await patch(server(), await register(server()), body)).toMatchObject(unrecognizableError)
    })

    it("of an unknown member returns 200 and changes nothing", async () => {
      const id = await register(server())
      const { updated_at: _, ...before } = await readClient(server(), id)
      expect((await patch(server(), id, [{ op: "add", path: "/nope/x", value: 1 }])).status).toBe(200)
      expect(await readClient(server(), id)).toMatchObject(before)
    })

    const stored = { contacts: ["a@b.c"], metadata: { a: 1, b: 2 } }

    it("that sets a list or the metadata to null empties it", async () => {
      const id = await register(server(), stored)
      const nulls = ["contacts", "metadata"].map((name) => ({ op: "add", path: `/${name}`, value: null }))
      expect(await patch(server(), id, nulls)).toMatchObject({ status: 200, json: { contacts: null, metadata: null } })
      expect(await readClient(server(), id)).toMatchObject({ contacts: [], metadata: null })
    })

    it("removes a member inside the metadata", async () => {
      const id = await register(server(), stored)
      await patch(server(), id, [{ op: "remove", path: "/metadata/a" }])
      expect((await readClient(server(), id)).metadata).toEqual({ b: 2 })
    })
  })

  onServers("a patch in the older release", ["v2.3.0"], (server) => {
    it("of a client with a jwks_uri is rejected, unless it also sets jwks to null", async () => {
      const id = await register(server(), { jwks_uri: "https://app.example/jwks" })
      const change = { op: "replace", path: "/owner", value: "x" }
      const rejected = { status: 400, json: { error: "invalid_client_metadata" } }
      expect(await patch(server(), id, [{ op: "remove", path: "/jwks" }, change])).toMatchObject(rejected)
      const response = await patch(server(), id, [{ op: "add", path: "/jwks", value: null }, change])
      expect(response).toMatchObject({ status: 200, json: { owner: "x", jwks_uri: "https://app.example/jwks" } })
    })
  })

  onServers("a challenge", both, (server) => {
    it.each(["login", "consent"])("of an unknown %s gives 404, and an absent one gives 400", async (kind) => {
      const url = `${server().adminUrl}${requests}/${kind}`
      const unknownChallenge = { error: "Not Found", error_description: "Unable to locate the requested resource" }
      expect(await send("GET", `${url}?${kind}_challenge=nope`)).toMatchObject({ status: 404, json: unknownChallenge })
      expect(await send("GET", url)).toMatchObject({ status: 400, json: { error: "invalid_request" } })
    })

    it("that was accepted returns the same request again", async () => {
      const challenge = await beginLogin(server(), await register(server()), makeBrowser())
      const read = () =>
        send("GET", `${server().adminUrl}${requests}/login?${new URLSearchParams({ login_challenge: challenge })}`)
      const before = await read()
      await accept(server(), "login", challenge, { subject: "u1" })
      expect(await read()).toMatchObject({ status: 200, text: before.text })
    })
  })
})
