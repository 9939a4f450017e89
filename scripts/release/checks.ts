/** What must hold before both packages are published. */
import { placeholdersIn } from "../prepublish.ts"

export interface Packed {
  readonly name: string
  readonly version: string
  readonly size: number
  readonly files: ReadonlyArray<{ readonly path: string }>
}

export interface Manifest extends Readonly<Record<string, unknown>> {
  readonly name: string
  readonly version: string
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Release {
  readonly packages: ReadonlyArray<{
    readonly folder: string
    readonly manifest: Manifest
    readonly packed: Packed
  }>
  /** The text of the workflow that publishes. */
  readonly workflow: string
  readonly changesets: { readonly fixed?: ReadonlyArray<ReadonlyArray<string>>; readonly access?: string }
}

/** Returns the fields of a manifest that still have a placeholder. */
export const placeholdersOf = (file: string, manifest: Manifest): ReadonlyArray<string> =>
  placeholdersIn(manifest).map((field) => `"${field}" in ${file}`)

/** The files that every package has. */
const required = ["package.json", "README.md", "LICENSE"]

/** Returns what is wrong with a release, as sentences. */
export const problemsOf = ({ packages, workflow, changesets }: Release): ReadonlyArray<string> => {
  const [first, ...others] = packages.map(({ manifest }) => manifest)
  const names = packages.map(({ manifest }) => manifest.name)
  return [
    ...packages.flatMap(({ manifest, packed }) => packageProblems(manifest, packed)),
    ...others.flatMap((other) => versionProblems(first, other)),
    ...(changesets.fixed?.some((group) => names.every((name) => group.includes(name))) === true
      ? []
      : [`.changeset/config.json: expected "fixed" to hold ${names.join(" and ")} in one group`]),
    ...(changesets.access === "public" ? [] : ['.changeset/config.json: expected "access" to be "public"']),
    ...(/^\s*id-token: write$/m.test(workflow)
      ? []
      : [".github/workflows/release.yml: expected the permission id-token: write, for trusted publishing"]),
    ...(/NPM_TOKEN|NODE_AUTH_TOKEN/.test(workflow)
      ? [".github/workflows/release.yml: expected no npm token, because npm trusts the workflow"]
      : []),
  ]
}

const packageProblems = ({ name, version, publishConfig }: Manifest, packed: Packed): ReadonlyArray<string> => {
  const paths = new Set(packed.files.map(({ path }) => path))
  return [
    ...(publishConfig?.access === "public" ? [] : [`${name}: expected "publishConfig.access" to be "public"`]),
    ...(publishConfig?.provenance === true ? [] : [`${name}: expected "publishConfig.provenance" to be true`]),
    ...(packed.version === version ? [] : [`${name}: expected version ${version}, found ${packed.version}`]),
    ...required.filter((path) => !paths.has(path)).map((path) => `${name}: expected the file ${path} in the package`),
    ...[...paths]
      .filter((path) => !required.includes(path) && !path.startsWith("dist/"))
      .map((path) => `${name}: expected no file outside dist, found ${path}`),
  ]
}

/** Both packages are released together, and one names the exact version of the other. */
const versionProblems = (first: Manifest | undefined, other: Manifest): ReadonlyArray<string> => {
  if (first === undefined) return []
  const { [first.name]: peer = first.version } = other.peerDependencies ?? {}
  return [
    ...(other.version === first.version
      ? []
      : [`${other.name}: expected version ${first.version} of ${first.name}, found ${other.version}`]),
    ...(peer === first.version
      ? []
      : [`${other.name}: expected the peer ${first.name} in version ${first.version}, found ${peer}`]),
  ]
}
