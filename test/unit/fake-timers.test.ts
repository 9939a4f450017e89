import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { type FakeMethod, install } from "@sinonjs/fake-timers"
import { createAuth } from "latchkey"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"

/** What Jest replaces by default, with `doNotFake: ["nextTick"]`. */
const jest: ReadonlyArray<FakeMethod> = [
  ...(["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"] as const),
  ...(["Date", "hrtime", "performance", "queueMicrotask"] as const),
]

let clock: ReturnType<typeof install> | undefined

describe.each([
  { name: "vitest's defaults", fake: () => void vi.useFakeTimers(), restore: () => void vi.useRealTimers() },
  {
    name: "Jest's, without nextTick",
    fake: () => {
      clock = install({ toFake: [...jest] })
    },
    restore: () => clock?.uninstall(),
  },
])("the Promise API with fake timers: $name", ({ fake, restore }) => {
  let worker: Worker
  let issuer: string
  beforeAll(async () => {
    worker = new Worker(new URL("./fake-timers-issuer.ts", import.meta.url))
    const [port] = await once(worker, "message")
    issuer = `http://127.0.0.1:${port}`
  })
  afterEach(() => restore())
  afterAll(() => worker.terminate())

  const open = () =>
    createAuth({
      provider: "oidc",
      issuer,
      clientId: "app",
      clientSecret: "secret",
      audience: "any",
      insecureOrigins: [issuer],
      endpoints: { introspectionEndpoint: `${issuer}/introspect`, tokenEndpoint: `${issuer}/token` },
    })
  const tokens = Array.from({ length: 10 }, (_, index) => `token-${index}`)

  it.each(["cold", "warm"])("answers ten calls in turn and ten at once, %s", async (state) => {
    const auth = open()
    if (state === "warm") await auth.introspect("first")
    fake()
    for (const token of tokens) expect(await auth.introspect(token)).toMatchObject({ active: true, subject: "user" })
    const live = await Promise.all(tokens.map((token) => auth.introspect(token, { freshness: "live" })))
    expect(live.map(({ active }) => active)).toEqual(tokens.map(() => true))
    expect(
      (await Promise.all(tokens.map((token) => auth.refresh(token)))).map(({ refreshToken }) => refreshToken),
    ).toEqual(tokens.map(() => "next"))
    expect(await auth.clientCredentials()).toMatchObject({ accessToken: "token" })
    await auth.close()
  })
})
