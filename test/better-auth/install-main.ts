import { installBetterAuth } from "./install.ts"

// Installs Better Auth where necessary. CI runs this before the tests.
try {
  installBetterAuth()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
