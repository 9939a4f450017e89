/** Runs the tests on a real Keycloak only, and fails if there is no Keycloak. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs")
const run = spawnSync(process.execPath, [vitest, "run", "--project", "keycloak", ...process.argv.slice(2)], {
  env: { ...process.env, LATCHKEY_REQUIRE_KEYCLOAK: "1" },
  stdio: "inherit",
})
process.exitCode = run.status ?? 1
