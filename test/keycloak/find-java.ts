/** Finds Java and Maven on this machine. */
import { spawnSync } from "node:child_process"
import { accessSync, constants } from "node:fs"
import { delimiter, isAbsolute, join } from "node:path"

/** A Java that runs Keycloak. */
export interface Java {
  readonly path: string
  /** The first line of `java -version`. A class-data archive belongs to one build of Java. */
  readonly version: string
}

/** The oldest Java that Keycloak 26 runs on. */
const oldest = 17

/** Finds Java in `JAVA_HOME`, then on PATH, or gives the reason why there is none. */
export const findJava = (env: NodeJS.ProcessEnv): Java | { readonly missing: string } => {
  const home = env.JAVA_HOME
  const path = home && isExecutable(join(home, "bin", "java")) ? join(home, "bin", "java") : onPath("java", env)
  if (path === undefined) return { missing: `no Java on PATH: install Java ${oldest} or later` }
  const { stderr } = spawnSync(path, ["-version"], { encoding: "utf8" })
  const version = stderr.split("\n").find((line) => line.includes(" version ")) ?? ""
  const major = Number(/"(\d+)/.exec(version)?.[1] ?? 0)
  return major >= oldest ? { path, version } : { missing: `${path} is older than Java ${oldest}: install a newer Java` }
}

/** Finds the first executable with this name on PATH. */
export const onPath = (name: string, env: NodeJS.ProcessEnv): string | undefined =>
  (env.PATH ?? "")
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isExecutable)

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
