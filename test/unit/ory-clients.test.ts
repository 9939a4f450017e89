import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ClientChanges, NewClient } from "latchkey"
import { ory } from "latchkey/ory"
import { describe, expect, test } from "vitest"
import { clientOnTheWire, open } from "./ory-server.ts"
import { json, reasonOf, scripted } from "./scripted-transport.ts"

const patch = (changes: ClientChanges) => {
  const { auth, transport } = open([json(clientOnTheWire()), json(clientOnTheWire())])
  return { call: auth.clients.patch({ client: "c1", changes }), transport }
}

describe("a client id", () => {
  test.each(["a/b", "../admin", "ä?#%", "a b", "..."])("%j is one segment of the path", async (id) => {
    const { auth, transport } = open([json(clientOnTheWire({ client_id: id }))])
    await Effect.runPromise(auth.clients.get(id))
    const url = new URL(transport.requests[0]?.url ?? "")
    expect(url.pathname.split("/").slice(0, -1).join("/")).toBe("/admin/clients")
    expect(decodeURIComponent(url.pathname.split("/").at(-1) ?? "")).toBe(id)
    expect(url.search + url.hash).toBe("")
  })

  test.each([".", ".."])("%j is rejected, because the URL would have another path", async (id) => {
    const { auth, transport } = open()
    for (const call of [auth.clients.get(id), auth.clients.remove(id)])
      expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest" })
    expect(transport.requests).toEqual([])
  })

  test("may be a client record that contains the id", async () => {
    const { auth, transport } = open([json(clientOnTheWire()), { status: 204, headers: {}, body: "" }])
    const client = await Effect.runPromise(auth.clients.get("c1"))
    await Effect.runPromise(auth.clients.remove(client))
    expect(transport.requests[1]).toMatchObject({ method: "DELETE", url: "https://admin.example/admin/clients/c1" })
  })
})

describe("a member that Ory would ignore or change", () => {
  test.each<[string, NewClient, string]>([
    ["an undocumented member", { extra: { colour: "red" } }, "extra.colour"],
    ["an extra member that latchkey has under another name", { extra: { client_name: "x" } }, "extra.client_name"],
    ["an empty list of scopes, which Ory replaces with its defaults", { scopes: [] }, "scopes"],
    ["`jwks` together with `jwksUri`", { jwks: { keys: [] }, jwksUri: "https://c.example/jwks" }, "jwksUri"],
  ])("is rejected before a request is sent: %s", async (_, record, field) => {
    for (const pick of ["create", "replace", "patch"] as const) {
      const { auth, transport } = open()
      const call = {
        create: auth.clients.create(record),
        replace: auth.clients.replace({ client: "c1", record }),
        patch: auth.clients.patch({ client: "c1", changes: record }),
      }[pick]
      expect(await reasonOf(call)).toMatchObject({ _tag: "InvalidRequest", field })
      expect(transport.requests).toEqual([])
    }
  })

  test.each<[string, ClientChanges]>([
    ["secret", { secret: null }],
    ["extra", { extra: null }],
  ])("is rejected in a patch: %s cannot be cleared", async (field, changes) => {
    expect(await reasonOf(patch(changes).call)).toMatchObject({ _tag: "InvalidRequest", field })
  })

  test("is rejected when the response lacks it", async () => {
    expect(await reasonOf(patch({ name: "new" }).call)).toMatchObject({ _tag: "InvalidRequest", field: "name" })
    expect(await reasonOf(patch({ extra: { owner: "o" } }).call)).toMatchObject({ field: "extra.owner" })
    const { auth } = open([json(clientOnTheWire())])
    const record = { scopes: ["other"] }
    expect(await reasonOf(auth.clients.replace({ client: "c1", record }))).toMatchObject({ field: "scopes" })
  })
})

describe("a patch of a client", () => {
  test("reads the client, then sends a JSON Patch", async () => {
    const { auth, transport } = open([json(clientOnTheWire()), json(clientOnTheWire({ client_name: "new" }))])
    const patched = await Effect.runPromise(auth.clients.patch({ client: "c1", changes: { name: "new" } }))
    expect(patched.name).toBe("new")
    expect(transport.requests.map(({ method }) => method)).toEqual(["GET", "PATCH"])
    expect(JSON.parse(transport.requests[1]?.body ?? "")).toEqual([{ op: "add", path: "/client_name", value: "new" }])
  })

  test("without changes sends no PATCH request", async () => {
    const { call, transport } = patch({})
    expect((await Effect.runPromise(call)).clientId).toBe("c1")
    expect(transport.requests.map(({ method }) => method)).toEqual(["GET"])
  })

  test("fails with latchkey's name of a rejected member, not with its path in the JSON Patch", async () => {
    const rejection = { error: "invalid_client_metadata", error_description: "Item 0 of redirect_uris is not valid." }
    const { auth } = open([json(clientOnTheWire()), json(rejection, 400)])
    const reason = await reasonOf(auth.clients.patch({ client: "c1", changes: { redirectUris: ["x:y"] } }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field: "redirectUris" })
  })
})

describe("a new client secret", () => {
  const secret = "hunter two"
  const echo = json({ error: "invalid_client_metadata", error_description: `${secret} is too simple` }, 400)

  test.each(["create", "replace", "patch"] as const)(
    "is redacted when the server's error repeats it: %s",
    async (pick) => {
      const { auth } = open(pick === "patch" ? [json(clientOnTheWire()), echo] : [echo])
      const record = { secret: Redacted.make(secret) }
      const call = {
        create: () => auth.clients.create(record),
        replace: () => auth.clients.replace({ client: "c1", record }),
        patch: () => auth.clients.patch({ client: "c1", changes: record }),
      }[pick]()
      const error = await Effect.runPromise(Effect.flip(call))
      expect(error.message + JSON.stringify(error)).not.toContain(secret)
    },
  )
})

describe("lifespans", () => {
  test("are replaced with one PUT, which fails when the server drops a lifespan", async () => {
    const saved = { refresh_token_grant_access_token_lifespan: "1m0s" }
    const { auth, transport } = open([json(clientOnTheWire(saved)), json(clientOnTheWire())])
    const input = { client: "c1", lifespans: { refresh_token: { accessToken: "1 minute" } } } as const
    expect((await Effect.runPromise(auth.clients.setLifespans(input))).clientId).toBe("c1")
    expect(transport.requests[0]).toMatchObject({
      method: "PUT",
      url: "https://admin.example/admin/clients/c1/lifespans",
    })
    expect(await reasonOf(auth.clients.setLifespans(input))).toMatchObject({
      _tag: "InvalidRequest",
      field: "lifespans.refresh_token.accessToken",
    })
  })
})

describe("the API key of Ory Network", () => {
  test("is sent to the admin API only", async () => {
    const transport = scripted(
      json(clientOnTheWire()),
      json({ active: false }),
      json({ access_token: "a", token_type: "bearer" }),
    )
    const config = { projectUrl: "https://p.example", apiKey: "the-key", clientId: "app", clientSecret: "secret" }
    const auth = Effect.runSync(Effect.scoped(ory(config, { transport })))
    await Effect.runPromise(auth.clients.get("c1"))
    await Effect.runPromise(auth.introspect("t"))
    await Effect.runPromise(auth.clientCredentials())
    const sent = transport.requests.map(({ headers }) => headers.authorization ?? "")
    expect(sent.slice(0, 2)).toEqual(["Bearer the-key", "Bearer the-key"])
    expect(sent[2]).toMatch(/^Basic /)
  })
})
