import type { Fault } from "./fault.ts"

const tests = ["test/release/checks.test.ts"]

/** Faults in what a release must have. */
export const releaseFaults: ReadonlyArray<Fault> = [
  {
    name: "a release without provenance is published",
    file: "scripts/release/checks.ts",
    find: "publishConfig?.provenance === true",
    replace: "publishConfig !== undefined",
    tests,
  },
  {
    name: "a release with another version of its peer is published",
    file: "scripts/release/checks.ts",
    find: "peer === first.version",
    replace: "peer !== undefined",
    tests,
  },
  {
    name: "a release with files of the repository is published",
    file: "scripts/release/checks.ts",
    find: '!path.startsWith("dist/")',
    replace: 'path.startsWith("test/")',
    tests,
  },
  {
    name: "the workflow may publish before the checks",
    file: ".github/workflows/release.yml",
    find: "- run: bash .ci/run",
    replace: "- run: npm ci",
    tests,
  },
]
