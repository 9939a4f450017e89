import { goJson } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { Ory } from "./state.ts"

const json = (value: unknown): Reply => ({
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: `${goJson(value)}\n`,
})

export const alive = (): Reply => json({ status: "ok" })

export const version = (_: Exchange, ory: Ory): Reply => json({ version: ory.version })
