/** Runs the steps on the runtime that runs this file. */
import { steps } from "./program.ts"

const [server = "", refused = ""] = process.argv.slice(2)
console.log(JSON.stringify(await steps(server, refused)))
process.exit(0)
