/** Installs Keycloak once into the user's cache folder: the server, a database with the tests' realms, an archive of classes. */
import { execFile } from "node:child_process"
import { createHash, randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, isAbsolute, join } from "node:path"
import { promisify } from "node:util"
import { download, knownArchive, verify, version } from "./archive.ts"
import { findJava, type Java, onPath } from "./find-java.ts"
import { startJava } from "./java-process.ts"
import { realms } from "./realm.ts"

/** An installed Keycloak. */
export interface Installation {
  readonly java: string
  readonly home: string
  /** The database with the realms. A start copies it. */
  readonly template: string
  /** The classes of a start, stored in the form in which Java loads them fastest. */
  readonly classes: string
}

const run = promisify(execFile)

/** What the tests do not use. It is left out to start in less time. */
const withoutFeatures =
  "account,account-api,admin,authorization,admin-fine-grained-authz,ciba,identity-brokering-api,impersonation," +
  "kerberos,organization,passkeys,recovery-codes,step-up-authentication,step-up-authentication-saml,update-email," +
  "user-event-metrics,workflows,twitter-broker"

const buildOptions = ["--db=dev-file", `--features-disabled=${withoutFeatures}`]

/**
 * Finds Keycloak in the cache, or installs it: about a minute. LATCHKEY_KEYCLOAK=off turns it off;
 * LATCHKEY_KEYCLOAK_ARCHIVE names an archive, so that nothing is downloaded. The result is `missing` without Java 17, and
 * without Maven where there is no archive. A failed download or build is an error.
 */
export const installKeycloak = async (
  env: NodeJS.ProcessEnv = process.env,
): Promise<Installation | { readonly missing: string }> => {
  if (env.LATCHKEY_KEYCLOAK === "off")
    return { missing: "LATCHKEY_KEYCLOAK=off; unset it to run the tests on Keycloak" }
  const java = findJava(env)
  if ("missing" in java) return java
  const folder = cacheFolder(java, env)
  const installed = await current(folder, java)
  if (installed !== undefined) return installed
  const archive = knownArchive(env)
  const maven = onPath("mvn", env)
  if (archive === undefined && maven === undefined)
    return { missing: "no Maven on PATH to download Keycloak with: install Maven, or set LATCHKEY_KEYCLOAK_ARCHIVE" }
  process.stderr.write(`Installing Keycloak ${version} once, into ${folder} (about a minute)\n`)
  await install(folder, java, archive ?? ((at) => download(maven ?? "mvn", at)))
  const made = await current(folder, java)
  if (made === undefined) throw new Error(`Keycloak is not in ${folder} after its installation`)
  return made
}

/** The folder in the cache: its name changes with the release, the options, the realms and Java. */
const cacheFolder = ({ version: javaVersion }: Java, env: NodeJS.ProcessEnv): string => {
  const made = JSON.stringify([version, buildOptions, realms, javaVersion])
  const hash = createHash("sha256").update(made).digest("hex").slice(0, 12)
  const cache = env.XDG_CACHE_HOME
  return join(cache && isAbsolute(cache) ? cache : join(homedir(), ".cache"), "latchkey", `keycloak-${version}-${hash}`)
}

/** The file that names the finished installation. It is written last, so that a build that was ended is never used. */
const pointer = "current"

const current = async (folder: string, { path: java }: Java): Promise<Installation | undefined> => {
  const name = await readFile(join(folder, pointer), "utf8").catch(() => undefined)
  if (name === undefined) return undefined
  const at = join(folder, name)
  const files = { home: join(at, "home"), template: join(at, "keycloakdb.mv.db"), classes: join(at, "classes.jsa") }
  return Object.values(files).every((path) => existsSync(path)) ? { java, ...files } : undefined
}

/** Installs into a folder of its own, because the archive of classes holds absolute paths. */
const install = async (
  folder: string,
  java: Java,
  archive: string | ((folder: string) => Promise<string>),
): Promise<void> => {
  const name = randomUUID()
  const at = join(folder, name)
  const home = join(at, "home")
  await mkdir(home, { recursive: true })
  try {
    const file = typeof archive === "string" ? archive : await archive(at)
    await verify(file)
    await run("tar", ["xzf", file, "-C", home, "--strip-components=1"])
    await run(join(home, "bin", "kc.sh"), ["build", ...buildOptions], {
      env: { PATH: process.env.PATH ?? "", JAVA_HOME: dirname(dirname(java.path)) },
    })
    await makeTemplate(at, home, java)
    await rm(join(at, "org"), { recursive: true, force: true })
    await writeFile(join(folder, `${name}.${pointer}`), name)
    await rename(join(folder, `${name}.${pointer}`), join(folder, pointer))
  } catch (error) {
    await rm(at, { recursive: true, force: true })
    throw error
  }
}

/** Starts the server once with an empty database: half of a cold start is the schema and the realms. */
const makeTemplate = async (at: string, home: string, java: Java): Promise<void> => {
  const imports = join(home, "data", "import")
  await mkdir(imports, { recursive: true })
  for (const realm of realms) await writeFile(join(imports, `${realm.realm}-realm.json`), JSON.stringify(realm))
  const database = join(at, "made")
  await mkdir(database)
  const started = await startJava({
    java: java.path,
    home,
    folder: database,
    database: databaseUrl(database),
    jvm: [`-XX:ArchiveClassesAtExit=${join(at, "classes.jsa")}`],
    arguments: ["--import-realm"],
  })
  await started.close()
  await copyFile(join(database, "keycloakdb.mv.db"), join(at, "keycloakdb.mv.db"))
  await rm(database, { recursive: true })
}

/** The JDBC URL of a database in a folder. */
export const databaseUrl = (folder: string): string =>
  `jdbc:h2:file:${join(folder, "keycloakdb")};NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE`
