/** Finds or starts one Keycloak for all tests of this folder, or says why there is none. */
import { randomUUID } from "node:crypto"
import type { TestProject } from "vitest/node"
import { serverAdmin } from "./admin.ts"
import { installKeycloak } from "./install.ts"
import { administrator, realm, realms } from "./realm.ts"
import { type GivenKeycloak, givenKeycloak, type RunningKeycloak } from "./running.ts"
import { startKeycloak } from "./start.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The Keycloak of the tests; `undefined` without one. */
    readonly keycloak: RunningKeycloak | undefined
    /** Whether the tests may start servers of their own. */
    readonly canStartKeycloak: boolean
  }
}

/** Makes two realms on a server that runs already, and returns the function that removes them. */
const useGiven = async (project: TestProject, given: GivenKeycloak): Promise<() => Promise<void>> => {
  const admin = serverAdmin(given)
  const run = randomUUID().slice(0, 8)
  const names = [`latchkey-${run}`, `other-${run}`] as const
  for (const name of names) await admin("POST", "", realm(name))
  project.provide("keycloak", { ...given, realm: names[0], other: names[1] })
  return async () => {
    for (const name of names) await admin("DELETE", `/${name}`)
  }
}

export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const given = givenKeycloak()
  const installation = given === undefined ? await installKeycloak() : { missing: "KEYCLOAK_URL is set" }
  project.provide("canStartKeycloak", !("missing" in installation))
  if (given !== undefined) return useGiven(project, given)
  if ("missing" in installation) {
    if (process.env.LATCHKEY_REQUIRE_KEYCLOAK === "1") throw new Error(`no Keycloak: ${installation.missing}`)
    console.log(`The tests on a real Keycloak are skipped: ${installation.missing}`)
    project.provide("keycloak", undefined)
    return undefined
  }
  const keycloak = await startKeycloak()
  const [first, second] = realms
  project.provide("keycloak", {
    ...administrator,
    url: keycloak.url,
    realm: first?.realm ?? "",
    other: second?.realm ?? "",
  })
  return async () => keycloak[Symbol.asyncDispose]()
}
