/** Runs scripts on the server, after a greeting on each new connection. */
import type { Connection } from "./client.ts"
import { type Commands, commandLimits, makeCommands } from "./commands.ts"
import { nodeCrypto } from "./node-crypto.ts"
import { scripts, stateless } from "./scripts.ts"

/** Runs a script as one command. Resolves to `undefined` without a reply in time. */
export type RunScript = (
  name: keyof typeof scripts,
  keys: ReadonlyArray<string>,
  args: ReadonlyArray<string | number>,
) => Promise<unknown>

/**
 * Makes the running of scripts on a connection.
 *
 * The first command of a connection compares the run of the server: a server that started again, or another one that took
 * over, may have lost ends.
 *
 * @param state the key of the state of the fleet
 * @param deadline the longest time of a command, in milliseconds
 */
export const scriptRunner = (
  connection: Connection,
  state: string,
  deadline: number,
): { readonly run: RunScript; readonly close: () => void } => {
  const { createHash, randomBytes } = nodeCrypto()
  const commands: Commands = makeCommands({ ...commandLimits, deadline })
  const hashes = new Map<string, string>(
    Object.values(scripts).map((script) => [script, createHash("sha1").update(script).digest("hex")]),
  )
  let greeting: Promise<unknown> | undefined
  const forget = () => {
    greeting = undefined
  }

  const send = async (script: string, keys: ReadonlyArray<string>, args: ReadonlyArray<string | number>) => {
    const rest = [String(keys.length), ...keys, ...args.map(String)]
    try {
      return await connection.send(["EVALSHA", hashes.get(script) ?? "", ...rest])
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error
      return connection.send(["EVAL", script, ...rest])
    }
  }

  const greet = (): Promise<unknown> => {
    const own = send(scripts.greet, [state], [randomBytes(9).toString("base64url")])
    greeting = own
    own.catch(() => {
      if (greeting === own) forget()
    })
    return own
  }

  return {
    run: async (name, keys, args) => {
      const mark = randomBytes(9).toString("base64url")
      const own = async () => {
        await (greeting ?? greet())
        return stateless.has(name)
          ? send(scripts[name], keys, args)
          : send(scripts[name], [state, ...keys], [mark, ...args])
      }
      const answer = await commands.run(own)
      if (answer === undefined) forget()
      return answer
    },
    close: connection.onBreak(forget),
  }
}
