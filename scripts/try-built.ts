/** Loads every entry of the built package, and an external adapter that uses its own zod. */
import assert from "node:assert/strict"
import { registerHooks } from "node:module"
import manifest from "../package.json" with { type: "json" }

const loaded: Array<string> = []
registerHooks({
  load: (url, context, next) => {
    loaded.push(url)
    return next(url, context)
  },
})
const has = (part: string): boolean => loaded.some((url) => url.includes(part))

const { createAuth } = await import("latchkey")
const entries = Object.keys(manifest.exports).filter((entry) => entry !== "." && entry !== "./package.json")
for (const entry of entries) await import(entry.replace(".", "latchkey"))
await import("@latchkey/testing")
assert(has("/dist/index.js"), "the loaded package is not the build in dist")
assert(!has("/node_modules/zod/"), "the built entries load zod file by file (decision 0019)")

const { acme } = await import("../examples/fourth-vendor.ts")
assert(has("/node_modules/zod/"), "the adapter must load its own zod")
const config = { clientId: "a", clientSecret: "b", tenant: "https://acme.example" }
await using auth = createAuth(acme(config))
assert.equal(auth.id, "acme")
assert.throws(
  () => createAuth(acme({ ...config, clientId: "", tenant: "acme" })),
  ({ reason }) => {
    assert.equal(reason._tag, "InvalidConfig")
    assert.deepEqual(reason.issues.map(({ path }: { readonly path: string }) => path).sort(), ["clientId", "tenant"])
    return true
  },
)
