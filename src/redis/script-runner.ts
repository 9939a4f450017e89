/** Runs scripts on the server, after a greeting on each new connection. */
import type { Fleet } from "../ports/fleet.ts"
import { makeAvailability } from "./availability.ts"
import { type Connection, errorReplyOf } from "./client.ts"
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

export interface ScriptRunner extends Pick<Fleet, "onAvailability"> {
  readonly run: RunScript
  readonly close: () => void
}

const noConnection = "no connection to the server"

const detailOf = (error: unknown): string => {
  const code = errorReplyOf(error)
  return code === undefined ? noConnection : `the server replied with the error ${code}`
}

type Send = (script: string, keys: ReadonlyArray<string>, args: ReadonlyArray<string | number>) => Promise<unknown>

/** Makes the function that sends scripts: by their hash, and with their text if the server does not know the hash. */
const sending = (connection: Connection, onError: (detail: string) => void): Send => {
  const { createHash } = nodeCrypto()
  const hashes = new Map<string, string>(
    Object.values(scripts).map((script) => [script, createHash("sha1").update(script).digest("hex")]),
  )
  const sent: Send = async (script, keys, args) => {
    const rest = [String(keys.length), ...keys, ...args.map(String)]
    try {
      return await connection.send(["EVALSHA", hashes.get(script) ?? "", ...rest])
    } catch (error) {
      if (errorReplyOf(error) !== "NOSCRIPT") throw error
      return connection.send(["EVAL", script, ...rest])
    }
  }
  return async (...command) => {
    try {
      return await sent(...command)
    } catch (error) {
      onError(detailOf(error))
      throw error
    }
  }
}

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
export const scriptRunner = (connection: Connection, state: string, deadline: number): ScriptRunner => {
  const { randomBytes } = nodeCrypto()
  const commands: Commands = makeCommands({ ...commandLimits, deadline })
  const availability = makeAvailability(`no reply within ${deadline} ms`)
  const newMark = () => randomBytes(9).toString("base64url")
  const send = sending(connection, availability.explain)
  const greeting = makeGreeting(() => send(scripts.greet, [state], [newMark()]), { ...commandLimits, deadline })
  const removeBreak = connection.onBreak(() => {
    greeting.forget()
    availability.explain(noConnection)
  })
  const removeReady = connection.onReady(greeting.begin)

  return {
    run: async (name, keys, args) => {
      const sendIt = () =>
        stateless.has(name)
          ? send(scripts[name], keys, args)
          : send(scripts[name], [state, ...keys], [newMark(), ...args])
      const answer = (await greeting.isDone()) ? await commands.run(sendIt) : undefined
      if (answer === undefined) availability.unanswered()
      else availability.answered()
      return answer
    },
    onAvailability: availability.onAvailability,
    close: () => {
      availability.close()
      removeBreak()
      removeReady()
    },
  }
}
