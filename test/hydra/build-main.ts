import { hydraBinary } from "./build.ts"

// Prints the path of the Ory Hydra binary, after building it if need be, so that CI can do it before the tests.
try {
  const found = await hydraBinary()
  if ("missing" in found) {
    process.stderr.write(`No Ory Hydra: ${found.missing}\n`)
    process.exitCode = 1
  } else {
    process.stdout.write(`${found.path}\n`)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
