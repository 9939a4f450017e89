/** Lists of clients, in pages. */
import type { ClientRef } from "latchkey"
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const clientLists = ({ auth, sentence, samples, exchanges }: Suite): void => {
  sentence(
    ["clients.create", "clients.list", "clients.remove"],
    "a list yields every client once, and requests only the pages that are read",
    async () => {
      const clients: Array<ClientRef & object> = []
      for (let count = 0; count < 5; count++) clients.push(await auth().clients.create(samples().first))
      const ids = clients.map(({ clientId }) => clientId).sort()
      const listed: Array<string> = []
      for await (const { clientId } of auth().clients.list({ pageSize: 2 }))
        if (ids.includes(clientId)) listed.push(clientId)
      expect(listed.sort()).toEqual(ids)
      const before = exchanges.length
      for await (const _first of auth().clients.list({ pageSize: 1 })) break
      expect(exchanges.length - before).toBe(1)
      for (const client of clients) await auth().clients.remove(client)
    },
  )

  sentence(
    ["clients.create", "clients.list", "clients.remove"],
    "a list by name holds only clients of that name",
    async () => {
      const name = `contract-${crypto.randomUUID()}`
      const created = await auth().clients.create({ ...samples().first, name })
      const listed: Array<string> = []
      for await (const { clientId } of auth().clients.list({ name })) listed.push(clientId)
      expect(listed).toEqual([created.clientId])
      await auth().clients.remove(created)
    },
  )
}
