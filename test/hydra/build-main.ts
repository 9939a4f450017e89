import { hydraBinary } from "./build.ts"

// Prints the path of the Ory Hydra binary, and builds the binary first where necessary. CI runs this before the tests.
try {
  const binary = await hydraBinary()
  if ("missing" in binary) {
    process.stderr.write(`No Ory Hydra: ${binary.missing}\n`)
    process.exitCode = 1
  } else {
    process.stdout.write(`${binary.path}\n`)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
