/** Requests at a steady rate, and what became of them. */
import { Agent, request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"

/** A client waits this many milliseconds. */
const patience = 7000

/** One response. Times are milliseconds, on the monotonic clock. */
export interface Response {
  /** 0: no response within {@link patience}. */
  readonly status: number
  readonly sentAt: number
  readonly latency: number
  readonly retryAfter: string | undefined
}

export interface Load extends Disposable {
  /** Sends one request. */
  readonly send: (token: string) => Promise<Response>
  /** Sends requests at a rate per second, for a while, and resolves with the responses. */
  readonly atRate: (
    rate: number,
    seconds: number,
    tokenOf: (index: number) => string,
  ) => Promise<ReadonlyArray<Response>>
}

/** Opens a client of a server. */
export const loadOf = (port: number): Load => {
  const agent = new Agent({ keepAlive: true })
  const send: Load["send"] = (token) =>
    new Promise((resolve, reject) => {
      const sentAt = performance.now()
      const headers = { authorization: `Bearer ${token}` }
      const gaveUp = () => resolve({ status: 0, sentAt, latency: performance.now() - sentAt, retryAfter: undefined })
      const sent = request({ port, host: "127.0.0.1", agent, headers }, (response) => {
        const { statusCode: status = 0, headers } = response
        response
          .resume()
          .once("end", () =>
            resolve({ status, sentAt, latency: performance.now() - sentAt, retryAfter: headers["retry-after"] }),
          )
      })
        .once("error", reject)
        .once("close", () => clearTimeout(timer))
      const timer = setTimeout(() => {
        gaveUp()
        sent.destroy()
      }, patience)
      sent.end()
    })
  const atRate: Load["atRate"] = async (rate, seconds, tokenOf) => {
    const startedAt = performance.now()
    const sent: Array<Promise<Response>> = []
    for (;;) {
      const elapsed = (performance.now() - startedAt) / 1000
      while (sent.length < Math.min(elapsed, seconds) * rate) sent.push(send(tokenOf(sent.length)))
      if (elapsed >= seconds) return Promise.all(sent)
      await sleep(2)
    }
  }
  return { send, atRate, [Symbol.dispose]: () => agent.destroy() }
}

/** Counts the statuses, such as "200: 12, 503: 90"; 0 is no response. */
export const countsOf = (responses: ReadonlyArray<Response>): string =>
  [...Map.groupBy(responses, ({ status }) => status)]
    .toSorted(([a], [b]) => a - b)
    .map(([status, { length }]) => `${status}: ${length}`)
    .join(", ")

/** Gives the latency that this share of the responses does not exceed. */
export const latencyOf = (responses: ReadonlyArray<Response>, share: number): number =>
  responses.map(({ latency }) => latency).toSorted((a, b) => a - b)[
    Math.max(0, Math.ceil(share * responses.length) - 1)
  ] ?? Number.NaN
