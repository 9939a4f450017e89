/** Keycloak as one Java process, tied to the process of the tests. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { outputTail } from "../hydra/output-tail.ts"
import { tie } from "../hydra/tied-process.ts"
import { administrator } from "./realm.ts"

export interface JavaProcess {
  readonly pid: number
  readonly url: string
  /** Stops the process and waits until it has ended. A second call waits for the same end. */
  readonly close: () => Promise<void>
  /** Ends the process at once, as a crash does. */
  readonly kill: () => Promise<void>
}

/** What is started. */
export interface Launch {
  readonly java: string
  readonly home: string
  /** The folder for temporary files. */
  readonly folder: string
  /** The JDBC URL of the database. */
  readonly database: string
  readonly port?: number
  readonly jvm?: ReadonlyArray<string>
  readonly arguments?: ReadonlyArray<string>
}

/** The time limit for Keycloak to be ready, in milliseconds. It takes 5 to 8 seconds, and far longer on a busy machine. */
const startLimit = 400_000

/** The time that Keycloak has to stop after SIGTERM before it gets SIGKILL. Writing an archive of classes takes 10 s. */
const stopLimit = 300_000

const packages = ["java.util", "java.util.concurrent", "java.security", "java.lang"]

const threads = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"

/** What `bin/kc.sh` does, without its shell, so that there is one process with one id. */
const argumentsOf = ({ home, folder, database, port = 0, jvm = [], arguments: more = [] }: Launch) => [
  ...["-Xms64m", "-Xmx320m", "-XX:MaxMetaspaceSize=256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
  ...["-XX:-UsePerfData", ...jvm],
  ...[`-Djava.io.tmpdir=${folder}`, "-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.country=US"],
  ...packages.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  "--enable-native-access=ALL-UNNAMED",
  `-Djava.util.concurrent.ForkJoinPool.common.threadFactory=${threads}`,
  ...[`-Dkc.home.dir=${home}`, `-Djboss.server.config.dir=${join(home, "conf")}`],
  ...["-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-Dpicocli.disable.closures=true"],
  ...["-cp", join(home, "lib", "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"],
  ...["start", "--optimized", "--http-enabled=true", "--hostname-strict=false", "--cache=local"],
  ...["--http-host=127.0.0.1", `--http-port=${port}`, "--log-level=warn,io.quarkus:info", `--db-url=${database}`],
  ...more,
]

/** Starts Keycloak on a port of 127.0.0.1, and resolves when it is ready. */
export const startJava = async (launch: Launch): Promise<JavaProcess> => {
  const child = spawn(launch.java, argumentsOf(launch), {
    cwd: launch.folder,
    // It inherits no variable: one with the name of a setting, such as KC_DB, would change the server.
    env: {
      KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  await Promise.race([once(child, "spawn"), once(child, "error").then(([error]) => Promise.reject(error))])
  const { pid } = child
  if (pid === undefined) throw new Error("Java has no process number")
  child.once("exit", tie(pid))
  const ended = once(child, "close")
  const tail = outputTail([child.stdout, child.stderr], 256 * 1024)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal) // has no effect on a process that has ended
    const force = setTimeout(() => child.kill("SIGKILL"), stopLimit)
    await ended
    clearTimeout(force)
  }
  try {
    return { pid, url: await ready(child, tail), close: () => end("SIGTERM"), kill: () => end("SIGKILL") }
  } catch (error) {
    await end("SIGKILL")
    throw new Error(`Keycloak did not start: ${error instanceof Error ? error.message : error}\n${tail()}`)
  }
}

/** Waits for the port in the log, then until the server answers: the log line is written before the bootstrap ends. */
const ready = async (child: ChildProcess, tail: (lines?: number) => string): Promise<string> => {
  const deadline = Date.now() + startLimit
  for (;;) {
    const url = /Listening on: (http:\/\/127\.0\.0\.1:\d+)/.exec(tail(10_000))?.[1]
    if (url !== undefined && (await answers(url))) return url
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended by itself")
    if (Date.now() > deadline) throw new Error(`not ready after ${startLimit / 1000} seconds`)
    await sleep(50)
  }
}

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/realms/master`, { signal: AbortSignal.timeout(5_000) })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
