/** The servers under test: the emulator as each release, and a real Ory Hydra. */
import { startOry } from "@latchkey/testing"
import { afterAll, beforeAll, describe } from "vitest"
import { startHydra } from "../hydra/start.ts"
import { describeReal, realName } from "./real-hydra.ts"
import type { Server } from "./wire.ts"

const starts = {
  "v2.3.0": () => startOry({ version: "v2.3.0" }),
  "v26.2.0": () => startOry({ version: "v26.2.0" }),
  unreleased: () => startOry({ version: "unreleased" }),
  real: () => startHydra(),
} satisfies Record<string, () => Promise<Server>>

type Release = Exclude<keyof typeof starts, "real">

/** One server of each kind for all tests of a file, so that a real server generates its keys once. */
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

/**
 * Describes the same tests for the emulator as each of the releases, and with v2.3.0 also for a real server: CI can
 * build no other release.
 */
export const onServers = (
  subject: string,
  versions: ReadonlyArray<Release>,
  tests: (server: () => Server) => void,
): void => {
  for (const version of versions) describe(`${subject} (emulated ${version})`, on(version, tests))
  if (versions.includes("v2.3.0")) describeReal(`${subject} (${realName})`, on("real", tests))
}

/** Both releases that the emulator imitates. Only v2.3.0 is also compared with a real server. */
export const both = ["v2.3.0", "v26.2.0"] as const
