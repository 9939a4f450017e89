/** The other attacks: one caller's input that must decide for that caller alone. */
import { setTimeout as sleep } from "node:timers/promises"
import { createAuth } from "latchkey"
import { ory } from "latchkey/ory"
import { atRate, ignored, type OpenAuth, openAuth, type Row, startVendor, Tally } from "./world.ts"

/** An outage of 0.75 s under callers that ask live: how long it takes from the vendor's return to the last failure. */
export const outage = async (): Promise<Row> => {
  await using vendor = await startVendor()
  const auth = openAuth(vendor.url)
  let isOver = false
  let lastFailureAt = 0
  let succeeded = 0
  const caller = async (number: number): Promise<void> => {
    for (let call = 0; !isOver; call++) {
      await auth.introspect(`good-${number}-${call}`, { freshness: "live" }).then(
        () => {
          succeeded += 1
        },
        () => {
          lastFailureAt = performance.now()
        },
      )
      await sleep(20)
    }
  }
  const callers = Array.from({ length: 64 }, (_, number) => caller(number))
  await sleep(1000)
  await vendor.tell("stop")
  await sleep(750)
  await vendor.tell("start")
  const readyAt = performance.now()
  await sleep(2500)
  isOver = true
  await Promise.all(callers)
  await auth.close()
  const recovery = Math.max(0, lastFailureAt - readyAt)
  return {
    attack: "an outage of 0.75 s, 64 callers that ask live",
    found: `the last failure ${recovery.toFixed(0)} ms after the vendor was ready, ${succeeded} calls succeeded`,
    wanted: "within 1500 ms",
    ok: lastFailureAt > 0 && recovery <= 1500 && succeeded > 1000,
  }
}

/** A vendor that stops answering, under one call a second: which calls fail at once. */
const hangingVendor = async (): Promise<Row> => {
  await using vendor = await startVendor()
  const auth = openAuth(vendor.url)
  const slow: Array<number> = []
  // The own requests of latchkey get no answer either, because the vendor's process stands still.
  const { pid } = vendor
  process.kill(pid, "SIGSTOP")
  await atRate(1, 15, async (index) => {
    const sentAt = performance.now()
    await ignored(auth.introspect(`good-${index}`, { retry: false }))
    if (performance.now() - sentAt > 1000) slow.push(index)
  })
  process.kill(pid, "SIGCONT")
  await auth.close()
  return {
    attack: "a vendor that hangs, under one call a second",
    found: `${slow.length} of 15 calls waited; the others failed at once`,
    wanted: "at most 8 waited",
    ok: slow.length <= 8,
  }
}

/** Attacks on the cache: the share of calls that it answers, under ten calls a second of the attack. */
const hitRate = async (attack: string, evil: (auth: OpenAuth, index: number) => Promise<unknown>): Promise<Row> => {
  await using vendor = await startVendor()
  const auth = openAuth(vendor.url)
  const seconds = 8
  const known = 50
  let calls = 0
  let sent = 0
  const before = await vendor.count()
  await Promise.all([
    atRate(200, seconds, async () => {
      await ignored(auth.introspect(`good-${calls++ % known}`))
    }),
    atRate(10, seconds, async (index) => {
      if (attack.includes("revocation")) sent += 1
      await ignored(evil(auth, index))
    }),
  ])
  const asked = (await vendor.count()) - before - sent
  await auth.close()
  const rate = 100 * (1 - asked / calls)
  return { attack, found: `hit rate ${rate.toFixed(1)} %`, wanted: "above 90 %", ok: rate > 90 }
}

const random = (): string => Array.from({ length: 2 }, () => crypto.randomUUID().replaceAll("-", "")).join("")

/** Letters outside ASCII in what a caller sends: nothing may reach the vendor, and nobody may be refused. */
const nonAscii = async (): Promise<Row> => {
  await using vendor = await startVendor()
  const auth = openAuth(vendor.url)
  const tally = new Tally()
  for (let round = 0; round < 10; round++) {
    await ignored(auth.userInfo(`tök-${round}`))
    await ignored(auth.revoke(`tök-${round}`))
    await ignored(auth.refresh(`tök-${round}`))
  }
  const reached = await vendor.count()
  for (let call = 0; call < 20; call++) await tally.count(auth.introspect(`good-${call}`))
  await auth.close()
  return {
    attack: "a letter outside ASCII in a token: userInfo, revoke, refresh",
    found: `${reached} requests reached the vendor, ${tally.refused} of ${tally.calls} good calls refused`,
    wanted: "0 requests, 0 refused",
    ok: reached === 0 && tally.refused === 0,
  }
}

/** Calls that the vendor answers with 500 because of their arguments, beside the introspections of others. */
const serverErrors = async (): Promise<Row> => {
  await using vendor = await startVendor()
  const { url } = vendor
  const auth = createAuth(
    ory({ publicUrl: url, adminUrl: url, clientId: "app", clientSecret: "secret", insecureOrigins: [url] }),
  )
  const tally = new Tally()
  await Promise.all([
    atRate(10, 4, async (index) => {
      await ignored(
        index % 2 === 0 ? auth.clients.patch({ client: "app", changes: { name: "bad" } }) : auth.refresh("ory_rt_a.b"),
      )
    }),
    atRate(20, 4, (index) => tally.count(auth.introspect(`good-${index}`))),
  ])
  await auth.close()
  return {
    attack: "a bad PATCH and a wrong clock, which the vendor answers with 500",
    found: `${tally.refused} of ${tally.calls} refused`,
    wanted: "0 refused",
    ok: tally.refused === 0,
  }
}

export const others: ReadonlyArray<() => Promise<Row>> = [
  serverErrors,
  hangingVendor,
  nonAscii,
  () => hitRate("10 revocations/s of the text garbage", (auth) => auth.revoke("garbage")),
  () =>
    hitRate("10 revocations/s of well-shaped unknown tokens", (auth) => auth.revoke(`ory_at_${random()}.${random()}`)),
  () => hitRate("10 logouts/s, which send nothing", (auth) => auth.session.end({ idTokenHint: "a.b.c" })),
]
