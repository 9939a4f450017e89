/** The ends that the server has not confirmed. */
import { describe, expect, test } from "vitest"
import type { FleetEnd } from "../../src/ports/fleet.ts"
import { makeEnds } from "../../src/redis/ends.ts"
import { endTexts } from "../../src/redis/parties.ts"
import { makeSealing } from "../../src/redis/sealing.ts"
import { secret } from "./clients.ts"

const server = "https://id.example"
const sealing = makeSealing([secret])
const nameOf = (end: FleetEnd) => endTexts(end).flatMap((text) => sealing.names("party", text))

/** A server whose replies the test gives, in order. */
const open = () => {
  const sent: Array<ReadonlyArray<string | number>> = []
  const replies: Array<(isConfirmed: boolean) => void> = []
  const run = (_name: string, _keys: ReadonlyArray<string>, args: ReadonlyArray<string | number>) => {
    sent.push(args)
    return new Promise<unknown>((resolve) => replies.push((isConfirmed) => resolve(isConfirmed ? 1 : undefined)))
  }
  const news = { message: () => "news", onEnd: () => () => undefined, close: () => undefined }
  const ends = makeEnds(run, "channel", sealing, news)
  const reply = (isConfirmed: boolean) => replies.shift()?.(isConfirmed)
  const fail = async (...each: ReadonlyArray<FleetEnd>) => {
    const ended = ends.end(each)
    reply(false)
    expect(await ended).toBe(false)
  }
  return { ends, sent, replies, reply, fail }
}

describe("more unconfirmed ends than are remembered", () => {
  test("end every entry of their servers, so that none of them is lost", async () => {
    const { ends, sent, reply, fail } = open()
    await fail({ server, subject: "u" })
    await fail({ server: "https://other.example", subject: "u" })
    for (let number = 0; number < 999; number++) await fail({ server, token: `garbage-${number}` })
    const flushed = ends.flush()
    reply(true)
    expect(await flushed).toBe(true)
    const [, , ...names] = sent.at(-1) ?? []
    expect(names).toEqual([...nameOf({ server }), ...nameOf({ server: "https://other.example" })])
  })

  test("are tried again one by one up to 1,000", async () => {
    const { ends, sent, reply, fail } = open()
    for (let number = 0; number < 1000; number++) await fail({ server, token: `garbage-${number}` })
    const flushed = ends.flush()
    reply(true)
    expect(await flushed).toBe(true)
    expect(sent.at(-1)).toHaveLength(2 + 1000)
  })
})

describe("an end that fails while others are tried again", () => {
  test("is unconfirmed, so that no entry is read", async () => {
    const { ends, replies, fail } = open()
    await fail({ server, subject: "first" })
    const flushed = ends.flush()
    const second = ends.end([{ server, subject: "second" }])
    const [confirmFirst, failSecond] = replies
    failSecond?.(false)
    expect(await second).toBe(false)
    confirmFirst?.(true)
    expect(await flushed).toBe(false)
  })
})
