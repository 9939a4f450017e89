/** Installs Keycloak once into the user's cache: the server, a database with the tests' realms, an archive of classes. */
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { realpathSync } from "node:fs"
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { download, knownArchive, verify, version } from "./archive.ts"
import { findJava, type Java, onPath } from "./find-java.ts"
import { startJava } from "./java-process.ts"
import { cacheFolder, made, madeOnce } from "./made-once.ts"
import { realms } from "./realm.ts"

/** An installed Keycloak. */
export interface Installation {
  readonly java: string
  readonly home: string
  /** The database with the realms. A start copies it. */
  readonly template: string
  /** The classes of a start, stored in the form in which Java loads them fastest. A start works without the file. */
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
  const folder = join(cacheFolder(env), `keycloak-${version}-${hashOf([buildOptions, java.version])}`)
  const server = await installServer(folder, java, env)
  if (typeof server !== "string") return server
  const home = join(server, "home")
  const filled = await madeOnce(join(folder, `realms-${hashOf(realms)}`), (at) => makeTemplate(at, home, java))
  return { java: java.path, home, template: join(filled, "keycloakdb.mv.db"), classes: join(filled, "classes.jsa") }
}

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12)

/** Returns the folder with the server. */
const installServer = async (
  folder: string,
  java: Java,
  env: NodeJS.ProcessEnv,
): Promise<string | { readonly missing: string }> => {
  const existing = await made(folder)
  if (existing !== undefined) return existing
  const archive = knownArchive(env)
  const maven = onPath("mvn", env)
  if (archive === undefined && maven === undefined)
    return { missing: "no Maven on PATH to download Keycloak with: install Maven, or set LATCHKEY_KEYCLOAK_ARCHIVE" }
  process.stderr.write(`Installing Keycloak ${version} once, into ${folder} (about a minute)\n`)
  return madeOnce(folder, async (at) => {
    const home = join(at, "home")
    await mkdir(home)
    const file = archive ?? (await download(maven ?? "mvn", at))
    await verify(file)
    await run("tar", ["xzf", file, "-C", home, "--strip-components=1"])
    if (archive === undefined) await rm(file)
    await run(join(home, "bin", "kc.sh"), ["build", ...buildOptions], {
      env: { PATH: env.PATH ?? "", JAVA_HOME: dirname(dirname(realpathSync(java.path))) },
    })
  })
}

/** Starts the server once with an empty database: half of a cold start is the schema and the realms. */
const makeTemplate = async (at: string, home: string, java: Java): Promise<void> => {
  const imports = join(home, "data", "import")
  await rm(imports, { recursive: true, force: true })
  await mkdir(imports, { recursive: true })
  for (const realm of realms) await writeFile(join(imports, `${realm.realm}-realm.json`), JSON.stringify(realm))
  const folder = join(at, "made")
  await mkdir(folder)
  const started = await startJava({
    java: java.path,
    home,
    folder,
    database: databaseUrl(folder),
    jvm: [`-XX:ArchiveClassesAtExit=${join(at, "classes.jsa")}`],
    arguments: ["--import-realm"],
  })
  await started.close()
  await copyFile(join(folder, "keycloakdb.mv.db"), join(at, "keycloakdb.mv.db"))
  await rm(folder, { recursive: true })
}

/** The JDBC URL of a database in a folder. */
export const databaseUrl = (folder: string): string =>
  `jdbc:h2:file:${join(folder, "keycloakdb")};NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE`
