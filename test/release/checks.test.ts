import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { type Manifest, placeholdersOf, problemsOf, type Release } from "../../scripts/release/checks.ts"

const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")

const packedOf = ({ name, version }: Manifest, more: ReadonlyArray<string> = []) => ({
  ...{ name, version, size: 1 },
  files: ["package.json", "README.md", "LICENSE", "dist/index.js", ...more].map((path) => ({ path })),
})

const manifests = ["package.json", "packages/testing/package.json"].map((file): Manifest => JSON.parse(textOf(file)))

const release: Release = {
  packages: manifests.map((manifest) => ({ folder: ".", manifest, packed: packedOf(manifest) })),
  workflow: textOf(".github/workflows/release.yml"),
  changesets: JSON.parse(textOf(".changeset/config.json")),
}

/** The release with another manifest of the second package. */
const withTesting = (change: Readonly<Record<string, unknown>>): Release => ({
  ...release,
  packages: release.packages.map((each, at) =>
    at === 1 ? { ...each, manifest: { ...each.manifest, ...change } } : each,
  ),
})

describe("the release of this repository", () => {
  test("has no problem besides its placeholders", () => {
    expect(problemsOf(release)).toEqual([])
  })
})

describe("a release is refused", () => {
  const [first, second] = manifests
  if (first === undefined || second === undefined) throw new Error("there are two packages")

  test.each<[string, Release, string]>([
    [
      "without provenance",
      withTesting({ publishConfig: { access: "public" } }),
      '@latchkey/testing: expected "publishConfig.provenance" to be true',
    ],
    [
      "without public access",
      withTesting({ publishConfig: { provenance: true } }),
      '@latchkey/testing: expected "publishConfig.access" to be "public"',
    ],
    [
      "with an older peer",
      withTesting({ peerDependencies: { latchkey: "0.0.9" } }),
      `@latchkey/testing: expected the peer latchkey in version ${first.version}, found 0.0.9`,
    ],
    [
      "without the permission of trusted publishing",
      { ...release, workflow: "permissions: {}" },
      ".github/workflows/release.yml: expected the permission id-token: write, for trusted publishing",
    ],
    [
      "with a token of npm",
      { ...release, workflow: `${release.workflow}\n  NODE_AUTH_TOKEN: x` },
      ".github/workflows/release.yml: expected no npm token, because npm trusts the workflow",
    ],
    [
      "without a common version",
      { ...release, changesets: { access: "public", fixed: [] } },
      '.changeset/config.json: expected "fixed" to hold latchkey and @latchkey/testing in one group',
    ],
    [
      "with private access of changesets",
      { ...release, changesets: { ...release.changesets, access: "restricted" } },
      '.changeset/config.json: expected "access" to be "public"',
    ],
    [
      "with a file of the repository in a package",
      {
        ...release,
        packages: [{ folder: ".", manifest: first, packed: packedOf(first, [".env"]) }, ...release.packages.slice(1)],
      },
      "latchkey: expected no file outside dist, found .env",
    ],
    [
      "without a licence in a package",
      {
        ...release,
        packages: [
          {
            folder: ".",
            manifest: first,
            packed: { ...packedOf(first), files: [{ path: "package.json" }, { path: "README.md" }] },
          },
          ...release.packages.slice(1),
        ],
      },
      "latchkey: expected the file LICENSE in the package",
    ],
  ])("%s", (_, changed, problem) => {
    expect(problemsOf(changed)).toContain(problem)
  })

  test("when the versions differ", () => {
    expect(problemsOf(withTesting({ version: "0.0.9" }))).toEqual([
      "@latchkey/testing: expected version 0.0.9, found 0.1.0",
      "@latchkey/testing: expected version 0.1.0 of latchkey, found 0.0.9",
    ])
  })
})

describe("placeholders", () => {
  test("are named with their field and their file", () => {
    const manifest = { ...manifests[0], bugs: { url: "https://example.invalid/x" } } as Manifest
    expect(placeholdersOf("package.json", manifest)).toContain('"bugs" in package.json')
    expect(
      placeholdersOf("a", { name: "n", version: "1", author: "A", repository: "r", bugs: "b", homepage: "h" }),
    ).toEqual([])
  })
})

describe("the files of the repository's host", () => {
  test.each(["bug", "vendor", "idea"])(
    "the form %s has a name, a description and fields with ids of their own",
    (name) => {
      const form = parse(textOf(`.github/ISSUE_TEMPLATE/${name}.yml`))
      expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
      const fields = form.body.filter(({ type }: { type: string }) => type !== "markdown")
      const ids = fields.map(({ id }: { id: string }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(
        fields.every((field: { attributes: { label: unknown } }) => typeof field.attributes.label === "string"),
      ).toBe(true)
    },
  )

  test("the workflow of CI runs what everybody can run, and may write nothing", () => {
    const { permissions, jobs } = parse(textOf(".github/workflows/ci.yml"))
    expect(permissions).toEqual({ contents: "read" })
    expect(jobs.all.steps.map(({ run }: { run?: string }) => run)).toContain("bash .ci/run")
  })

  test("the workflow of releases runs every check before it publishes", () => {
    const { jobs } = parse(textOf(".github/workflows/release.yml"))
    const steps: ReadonlyArray<{ run?: string; uses?: string; with?: object }> = jobs.release.steps
    const checks = steps.findIndex(({ run }) => run === "bash .ci/run")
    const publishes = steps.findIndex(({ uses }) => uses?.startsWith("changesets/action@"))
    expect(checks).toBeGreaterThan(-1)
    expect(publishes).toBeGreaterThan(checks)
    expect(steps[publishes]?.with).toEqual({ version: "npm run release:version", publish: "npm run release" })
    const { scripts } = JSON.parse(textOf("package.json"))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["release:version", "release"]))
  })
})
