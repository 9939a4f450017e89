import { installKeycloak } from "./install.ts"

// Prints the folder of Keycloak, and installs it first where necessary. CI runs this before the tests.
try {
  const installation = await installKeycloak()
  if ("missing" in installation) {
    process.stderr.write(`No Keycloak: ${installation.missing}\n`)
    process.exitCode = 1
  } else {
    process.stdout.write(`${installation.home}\n`)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
