import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import { describe, expect, test } from "vitest"
import { monotonicNow } from "../../src/internal/real-timers.ts"
import type { Connection } from "../../src/redis/client.ts"
import { commandLimits, makeCommands } from "../../src/redis/commands.ts"
import { scriptRunner } from "../../src/redis/script-runner.ts"

const limits = { ...commandLimits, deadline: 25 }
const never = () => new Promise<never>(() => undefined)
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Keeps the event loop busy until a time by `monotonicNow`. */
const block = (until: number) => {
  while (monotonicNow() < until);
}

/** A reply that comes when the test says so. */
const heldReply = () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  return { send: () => promise, reply: () => resolve("late") }
}

describe("the circuit of commands", () => {
  test("opens after three commands without a reply, and closes when one of them gets its reply late", async () => {
    const commands = makeCommands(limits)
    const held = heldReply()
    const answers = await Promise.all([commands.run(held.send), commands.run(never), commands.run(never)])
    expect(answers).toEqual([undefined, undefined, undefined])
    let sent = 0
    const next = () => {
      sent += 1
      return Promise.resolve("answer")
    }
    expect([await commands.run(next), sent]).toEqual([undefined, 0])
    held.reply()
    await nextTurn()
    expect([await commands.run(next), sent]).toEqual(["answer", 1])
  })

  test.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR no state",
    "NOPERM this user has no permissions",
  ])("does not open for the error reply %j: the server answers", async (message) => {
    const commands = makeCommands(limits)
    for (let index = 0; index < 6; index++)
      expect(await commands.run(() => Promise.reject(new Error(message)))).toBeUndefined()
    expect(await commands.run(() => Promise.resolve("answer"))).toBe("answer")
  })

  test.each([
    "Socket closed unexpectedly",
    "Connection is closed.",
    "The client is closed",
    "connect ECONNREFUSED ::1",
  ])("opens after three commands that fail with %j", async (message) => {
    const commands = makeCommands(limits)
    for (let index = 0; index < 3; index++) await commands.run(() => Promise.reject(new Error(message)))
    expect(await commands.run(() => Promise.resolve("answer"))).toBeUndefined()
  })
})

/** Two ends of a connection on loopback. */
const socketPair = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const near = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1")
  const [far]: ReadonlyArray<Socket> = await once(server, "connection")
  if (far === undefined) throw new Error("expected a connection, found none")
  const close = () => {
    near.destroy()
    far.destroy()
    server.close()
  }
  return { near, far, [Symbol.dispose]: close }
}

describe("a process that is busy", () => {
  test("reads a reply that waits in the socket before its command counts as late", async () => {
    using pair = await socketPair()
    const commands = makeCommands(limits)
    const began = monotonicNow()
    const command = commands.run(async () => String(await once(pair.near, "data")))
    pair.far.write("reply")
    block(began + 27)
    expect(await command).toBe("reply")
  })

  test("gives a command more time that it had no turn to send before its deadline", async () => {
    const commands = makeCommands(limits)
    const began = monotonicNow()
    const command = commands.run(async () => {
      for (let turn = 0; turn < 6; turn++) await nextTurn()
      return "reply"
    })
    block(began + 70)
    expect(await command).toBe("reply")
  })
})

/** A connection whose commands wait until the test replies, and whose events the test makes. */
const heldConnection = () => {
  const sent: Array<{ readonly reply: (answer: unknown) => void; readonly reject: (error: Error) => void }> = []
  const on: { break: () => void; ready: () => void } = { break: () => undefined, ready: () => undefined }
  const connection: Connection = {
    send: () => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      sent.push({ reply: resolve, reject })
      return promise
    },
    onBreak: (listener) => {
      on.break = listener
      return () => undefined
    },
    onReady: (listener) => {
      on.ready = listener
      listener()
      return () => undefined
    },
    subscribe: () => () => undefined,
  }
  return { connection, sent, on }
}

describe("the greeting of a connection", () => {
  test("is sent before the first call, as soon as the connection is ready", () => {
    const { connection, sent } = heldConnection()
    scriptRunner(connection, "state", 25)
    expect(sent).toHaveLength(1)
  })

  test("takes nothing of a command's deadline, and opens no circuit when it is late", async () => {
    const { connection, sent } = heldConnection()
    const { run } = scriptRunner(connection, "state", 25)
    const early = await Promise.all(Array.from({ length: 10 }, () => run("get", ["k"], [])))
    expect(new Set(early)).toEqual(new Set([undefined]))
    const before = monotonicNow()
    expect(await run("get", ["k"], [])).toBeUndefined()
    expect(monotonicNow() - before).toBeLessThan(15)
    expect(sent).toHaveLength(1)
    sent[0]?.reply("0")
    await nextTurn()
    const command = run("get", ["k"], [])
    await nextTurn()
    sent[1]?.reply(["value"])
    expect(await command).toEqual(["value"])
  })

  test("comes before every command of a new connection, and is not repeated while the client tries to connect", async () => {
    const { connection, sent, on } = heldConnection()
    const { run } = scriptRunner(connection, "state", 25)
    sent[0]?.reply("0")
    await nextTurn()
    for (let attempt = 0; attempt < 5; attempt++) {
      on.break()
      expect(await run("get", ["k"], [])).toBeUndefined()
    }
    expect(sent).toHaveLength(1)
    on.ready()
    const command = run("get", ["k"], [])
    await nextTurn()
    expect(sent).toHaveLength(2)
    sent[1]?.reply("0")
    await nextTurn()
    expect(sent).toHaveLength(3)
    sent[2]?.reply(["value"])
    expect(await command).toEqual(["value"])
  })
})
