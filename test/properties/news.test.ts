/** What anybody who can publish to the channel of a fleet can make a process do. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { FleetEnd } from "../../src/ports/fleet.ts"
import type { Connection, SubscriptionEvents } from "../../src/redis/client.ts"
import { makeNews } from "../../src/redis/news.ts"
import { makeSealing } from "../../src/redis/sealing.ts"

const channel = "{latchkey}:news"
const sealing = makeSealing(["the secret of a fleet, which has more than 32 bytes"])
const foreign = makeSealing(["the secret of another fleet, with more than 32 bytes"])

type Told = FleetEnd | "unknown"

/** A process that subscribes, and what it is told. */
const subscribed = (used = sealing) => {
  let events: SubscriptionEvents | undefined
  const connection: Pick<Connection, "subscribe"> = {
    subscribe: (_, given) => {
      events = given
      return () => undefined
    },
  }
  const news = makeNews(connection, channel, used)
  const told: Array<Told> = []
  news.onEnd((end) => told.push(end))
  const receive = (message: string): ReadonlyArray<Told> => {
    told.length = 0
    events?.onMessage(message)
    return Array.from(told)
  }
  return { news, receive }
}

const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined })

const ends: fc.Arbitrary<FleetEnd> = fc
  .record({
    server: fc.string(),
    ...{ subject: optional(fc.string()), clientId: optional(fc.string()), session: optional(fc.string()) },
    ...{ token: optional(fc.string()), grant: optional(fc.boolean()), outdates: optional(fc.boolean()) },
    logout: optional(fc.record({ at: fc.integer(), issuer: fc.string() })),
  })
  .map((end) => JSON.parse(JSON.stringify(end)) as FleetEnd)

const sender = subscribed().news

describe("a message on the channel of a fleet", () => {
  test("of another process tells what has ended", () => {
    const { receive } = subscribed()
    return fc.assert(
      fc.property(fc.array(ends), (all) => {
        expect(receive(sender.message(all))).toEqual(all)
      }),
    )
  })

  test("of the process itself tells nothing", () => {
    const { news, receive } = subscribed()
    expect(receive(news.message([{ server: "https://id.example" }]))).toEqual([])
  })

  test("that no process of the fleet has sent stands for any end, and throws nothing", () => {
    const { receive } = subscribed()
    const real = sender.message([{ server: "https://id.example", subject: "user-1" }])
    const changed = fc
      .tuple(fc.nat(real.length - 1), fc.constantFrom("", "!", "\n", "😀", ".", "|"))
      .map(([at, text]) => real.slice(0, at) + text + real.slice(at + 1))
      .filter((message) => message !== real)
    const truncated = fc.nat(real.length - 1).map((length) => real.slice(0, length))
    const random = fc.string({ unit: "binary", maxLength: 2000 })
    const prefixed = fc.base64String().map((text) => `${real.slice(0, real.indexOf(".") + 1)}${text}`)
    const json = fc.json()
    const ofOthers = fc.json().map((text) => foreign.seal(text, channel))
    const ofAnotherPlace = fc.json().map((text) => sealing.seal(text, "{latchkey}:an-entry"))
    return fc.assert(
      fc.property(fc.oneof(changed, truncated, random, prefixed, json, ofOthers, ofAnotherPlace), (message) => {
        expect(receive(message)).toEqual(["unknown"])
      }),
      { numRuns: 1000 },
    )
  })

  test("that a process of another version has sent stands for any end, unless it has the form of this version", () => {
    const { receive } = subscribed()
    const wrong = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((all) => JSON.stringify({ from: "other", ends: all })),
      fc.jsonValue().map((each) => JSON.stringify({ from: "other", ends: [each] })),
      fc
        .tuple(ends, fc.string({ minLength: 1 }))
        .map(([end, name]) => JSON.stringify({ from: "other", ends: [{ ...end, [`new ${name}`]: 1 }] })),
      fc
        .tuple(ends, fc.constantFrom("server", "token", "grant", "logout"))
        .map(([end, name]) => JSON.stringify({ from: "other", ends: [{ ...end, [name]: 7 }] })),
    )
    return fc.assert(
      fc.property(wrong, (text) => {
        const told = receive(sealing.seal(text, channel))
        expect(told.every((each) => each === "unknown")).toBe(true)
        expect(told.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1000 },
    )
  })

  test("of more than a million characters is not decrypted", () => {
    let opened = 0
    const counting = {
      ...sealing,
      open: (...args: Parameters<typeof sealing.open>) => {
        opened += 1
        return sealing.open(...args)
      },
    }
    const { receive } = subscribed(counting)
    const subject = "u".repeat(1 << 20)
    expect(receive(sender.message([{ server: "https://id.example", subject }]))).toEqual(["unknown"])
    expect(opened).toBe(0)
    const all = Array.from({ length: 1000 }, (_, index) => ({ server: "https://id.example", subject: `user-${index}` }))
    expect(receive(sender.message(all))).toEqual(all)
  })
})
