/** The arguments of the demo. */
import { parseArgs } from "node:util"

export const usage = "usage: npm run demo [-- --json | -- --serve [--port N]], where N is a port from 0 to 65535"

interface Arguments {
  readonly json?: boolean
  readonly serve?: boolean
  readonly port: number
}

/** Returns `undefined` if an argument is unknown, wrong, or without effect beside the others. */
export const readArguments = (args: ReadonlyArray<string>): Arguments | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean" }, serve: { type: "boolean" }, port: { type: "string" } },
    })
    const port = values.port ?? "0"
    const isPort = /^\d{1,5}$/.test(port) && Number(port) < 65_536
    if (!isPort || (values.port !== undefined && values.serve !== true) || (values.json && values.serve))
      return undefined
    return { ...values, port: Number(port) }
  } catch {
    return undefined
  }
}
