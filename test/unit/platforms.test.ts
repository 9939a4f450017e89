import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scheduler from "effect/Scheduler"
import * as Scope from "effect/Scope"
import { afterEach, describe, expect, test, vi } from "vitest"
import { isCurrent, sizeTable } from "../../scripts/runtimes/sizes.ts"
import { platform as workerd } from "../../src/adapters/platform/workerd.ts"
import { makeTransport } from "../../src/adapters/transport/bun.ts"
import type { TransportOptions } from "../../src/adapters/transport/transport-options.ts"

describe("the package", () => {
  type Targets = Readonly<Record<string, string | Readonly<Record<string, string>>>>
  const { imports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly imports: Readonly<Record<string, Targets>>
  }

  test.each([
    ["#transport", "bun", "bun"],
    ["#transport", "node", "undici"],
    ["#transport", "default", "fetch"],
    ["#platform", "workerd", "workerd"],
    ["#platform", "default", "default"],
    ["#signature", "node", "node"],
    ["#signature", "default", "webcrypto"],
  ])("resolves %s under the condition %s to the file %s", (name, condition, file) => {
    const folder = name.slice(1)
    expect(imports[name]).toHaveProperty([condition], `./dist/adapters/${folder}/${file}.js`)
    expect(imports[name]).toHaveProperty(["latchkey-source", condition], `./src/adapters/${folder}/${file}.ts`)
  })
})

describe("on Workers", () => {
  test("a request in flight has one caller", () => {
    expect(workerd.sharesRequests).toBe(false)
  })

  test("effects yield without a timer, which would end with the request that set it", async () => {
    const timers = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "setImmediate")]
    try {
      const program = Effect.provideService(Effect.as(Effect.yieldNow, "done"), Scheduler.Scheduler, workerd.scheduler)
      const fiber = Effect.runFork(program, { scheduler: workerd.scheduler })
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      expect(fiber.pollUnsafe()).toEqual(Exit.succeed("done"))
      for (const timer of timers) expect(timer).not.toHaveBeenCalled()
    } finally {
      for (const timer of timers) timer.mockRestore()
    }
  })
})

describe("on Bun", () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  /** The options with which Bun's `fetch` is called for a URL. */
  const optionsFor = async (url: string, options: Partial<TransportOptions> = {}): Promise<unknown> => {
    const fetch = vi.fn(async (_url: string, _options: object) => new Response("{}"))
    vi.stubGlobal("fetch", fetch)
    const send = Effect.flatMap(makeTransport({ insecureOrigins: [], ...options }), (transport) =>
      transport.send({ method: "GET", url, headers: {}, timeout: 1000, maxBytes: 100 }),
    )
    await Effect.runPromise(Effect.scoped(send))
    return fetch.mock.calls[0]?.[1]
  }
  const withoutProxies = () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, undefined)
  }

  test("a request has the proxy of the environment, but for a host in NO_PROXY", async () => {
    withoutProxies()
    vi.stubEnv("HTTPS_PROXY", "proxy.example:3128")
    vi.stubEnv("NO_PROXY", "inside.example")
    expect(await optionsFor("https://vendor.example/keys")).toMatchObject({ proxy: "http://proxy.example:3128/" })
    expect(await optionsFor("https://inside.example/keys")).toMatchObject({ proxy: "" })
  })

  test("a request has the proxy and the certificates of the configuration", async () => {
    withoutProxies()
    const [proxy, tls] = ["http://proxy.example:8080", { ca: "a certificate" }]
    expect(await optionsFor("https://vendor.example/keys", { proxy, tls })).toMatchObject({ proxy, tls })
  })

  test("a proxy that is no URL fails with InvalidConfig, and closing succeeds", async () => {
    withoutProxies()
    vi.stubEnv("HTTPS_PROXY", "ftp://proxy.example")
    const scope = Scope.makeUnsafe()
    const reason = await Effect.runPromise(Effect.flip(Scope.provide(makeTransport({ insecureOrigins: [] }), scope)))
    expect(reason).toMatchObject({ _tag: "InvalidConfig", issues: [{ path: "HTTPS_PROXY" }] })
    await Effect.runPromise(Scope.close(scope, Exit.void))
  })
})

describe("the table of bundle sizes", () => {
  const sizes = [{ entry: "latchkey", whole: 1000, withoutEffect: 900, compressed: 200 }]
  const table = sizeTable(sizes)

  test.each<[string, string, boolean]>([
    ["the same sizes", table, true],
    ["a size that differs by 3 %", table.replace("1000", "1030"), true],
    ["a size that differs by 4 %", table.replace("1000", "1040"), false],
    ["a size that is no number", table.replace("1000", "-"), false],
    ["an entry less", table.split("\n").slice(0, 2).join("\n"), false],
    ["an entry more", `${table}\n| \`latchkey/other\` | 1 | 1 | 1 |`, false],
    ["another entry", table.replace("latchkey", "other"), false],
  ])("with %s", (_, found, isExpected) => {
    expect(isCurrent(found, sizes)).toBe(isExpected)
  })
})
