/** What a bundler includes: the adapter that a program imports, and no other. */
import { readdirSync } from "node:fs"
import { posix, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("../", import.meta.url))

/** The folders of `src/adapters` that are no vendor. */
const parts: ReadonlySet<string> = new Set(["oidc", "platform", "signature", "transport"])
const vendors = readdirSync(`${root}src/adapters`).filter((folder) => !parts.has(folder))

/** Returns the source files of which a bundle of this program has code, as paths from the root. */
const bundled = async (program: string): Promise<ReadonlyArray<string>> => {
  const entry = `${root}program.ts`
  const build = await rolldown({
    input: entry,
    platform: "node",
    resolve: { conditionNames: ["latchkey-source", "node", "import", "default"] },
    external: (id) => !/^(\.|\/|latchkey|#)/.test(id),
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id === entry ? { id } : null),
        load: (id) => (id === entry ? program : null),
      },
    ],
    cwd: root,
  })
  const { output } = await build.generate({ format: "esm", codeSplitting: false })
  await build.close()
  return output.flatMap((chunk) =>
    chunk.type !== "chunk"
      ? []
      : Object.entries(chunk.modules)
          .filter(([, { renderedLength }]) => renderedLength > 0)
          .map(([id]) => posix.relative(root.split(sep).join("/"), id.split(sep).join("/"))),
  )
}

/** The vendors of which a bundle has code. */
const vendorsIn = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  vendors.filter((vendor) => files.some((file) => file.includes(`src/adapters/${vendor}/`)))

describe("a bundle", () => {
  test("finds the vendors", () => {
    expect(vendors).toEqual(expect.arrayContaining(["auth0", "kinde", "ory", "zitadel"]))
  })

  test.each(vendors)("of a program that imports %s has no other vendor", async (vendor) => {
    const files = await bundled(
      `import { createAuth } from "latchkey/core"\nimport * as vendor from "latchkey/${vendor}"\nconsole.log(createAuth, vendor)`,
    )
    expect(files.length).toBeGreaterThan(50)
    expect(vendorsIn(files)).toEqual([vendor])
  })

  test.each(["ory", "okta"])("of a program of the Effect API that makes %s has no other vendor", async (vendor) => {
    const files = await bundled(
      `import { make } from "latchkey/effect"\nimport { ${vendor} } from "latchkey/${vendor}"\nconsole.log(make(${vendor}({})))`,
    )
    expect(vendorsIn(files)).toEqual([vendor])
  })

  test("of a program that chooses the vendor by configuration has every vendor", async () => {
    expect(vendorsIn(await bundled(`import { createAuth } from "latchkey"\nconsole.log(createAuth)`))).toEqual(vendors)
  })
})
