import { readdirSync, readFileSync } from "node:fs"
import { matchesGlob, posix, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { alone } from "../vitest.config.ts"
import { adaptersMissingFromConfig, loadedBy, type SourceFile, sourceRules, trueName } from "./source-rules.ts"

const root = fileURLToPath(new URL("../", import.meta.url))

const read = (folder: string): ReadonlyArray<SourceFile> =>
  readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => posix.join(entry.parentPath.slice(root.length).split(sep).join("/"), entry.name))
    .map((path) => ({ path, text: readFileSync(`${root}${path}`, "utf8") }))

type RuleName = keyof typeof sourceRules

const broken = (rule: RuleName, path: string, text: string): ReadonlyArray<string> => sourceRules[rule]({ path, text })

const imports = (from: string): string => `import { x } from "${from}"\n`

describe("the sources", () => {
  const sources = ["src", "packages/testing/src"].flatMap(read)

  test("are found", () => {
    expect(sources.length).toBeGreaterThan(0)
  })

  test.each(Object.entries(sourceRules))("follow the rule %s", (_name, rule) => {
    expect(sources.flatMap(rule)).toEqual([])
  })

  test("import every adapter in src/config.ts", () => {
    expect(adaptersMissingFromConfig(sources)).toEqual([])
  })

  test("define each vendor in at most 80 lines", () => {
    const definitions = sources.filter(({ path }) => /^src\/adapters\/(?!oidc\/)\w+\/index\.ts$/.test(path))
    expect(definitions.map(({ path }) => path)).toEqual(expect.arrayContaining(["src/adapters/ory/index.ts"]))
    expect(definitions.filter(({ text }) => text.trim().split("\n").length > 80)).toEqual([])
  })

  test("define a preset in at most 40 lines", () => {
    const presets = sources.filter(
      ({ path, text }) => /^src\/adapters\/\w+\/index\.ts$/.test(path) && /\bpreset\(/.test(text),
    )
    expect(presets.map(({ path }) => path)).toEqual(
      ["auth0", "cognito", "entra", "logto", "okta", "zitadel"].map((name) => `src/adapters/${name}/index.ts`),
    )
    expect(presets.filter(({ text }) => text.trim().split("\n").length > 40).map(({ path }) => path)).toEqual([])
  })

  test("do not load streams, schedules or openid-client for the Promise API", () => {
    const platform = ["src/adapters/transport/undici.ts", "src/adapters/signature/node.ts"]
    const loaded = loadedBy(sources, ["src/index.ts", "src/adapters/ory/index.ts", ...platform])
    expect(Array.from(loaded)).toEqual(expect.arrayContaining(["src/core/promise.ts", "effect/Effect", "zod"]))
    for (const heavy of ["effect/Stream", "effect/Schedule", "openid-client"]) expect(loaded).not.toContain(heavy)
  })

  test("have meaningful names in the other folders too", () => {
    expect(["test", "bench", "demo", "examples", "scripts"].flatMap(read).flatMap(trueName)).toEqual([])
  })
})

describe("the tests", () => {
  test("mock modules only in files that run alone", () => {
    const mocking = read("test").filter(({ text }) => /\bvi\.(mock|doMock)\(/.test(text))
    expect(mocking.map(({ path }) => path)).toContain("test/jwt/webcrypto-verdicts.test.ts")
    expect(mocking.filter(({ path }) => !alone.some((glob) => matchesGlob(path, glob)))).toEqual([])
  })
})

describe("the dependency rule", () => {
  test.each([
    ["src/ports/issuance.ts", "zod"],
    ["src/ports/issuance.ts", "node:http"],
    ["src/ports/issuance.ts", "../core/auth.ts"],
    ["src/ports/issuance.ts", "../adapters/oidc/engine.ts"],
    ["src/core/auth.ts", "zod"],
    ["src/core/auth.ts", "node:crypto"],
    ["src/core/auth.ts", "../config.ts"],
    ["src/core/auth.ts", "../adapters/ory/index.ts"],
    ["src/adapters/oidc/engine/make-engine.ts", "../../../core/auth.ts"],
    ["src/adapters/oidc/engine/make-engine.ts", "../../ory/index.ts"],
    ["src/adapters/oidc/engine/make-engine.ts", "../../transport/undici.ts"],
    ["src/adapters/oidc/engine/make-engine.ts", "undici"],
    ["src/adapters/ory/index.ts", "../../core/auth.ts"],
    ["src/adapters/ory/index.ts", "../kinde/index.ts"],
    ["src/adapters/ory/index.ts", "openid-client"],
    ["src/adapters/ory/index.ts", "@ory/hydra-client"],
    ["src/adapters/ory/index.ts", "#transport"],
    ["src/adapters/newcomer/index.ts", "../ory/index.ts"],
    ["src/adapters/transport/undici.ts", "../oidc/engine.ts"],
    ["src/adapters/transport/undici.ts", "zod"],
    ["src/adapters/transport/undici.ts", "undici/lib/dispatcher/client.js"],
    ["src/adapters/transport/fetch.ts", "undici"],
    ["src/adapters/transport/fetch.ts", "node:net"],
    ["src/adapters/transport/fetch.ts", "./undici.ts"],
    ["src/internal/time.ts", "../core/auth.ts"],
    ["src/internal/time.ts", "zod"],
    ["src/adapters/ory/index.ts", "../transport/circuit-breaker.ts"],
    ["packages/testing/src/emulator/index.ts", "../../../../src/core/auth.ts"],
    ["packages/testing/src/emulator/index.ts", "../../../../src/adapters/ory/index.ts"],
    ["packages/testing/src/contract/index.ts", "../../../../src/core/auth.ts"],
    ["packages/testing/src/contract/index.ts", "../emulator/index.ts"],
    ["src/index.ts", "./adapters/ory/index.ts"],
    ["src/effect.ts", "./adapters/ory/index.ts"],
    ["src/core.ts", "./adapters/ory/index.ts"],
    ["src/core.ts", "./config.ts"],
    ["src/config.ts", "openid-client"],
    ["src/stray.ts", "effect/Effect"],
  ])("rejects that %s imports %s", (path, from) => {
    expect(broken("dependencies", path, imports(from))).toHaveLength(1)
  })

  test.each([
    ["src/ports/issuance.ts", "effect/Effect"],
    ["src/core/auth.ts", "../ports/provider.ts"],
    ["src/adapters/oidc/engine/make-engine.ts", "openid-client"],
    ["src/adapters/ory/index.ts", "../oidc/define.ts"],
    ["src/adapters/transport/undici.ts", "undici"],
    ["packages/testing/src/emulator/index.ts", "oidc-provider"],
    ["packages/testing/src/contract/index.ts", "latchkey/effect"],
    ["src/index.ts", "./config.ts"],
    ["src/config.ts", "./adapters/ory/index.ts"],
  ])("allows that %s imports %s", (path, from) => {
    expect(broken("dependencies", path, imports(from))).toEqual([])
  })

  test.each([
    `export { x } from "zod"`,
    `export * from "zod"`,
    `export type { X } from "zod"`,
    `import type { X } from "zod"`,
    `import "zod"`,
    `const x = await import("zod")`,
    `const name = "zod"; const x = await import(name)`,
    `type X = import("zod").ZodType`,
  ])("recognizes %s", (text) => {
    expect(broken("dependencies", "src/ports/issuance.ts", text)).toHaveLength(1)
  })

  test("allows a port to import types of Node, and only types", () => {
    expect(broken("dependencies", "src/ports/transport.ts", `import type { A } from "node:net"`)).toEqual([])
    expect(broken("dependencies", "src/ports/transport.ts", `import { type A } from "node:net"`)).toHaveLength(1)
  })

  test("ignores comments and strings", () => {
    const text = `// import "zod"\n/* export * from "zod" */\nconst x = 'import "zod"'\n`
    expect(broken("dependencies", "src/ports/issuance.ts", text)).toEqual([])
  })

  test("reports an adapter that src/config.ts does not import", () => {
    const adapter = { path: "src/adapters/acme/index.ts", text: "" }
    const config = { path: "src/config.ts", text: imports("./adapters/acme/index.ts") }
    expect(adaptersMissingFromConfig([adapter])).toEqual([adapter.path])
    expect(adaptersMissingFromConfig([adapter, config])).toEqual([])
  })
})

describe("the other rules", () => {
  test.each<[RuleName, string, string]>([
    ["deepEffect", "src/core/auth.ts", `import { Effect } from "effect"`],
    ["deepEffect", "src/core/auth.ts", `export type { Effect } from "effect"`],
    ["deepEffect", "src/core/auth.ts", `import * as Schema from "effect/Schema"`],
    ["honestTypes", "src/core/auth.ts", "const x: any = 1"],
    ["honestTypes", "src/core/auth.ts", "const x: Array<Record<string, any>> = []"],
    ["honestTypes", "src/core/auth.ts", "const x = y as unknown as string"],
    ["honestTypes", "src/core/auth.ts", "const x = (y as unknown) as string"],
    ["honestTypes", "src/core/auth.ts", "// @ts-ignore\nconst x = 1"],
    ["honestTypes", "src/core/auth.ts", "// @ts-nocheck"],
    ["honestTypes", "src/core/auth.ts", "// @ts-expect-error\nconst x = 1"],
    ["short", "src/core/auth.ts", "x\n".repeat(200)],
    ["trueName", "src/core/fact_cache.ts", ""],
    ["trueName", "src/core/FactCache.ts", ""],
    ["trueName", "src/core/factCache.ts", ""],
    ["trueName", "src/core/utils.ts", ""],
    ["trueName", "src/core/types.ts", ""],
    ["trueName", "src/helpers/retry.ts", ""],
    ["trueName", "src/common/retry.ts", ""],
    ["noVendorWord", "src/ports/clients.ts", "// as Ory does"],
    ["noVendorWord", "src/core/auth.ts", `const prefix = "ory_rt_"`],
    ["noVendorWord", "src/core/auth.ts", "const kindeKey = 1"],
    ["noVendorWord", "src/adapters/oidc/engine/make-engine.ts", "const isPolar = true"],
    ["noVendorWord", "src/adapters/oidc/engine/make-engine.ts", "// HYDRA only"],
    ["noVendorWord", "src/adapters/oidc/hydra-paging.ts", ""],
  ])("%s reports %s: %j", (rule, path, text) => {
    expect(broken(rule, path, text)).toHaveLength(1)
  })

  test.each<[RuleName, string, string]>([
    ["deepEffect", "src/core/auth.ts", `import * as Effect from "effect/Effect"`],
    ["honestTypes", "src/core/auth.ts", `const x = "any" as unknown // any string, as unknown as it is`],
    ["short", "src/core/auth.ts", "x\n".repeat(199)],
    ["trueName", "src/core/policies/introspection-cache.ts", ""],
    ["noVendorWord", "src/core/auth.ts", "// a directory, history, memory and bipolar polarity"],
    ["noVendorWord", "src/adapters/ory/index.ts", `const id = "ory"`],
  ])("%s accepts %s: %j", (rule, path, text) => {
    expect(broken(rule, path, text)).toEqual([])
  })
})
