/** Starts a real Keycloak for tests. */
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { databaseUrl, installKeycloak } from "./install.ts"
import { type JavaProcess, startJava } from "./java-process.ts"

/** A running Keycloak with the tests' realms. */
export interface Keycloak extends AsyncDisposable {
  readonly url: string
  /** The process id. */
  readonly pid: number
  /** Ends the process as a crash does. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, after `kill` or `stop`. `database`: the same one, or an empty one. */
  readonly start: (database?: "same" | "empty") => Promise<void>
  readonly stop: () => Promise<void>
}

/** Options of a start. */
export interface KeycloakOptions {
  /** The JDBC URL of another database than a copy of the template. */
  readonly database?: string
}

/** Without it each request waits four seconds for a database that is gone. */
const quickly = ["-Dh2.socketConnectRetry=1"]

/** Starts Keycloak on a free port of 127.0.0.1 with a copy of the template, and resolves when it is ready: 5 to 8 s. */
export const startKeycloak = async ({ database: given }: KeycloakOptions = {}): Promise<Keycloak> => {
  const installation = await installKeycloak()
  if ("missing" in installation) throw new Error(`no Keycloak: ${installation.missing}`)
  const { java, home, template, classes } = installation
  const folder = await mkdtemp(join(tmpdir(), "latchkey-keycloak-"))
  await copyFile(template, join(folder, "keycloakdb.mv.db"))
  const launch = (database: string, port: number): Promise<JavaProcess> =>
    startJava({
      java,
      home,
      folder,
      database,
      port,
      jvm: [`-XX:SharedArchiveFile=${classes}`, "-Xlog:cds=off", ...quickly],
    })
  const database = given ?? databaseUrl(folder)
  let running = await launch(database, 0)
  const { url } = running
  const port = Number(new URL(url).port)
  return {
    url,
    get pid() {
      return running.pid
    },
    kill: () => running.kill(),
    stop: () => running.close(),
    start: async (which = "same") => {
      const empty = which === "empty" ? await mkdtemp(join(folder, "empty-")) : undefined
      running = await launch(empty === undefined ? database : databaseUrl(empty), port)
    },
    [Symbol.asyncDispose]: async () => {
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
