/** Runs the contract only with a real Ory Hydra, and fails if there is no Hydra. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs")
const run = spawnSync(process.execPath, [vitest, "run", "test/contract/hydra.test.ts", ...process.argv.slice(2)], {
  env: { ...process.env, LATCHKEY_REQUIRE_HYDRA: "1" },
  stdio: "inherit",
})
process.exitCode = run.status ?? 1
