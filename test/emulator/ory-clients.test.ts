import { type OryEmulator, startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { admin } from "./ory-steps.ts"

let old: OryEmulator
let newest: OryEmulator
beforeAll(async () => {
  const clients = Array.from({ length: 5 }, (_, index) => ({ client_id: `c${index}`, owner: "pages" }))
  const seed = { clients: [...clients, { client_id: "patched", redirect_uris: ["https://a.example/cb"] }] }
  old = await startOry({ version: "v2.3.0", seed })
  newest = await startOry({ seed })
})
afterAll(() => Promise.all([old.close(), newest.close()]))

const unrecognizableError = { status: 500, json: { error: "error", error_description: "The error is unrecognizable" } }

const linkOf = (headers: Headers, rel: string) =>
  new RegExp(`<([^>]+)>; rel="${rel}"`).exec(headers.get("link") ?? "")?.[1] ?? ""

const idsOf = (text: string) => [...text.matchAll(/"client_id":"([^"]+)"/g)].map(([, id]) => id)

describe("a client", () => {
  it("is created with null for absent lists and read with empty lists", async () => {
    const created = await admin(newest, "POST", "/admin/clients", { client_id: "fresh" })
    expect(created.status).toBe(201)
    expect(created.headers.get("location")).toBe("/admin/clients/fresh")
    expect(created.json).toMatchObject({ redirect_uris: null, grant_types: null, jwks: {}, metadata: {} })
    expect(String(created.json.client_secret)).toHaveLength(26)
    const read = await admin(newest, "GET", "/admin/clients/fresh")
    expect(read.json).toMatchObject({ redirect_uris: [], grant_types: [], contacts: [] })
    expect(read.json).not.toHaveProperty("client_secret")
  })

  it("is rejected with the server's status and message", async () => {
    const create = (body: unknown) => admin(newest, "POST", "/admin/clients", body)
    expect(await create({ client_id: "c0" })).toMatchObject({ status: 409 })
    expect(await create({ client_secret: "short" })).toMatchObject({
      status: 400,
      json: { error: "invalid_client_metadata" },
    })
    expect((await create({ jwt_bearer_grant_access_token_lifespan: "1d" })).json.error_description).toBe(
      "Unable to decode the request body: time: unknown unit 'd' in duration '1d'",
    )
    expect(await admin(newest, "GET", "/admin/clients/unknown")).toMatchObject({
      status: 404,
      json: { error: "Unable to locate the resource", error_description: "" },
    })
  })

  it("gets normalized lifespans, and loses those that a replacement omits", async () => {
    const path = "/admin/clients/patched/lifespans"
    const set = await admin(newest, "PUT", path, { refresh_token_grant_id_token_lifespan: "90m" })
    expect(set.json.refresh_token_grant_id_token_lifespan).toBe("1h30m0s")
    const cleared = await admin(newest, "PUT", path, {})
    expect(cleared.json.refresh_token_grant_id_token_lifespan).toBeNull()
  })

  it("keeps its secret when a replacement has none", async () => {
    await admin(newest, "POST", "/admin/clients", { client_id: "kept", client_secret: "kept-secret" })
    const replaced = await admin(newest, "PUT", "/admin/clients/kept", { client_name: "new" })
    expect(replaced.json).not.toHaveProperty("client_secret")
    const form = { method: "POST", body: new URLSearchParams({ token: "x" }) }
    const headers = { authorization: `Basic ${Buffer.from("kept:kept-secret").toString("base64")}` }
    expect((await fetch(`${newest.publicUrl}/oauth2/revoke`, { ...form, headers })).status).toBe(200)
  })
})

describe("a patch", () => {
  const patch = (body: unknown) => admin(newest, "PATCH", "/admin/clients/patched", body)

  it("adds, replaces and removes members", async () => {
    const patched = await patch([
      { op: "replace", path: "/client_name", value: "name" },
      { op: "add", path: "/redirect_uris/-", value: "https://b.example/cb" },
      { op: "remove", path: "/redirect_uris/0" },
      { op: "add", path: "/metadata/a~1b", value: 1 },
    ])
    expect(patched).toMatchObject({ status: 200, json: { client_name: "name", metadata: { "a/b": 1 } } })
    expect(patched.json.redirect_uris).toEqual(["https://b.example/cb"])
  })

  it("of an unknown member changes nothing and returns 200", async () => {
    const before = (await admin(newest, "GET", "/admin/clients/patched")).json
    const after = await patch([{ op: "add", path: "/nope/x", value: 1 }])
    expect(after.status).toBe(200)
    expect({ ...after.json, updated_at: "", created_at: "" }).toEqual({ ...before, updated_at: "", created_at: "" })
  })

  it.each([
    ["is not a list", { op: "add" }],
    ["is not JSON", "[{"],
    ["has an unknown operation", [{ op: "foo", path: "/owner", value: "x" }]],
    ["has a move operation", [{ op: "move", from: "/owner", path: "/client_name" }]],
    ["removes an absent member", [{ op: "remove", path: "/nope" }]],
    ["changes the id", [{ op: "replace", path: "/id", value: "x" }]],
    ["has a value of the wrong type", [{ op: "replace", path: "/client_name", value: 5 }]],
  ])("fails with 500 if it %s", async (_, body) => {
    expect(await patch(body)).toMatchObject(unrecognizableError)
  })

  it("cannot change the prototype of an object", async () => {
    await patch([{ op: "add", path: "/__proto__/polluted", value: true }])
    await patch([{ op: "add", path: "/metadata/constructor/prototype/polluted", value: true }])
    expect({}).not.toHaveProperty("polluted")
  })
})

describe("client lists", () => {
  it("of the older release have offset page tokens, four links and the total count", async () => {
    const first = await admin(old, "GET", "/admin/clients?owner=pages&page_size=2")
    expect(first.headers.get("x-total-count")).toBe("6")
    expect(Buffer.from(/page_token=(\w+)/.exec(linkOf(first.headers, "next"))?.[1] ?? "", "base64url").toString()).toBe(
      '{"offset":"2","v":2}',
    )
    const second = await admin(old, "GET", linkOf(first.headers, "next"))
    expect(idsOf(second.text)).toEqual(["c2", "c3"])
    expect(["first", "next", "prev", "last"].map((rel) => linkOf(second.headers, rel) !== "")).not.toContain(false)
    const ignored = await admin(old, "GET", "/admin/clients?owner=pages&page_size=2&page_token=garbage")
    expect(idsOf(ignored.text)).toEqual(["c0", "c1"])
  })

  it("of the newer release have opaque page tokens and two links, and reject an invalid token", async () => {
    const ids: Array<string | undefined> = []
    let path = "/admin/clients?owner=pages&page_size=2"
    while (path !== "") {
      const page = await admin(newest, "GET", path)
      ids.push(...idsOf(page.text))
      expect(page.headers.get("x-total-count")).toBeNull()
      expect(linkOf(page.headers, "prev") + linkOf(page.headers, "last")).toBe("")
      path = linkOf(page.headers, "next")
    }
    expect(ids).toEqual(["c0", "c1", "c2", "c3", "c4"])
    expect((await admin(newest, "GET", "/admin/clients?page_token=garbage")).status).toBe(400)
  })
})
