/** Runs scripts on the server, after a greeting on each new connection. */
import type { Connection } from "./client.ts"
import { type Commands, commandLimits, makeCommands } from "./commands.ts"
import { makeGreeting } from "./greeting.ts"
import { nodeCrypto } from "./node-crypto.ts"
import { scripts, stateless } from "./scripts.ts"

/** Runs a script as one command. Resolves to `undefined` without a reply in time. */
export type RunScript = (
  name: keyof typeof scripts,
  keys: ReadonlyArray<string>,
  args: ReadonlyArray<string | number>,
) => Promise<unknown>

/**
 * Makes the function that runs scripts on a connection.
 *
 * The greeting of a connection compares the run id of the server, because a server that has restarted, or a replica
 * that has taken over, may have lost ends. It is sent as soon as the connection is ready, so that the first command
 * seldom waits for it.
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
  const newMark = () => randomBytes(9).toString("base64url")
  const hashes = new Map<string, string>(
    Object.values(scripts).map((script) => [script, createHash("sha1").update(script).digest("hex")]),
  )
  const send = async (script: string, keys: ReadonlyArray<string>, args: ReadonlyArray<string | number>) => {
    const rest = [String(keys.length), ...keys, ...args.map(String)]
    try {
      return await connection.send(["EVALSHA", hashes.get(script) ?? "", ...rest])
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error
      return connection.send(["EVAL", script, ...rest])
    }
  }

  const greeting = makeGreeting(() => send(scripts.greet, [state], [newMark()]), { ...commandLimits, deadline })
  const removeBreak = connection.onBreak(greeting.forget)
  const removeReady = connection.onReady(greeting.begin)

  return {
    run: async (name, keys, args) => {
      if (!(await greeting.isDone())) return undefined
      return commands.run(() =>
        stateless.has(name)
          ? send(scripts[name], keys, args)
          : send(scripts[name], [state, ...keys], [newMark(), ...args]),
      )
    },
    close: () => {
      removeBreak()
      removeReady()
    },
  }
}
