import { get } from "node:http"
import { median, quantile } from "../statistics.ts"
import type { Load, Sizes } from "./measurement.ts"

type Call = () => Promise<void>

interface StubUsage {
  readonly cpuMicros: number
  readonly calls: number
}

const stubUsage = (url: string): Promise<StubUsage> =>
  new Promise((resolve, reject) => {
    get(`${url}/stub/usage`, { agent: false }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => {
        text += chunk
      })
      response.on("end", () => resolve(JSON.parse(text)))
    }).on("error", reject)
  })

const concurrently = async (call: Call, concurrency: number, millis: number) => {
  const started = performance.now()
  const end = started + millis
  let calls = 0
  const caller = async () => {
    while (performance.now() < end) {
      await call()
      calls++
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  return { calls, seconds: (performance.now() - started) / 1000 }
}

const sequentially = async (call: Call, millis: number): Promise<Pick<Load, "p50" | "p99">> => {
  const end = performance.now() + millis
  const latencies: Array<number> = []
  let before = performance.now()
  while (before < end) {
    await call()
    const after = performance.now()
    latencies.push(after - before)
    before = after
  }
  return { p50: median(latencies) * 1000, p99: quantile(latencies, 0.99) * 1000 }
}

/** Measures a warm peer under load, then with sequential calls. */
export const measure = async (call: Call, url: string, sizes: Sizes): Promise<Load> => {
  await concurrently(call, sizes.concurrency, sizes.warmUp)
  const stubBefore = await stubUsage(url)
  const cpuBefore = process.cpuUsage()
  const { calls, seconds } = await concurrently(call, sizes.concurrency, sizes.load)
  const cpu = process.cpuUsage(cpuBefore)
  const stubAfter = await stubUsage(url)
  const answered = stubAfter.calls - stubBefore.calls
  if (answered !== calls) throw new Error(`${calls} calls returned, but the stub answered ${answered}`)
  return {
    callsPerSecond: calls / seconds,
    cpuPerCall: (cpu.user + cpu.system) / calls,
    stubCores: (stubAfter.cpuMicros - stubBefore.cpuMicros) / 1_000_000 / seconds,
    ...(await sequentially(call, sizes.sequential)),
  }
}
