/** Installs Better Auth where necessary, and runs the tests that need it; fails if it is missing. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { installBetterAuth } from "../test/better-auth/install.ts"

installBetterAuth()
const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs")
const files = ["test/contract/better-auth.test.ts", "test/better-auth"]
const run = spawnSync(process.execPath, [vitest, "run", ...files, ...process.argv.slice(2)], {
  env: { ...process.env, LATCHKEY_REQUIRE_BETTER_AUTH: "1" },
  stdio: "inherit",
})
process.exitCode = run.status ?? 1
