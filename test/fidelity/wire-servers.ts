/** The servers on which the facts about Ory are told: the emulator as either release, and the real one. */
import { startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe } from "vitest"
import { startHydra } from "../hydra/start.ts"
import { describeReal } from "./real-hydra.ts"
import type { Server } from "./wire.ts"

const starts = {
  "v2.3.0": () => startOry({ version: "v2.3.0" }),
  "v26.2.0": () => startOry({ version: "v26.2.0" }),
  real: () => startHydra(),
} satisfies Record<string, () => Promise<Server>>

type Release = Exclude<keyof typeof starts, "real">

/** One server of each kind for all tests of a file: a real one makes its keys but once. */
const started = new Map<keyof typeof starts, Promise<Server>>()
afterAll(async () => {
  for (const server of started.values()) await (await server).close()
})

const on = (kind: keyof typeof starts, tests: (server: () => Server) => void) => () => {
  let server: Server | undefined
  beforeAll(async () => {
    const starting = started.get(kind) ?? starts[kind]()
    started.set(kind, starting)
    server = await starting
  })
  tests(() => {
    if (server === undefined) throw new Error("the server has not been started")
    return server
  })
}

/** Tells the same of every server that behaves like one of the releases. */
export const onServers = (
  what: string,
  versions: ReadonlyArray<Release>,
  tests: (server: () => Server) => void,
): void => {
  for (const version of versions) describe(`${what}, on the emulated ${version}`, on(version, tests))
  if (versions.includes("v2.3.0")) describeReal(`${what}, on a real v2.3.0`, on("real", tests))
}

export const both = ["v2.3.0", "v26.2.0"] as const
