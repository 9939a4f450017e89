/** The archive of Keycloak's server, from Maven Central. */
import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { createReadStream, existsSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { promisify } from "node:util"

/** The release that the tests run. */
export const version = "26.7.3"

const sha256 = "77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47"
const coordinates = `org.keycloak:keycloak-quarkus-dist:${version}:tar.gz`
const inRepository = join("org/keycloak/keycloak-quarkus-dist", version, `keycloak-quarkus-dist-${version}.tar.gz`)

/** The longest duration of a download, in milliseconds. */
const maxDownload = 240_000

/** The archive that is on this machine already: named in the environment, or in Maven's own folder. */
export const knownArchive = (env: NodeJS.ProcessEnv): string | undefined =>
  env.LATCHKEY_KEYCLOAK_ARCHIVE || [join(homedir(), ".m2", "repository", inRepository)].find((path) => existsSync(path))

/** Downloads the archive with Maven's client into a folder, and returns its path. */
export const download = async (maven: string, folder: string): Promise<string> => {
  const options = ["-q", "-B", "dependency:get", `-Dartifact=${coordinates}`, "-Dtransitive=false"]
  // Started in the folder: the current one may hold a project of Maven.
  await promisify(execFile)(maven, [...options, `-Dmaven.repo.local=${folder}`], { cwd: folder, timeout: maxDownload })
  return join(folder, inRepository)
}

/** Throws unless the file is the pinned archive. */
export const verify = async (archive: string): Promise<void> => {
  const hash = createHash("sha256")
  await pipeline(createReadStream(archive), hash)
  const found = hash.digest("hex")
  if (found !== sha256)
    throw new Error(`${archive} is not Keycloak ${version}: expected sha256 ${sha256}, found ${found}`)
}
