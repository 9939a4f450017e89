import { expect, it } from "vitest"
import { type RecordedAnswer, type RecordedRelease, recorded } from "./recorded/ory.ts"
import { type Server, send } from "./wire.ts"
import { onServers } from "./wire-servers.ts"

/** Sends a recorded request. Returns what the server answers, and the client afterwards. */
const perform = async ({ adminUrl }: Server, { client, method, path, body }: RecordedAnswer) => {
  const clients = `${adminUrl}/admin/clients`
  const id = client === undefined ? "" : String((await send("POST", clients, client)).json.client_id)
  const response = await send(method, `${adminUrl}${path.replace("{id}", id)}`, body).catch(() => ({
    status: 0,
    json: {},
  }))
  const afterwards = id === "" ? {} : (await send("GET", `${clients}/${id}`)).json
  return { status: response.status, answer: response.json, client_afterwards: afterwards }
}

const members = (object: Readonly<Record<string, unknown>>, of: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.keys(of).map((name) => [name, object[name]]))

const emulated = { "v2.3.0": "v2.3.0", "v26.2.0": "v26.2.0", HEAD: "unreleased" } as const

for (const release of Object.keys(emulated) as ReadonlyArray<RecordedRelease>)
  onServers(`as recorded of Ory Hydra ${release}, the server`, [emulated[release]], (server) => {
    const rows = recorded.filter(({ releases }) => releases.includes(release))
    it.each(rows.map((row) => [row.name, row] as const))("%s", async (_, row) => {
      const actual = await perform(server(), row)
      expect({
        status: actual.status,
        answer: members(actual.answer, row.answer),
        client_afterwards: members(actual.client_afterwards, row.client_afterwards),
      }).toEqual({ status: row.status, answer: row.answer ?? {}, client_afterwards: row.client_afterwards ?? {} })
    })

    it("lists clients after every recorded request", async () => {
      for (const row of rows) await perform(server(), row)
      expect((await send("GET", `${server().adminUrl}/admin/clients`)).status).toBe(200)
    })
  })
