/** The database of a Keycloak as a process of its own, so that it can fail while Keycloak runs. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tie } from "../hydra/tied-process.ts"
import { installKeycloak } from "./install.ts"

/** A running database with the tests' realms. */
export interface Database extends AsyncDisposable {
  /** The JDBC URL. */
  readonly url: string
  /** Stops the process, as a database that hangs. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** Ends the process as a crash does. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with the same files. */
  readonly start: () => Promise<void>
}

/** Starts the H2 of Keycloak's installation as a server on a free port of 127.0.0.1. */
export const startDatabase = async (): Promise<Database> => {
  const installation = await installKeycloak()
  if ("missing" in installation) throw new Error(`no Keycloak: ${installation.missing}`)
  const { java, home, template } = installation
  const library = join(home, "lib", "lib", "main")
  const jar = (await readdir(library)).find((name) => name.startsWith("com.h2database.h2-"))
  if (jar === undefined) throw new Error(`no H2 in ${library}`)
  const folder = await mkdtemp(join(tmpdir(), "latchkey-database-"))
  await copyFile(template, join(folder, "keycloakdb.mv.db"))
  const launch = (at: number) => listening(java, ["-cp", join(library, jar), "org.h2.tools.Server", "-tcp"], at)
  let { child, port } = await launch(0)
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, "exit")
    child.kill("SIGKILL")
    await ended
  }
  return {
    url: `jdbc:h2:tcp://127.0.0.1:${port}/${join(folder, "keycloakdb")};NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE`,
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    kill,
    start: async () => {
      ;({ child, port } = await launch(port))
    },
    [Symbol.asyncDispose]: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const listening = async (
  java: string,
  arguments_: ReadonlyArray<string>,
  at: number,
): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
  const child = spawn(java, ["-Xmx128m", "-Dh2.bindAddress=127.0.0.1", ...arguments_, "-tcpPort", String(at)], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {},
  })
  if (child.pid !== undefined) child.once("exit", tie(child.pid))
  const [line] = await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("the database ended by itself"))),
  ])
  const port = /:(\d+)/.exec(String(line))?.[1]
  if (port === undefined) throw new Error(`expected the port of the database, found ${line}`)
  return { child, port: Number(port) }
}
