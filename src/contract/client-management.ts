/** The life of a client. */
import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

const redirectUri = "http://127.0.0.1:9/cb"
const fresh = () => `contract-${crypto.randomUUID()}`

export const clientManagement = ({ auth, authFor, sentence, exchanges }: Suite): void => {
  sentence(["clients.create", "clients.get", "clients.remove"], "a client is created, read and removed", async () => {
    const created = await auth().clients.create({
      name: "first",
      redirectUris: [redirectUri],
      grantTypes: ["authorization_code"],
      scopes: ["openid", "read"],
    })
    expect(created.clientId.length).toBeGreaterThan(0)
    const read = await auth().clients.get(created.clientId)
    expect(read).toMatchObject({
      name: "first",
      redirectUris: [redirectUri],
      grantTypes: ["authorization_code"],
      scopes: ["openid", "read"],
      postLogoutRedirectUris: [],
    })
    expect(await auth().clients.get(created)).toEqual(read)
    expect(await auth().clients.remove(created)).toBeUndefined()
    expect(await reasonOf(auth().clients.get(created.clientId))).toEqual({ _tag: "NotFound" })
  })

  sentence(
    ["clients.create", "clients.get", "clients.remove"],
    "a client's secret is given once, works, and is in nothing that is printed",
    async () => {
      const created = await auth().clients.create({ grantTypes: ["client_credentials"], scopes: ["read"] })
      const secret = created.secret === undefined ? "" : Redacted.value(created.secret)
      expect(secret.length).toBeGreaterThan(5)
      expect(`${inspect(created, { depth: 9, showHidden: true })}${JSON.stringify(created)}`).not.toContain(secret)
      expect((await auth().clients.get(created)).secret).toBeUndefined()
      const itself = authFor({ clientId: created.clientId, clientSecret: secret })
      expect((await itself.clientCredentials({ scopes: ["read"] })).scopes).toEqual(["read"])
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.get", "clients.patch", "clients.replace", "clients.remove"],
    "an unknown client is NotFound, whatever is asked of it",
    async () => {
      const client = fresh()
      const calls = [
        () => auth().clients.get(client),
        () => auth().clients.patch({ client, changes: { name: "x" } }),
        () => auth().clients.replace({ client, record: { name: "x", scopes: ["read"] } }),
        () => auth().clients.remove(client),
      ]
      for (const call of calls) expect(await reasonOf(call())).toEqual({ _tag: "NotFound" })
    },
  )

  sentence(["clients.create", "clients.remove"], "an id that is taken is Conflict", async () => {
    const clientId = fresh()
    await auth().clients.create({ clientId, redirectUris: [redirectUri] })
    expect((await reasonOf(auth().clients.create({ clientId, redirectUris: [redirectUri] })))._tag).toBe("Conflict")
    await auth().clients.remove(clientId)
  })

  sentence(["clients.create"], "a record that the server refuses is InvalidRequest, naming the member", async () => {
    const reason = await reasonOf(auth().clients.create({ redirectUris: ["http://127.0.0.1:9/cb#fragment"] }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field: expect.stringMatching(/redirect/i) })
  })

  sentence(
    ["clients.create", "clients.patch", "clients.remove"],
    "a patch changes what it names, clears what it nulls, and leaves the rest",
    async () => {
      const created = await auth().clients.create({
        name: "before",
        redirectUris: [redirectUri],
        postLogoutRedirectUris: ["http://127.0.0.1:9/out"],
        scopes: ["openid", "read"],
        metadata: { keep: 1, drop: 2, deep: { keep: true, drop: true } },
      })
      const patched = await auth().clients.patch({
        client: created,
        changes: {
          name: "after",
          postLogoutRedirectUris: null,
          metadata: { drop: null, deep: { drop: null }, added: "x" },
        },
      })
      const expected = {
        name: "after",
        redirectUris: [redirectUri],
        postLogoutRedirectUris: [],
        scopes: ["openid", "read"],
      }
      const metadata = { keep: 1, deep: { keep: true }, added: "x" }
      for (const seen of [patched, await auth().clients.get(created)]) {
        expect(seen).toMatchObject(expected)
        expect(seen.metadata).toEqual(metadata)
      }
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.replace", "clients.remove"],
    "a replacement is the whole record: what it leaves out is cleared",
    async () => {
      const created = await auth().clients.create({
        name: "before",
        redirectUris: [redirectUri],
        audience: ["api"],
        scopes: ["read"],
        metadata: { a: 1 },
      })
      const record = { name: "after", redirectUris: ["http://127.0.0.1:9/other"], scopes: ["openid"] }
      await auth().clients.replace({ client: created, record })
      const read = await auth().clients.get(created)
      expect(read).toMatchObject({ ...record, audience: [] })
      expect(read.metadata).toEqual({})
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.list", "clients.remove"],
    "a list yields every client once, page by page, and only as far as it is read",
    async () => {
      const ids = Array.from({ length: 5 }, fresh).sort()
      for (const clientId of ids) await auth().clients.create({ clientId, name: "listed" })
      const seen: Array<string> = []
      for await (const { clientId } of auth().clients.list({ pageSize: 2 }))
        if (ids.includes(clientId)) seen.push(clientId)
      expect(seen.sort()).toEqual(ids)
      const before = exchanges.length
      for await (const _first of auth().clients.list({ pageSize: 1 })) break
      expect(exchanges.length - before).toBe(1)
      for (const id of ids) await auth().clients.remove(id)
    },
  )

  sentence(
    ["clients.create", "clients.list", "clients.remove"],
    "a list by name holds only clients of that name",
    async () => {
      const name = fresh()
      const created = await auth().clients.create({ name })
      const found: Array<string> = []
      for await (const { clientId } of auth().clients.list({ name })) found.push(clientId)
      expect(found).toEqual([created.clientId])
      await auth().clients.remove(created)
    },
  )
}
