/** Clients: creating, reading, changing and removing them. */
import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import type { Client, NewClient } from "latchkey"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

/** Expects a client to have every member of a record. */
const expectMembers = (
  client: Partial<Client>,
  { secret: _, clientId: __, extra: ___, ...record }: NewClient,
): void => {
  for (const [member, value] of Object.entries(record)) expect(client[member as keyof Client], member).toEqual(value)
}

export const clientManagement = (suite: Suite): void => {
  lifecycle(suite)
  rejections(suite)
  changes(suite)
}

const lifecycle = ({ auth, authFor, sentence, samples, service }: Suite): void => {
  sentence(["clients.create", "clients.get", "clients.remove"], "a client is created, read and removed", async () => {
    const created = await auth().clients.create(samples().first)
    expect(created.clientId.length).toBeGreaterThan(0)
    expectMembers(created, samples().first)
    const read = await auth().clients.get(created)
    expectMembers(read, samples().first)
    expect(read.clientId).toBe(created.clientId)
    expect(await auth().clients.get(read)).toEqual(read)
    expect(await auth().clients.remove(created)).toBeUndefined()
    expect((await reasonOf(auth().clients.get(created)))._tag).toMatch(/^(NotFound|InvalidToken)$/)
  })

  sentence(
    ["clients.create", "clients.get", "clients.remove"],
    "a client's secret is in the result of create, and is never printed",
    async () => {
      const created = await auth().clients.create(samples().first)
      const secret = created.secret === undefined ? "" : Redacted.value(created.secret)
      expect(secret.length).toBeGreaterThan(5)
      const read = await auth().clients.get(created)
      for (const each of [created, read])
        expect(`${inspect(each, { depth: 9, showHidden: true })}${JSON.stringify(each)}`).not.toContain(secret)
      expect(read.secret).toBeUndefined()
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.remove", "clientCredentials"],
    "a new client can use its secret at once",
    async () => {
      const created = await auth().clients.create(samples().service)
      const clientSecret = created.secret === undefined ? "" : Redacted.value(created.secret)
      const createdAuth = authFor({ clientId: created.clientId, clientSecret })
      expect((await createdAuth.clientCredentials(service())).accessToken.length).toBeGreaterThan(10)
      await auth().clients.remove(created)
    },
  )
}

const rejections = ({ auth, sentence, samples }: Suite): void => {
  sentence(
    ["clients.get", "clients.patch", "clients.replace", "clients.remove"],
    "every operation on an unknown client is NotFound",
    async () => {
      const client = samples().unknownId
      const calls = [
        () => auth().clients.get(client),
        () => auth().clients.patch({ client, changes: { name: "x" } }),
        () => auth().clients.replace({ client, record: samples().second }),
        () => auth().clients.remove(client),
      ]
      for (const call of calls) expect(await reasonOf(call())).toEqual({ _tag: "NotFound" })
    },
  )

  sentence(["clients.create", "clients.remove"], "an id that is taken is Conflict", async () => {
    const clientId = `contract-${crypto.randomUUID()}`
    await auth().clients.create({ ...samples().first, clientId })
    expect((await reasonOf(auth().clients.create({ ...samples().first, clientId })))._tag).toBe("Conflict")
    await auth().clients.remove(clientId)
  })

  sentence(["clients.create"], "a record that the server refuses is InvalidRequest, naming the member", async () => {
    const reason = await reasonOf(auth().clients.create(samples().rejected))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field: expect.stringMatching(/redirect/i) })
  })

  sentence(["clients.create"], "a member that this vendor's clients do not have is refused by name", async () => {
    const reason = await reasonOf(auth().clients.create({ ...samples().first, extra: { no_such_member: 1 } }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field: "extra.no_such_member" })
  })
}

const changes = ({ auth, sentence, samples }: Suite): void => {
  sentence(
    ["clients.create", "clients.patch", "clients.get", "clients.remove"],
    "a patch changes the given members, clears those that are null, and keeps the rest",
    async () => {
      const { first } = samples()
      const created = await auth().clients.create(first)
      const clears = first.postLogoutRedirectUris === undefined ? {} : { postLogoutRedirectUris: null }
      const patched = await auth().clients.patch({ client: created, changes: { name: "after", ...clears } })
      const expected = { ...first, name: "after", ...(first.postLogoutRedirectUris && { postLogoutRedirectUris: [] }) }
      expectMembers(patched, expected)
      expectMembers(await auth().clients.get(patched), expected)
      await auth().clients.remove(patched)
    },
  )

  sentence(
    ["clients.create", "clients.patch", "clients.get", "clients.remove"],
    "a patch of metadata changes the given members, and keeps the rest",
    async () => {
      const metadata = { keep: 1, drop: 2, deep: { keep: true, drop: true } }
      const created = await auth().clients.create({ ...samples().first, metadata })
      const patch = { metadata: { drop: null, deep: { drop: null }, added: "x" } }
      const patched = await auth().clients.patch({ client: created, changes: patch })
      for (const client of [patched, await auth().clients.get(created)])
        expect(client.metadata).toEqual({ keep: 1, deep: { keep: true }, added: "x" })
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.replace", "clients.get", "clients.remove"],
    "a replacement is the whole record: an omitted member is cleared",
    async () => {
      const { first, second, clears } = samples()
      const created = await auth().clients.create(first)
      const replaced = await auth().clients.replace({ client: created, record: second })
      const read = await auth().clients.get(replaced)
      expectMembers(read, second)
      for (const member of clears) expect(read[member] ?? [], member).toHaveLength(0)
      await auth().clients.remove(replaced)
    },
  )
}
