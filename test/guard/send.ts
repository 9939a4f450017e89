/** Requests whose header lines are sent as they are, and responses without what every server adds by itself. */
import { request } from "node:http"
import type { Lines } from "./row.ts"

export interface Sent {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly lines: Lines
}

export interface Received {
  readonly status: number
  /** Lower-case names, sorted; a name may occur twice. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}

/** What servers and frameworks add to every response. */
const ofServers: ReadonlySet<string> = new Set([
  "date",
  "connection",
  "content-length",
  "transfer-encoding",
  "keep-alive",
  "x-powered-by",
])

/** Returns the headers of a guard. */
export const ownHeaders = (pairs: Iterable<readonly [string, string]>): Received["headers"] =>
  Array.from(pairs, ([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !ofServers.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))

const pairsOf = (flat: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""] as const)

/** Sends a request over a socket of its own. */
export const sendTo = (port: number, { method, target, lines }: Sent): Promise<Received> =>
  new Promise((resolve, reject) => {
    // A flat list is written line by line.
    const headers = ["Host", "api.example", "Connection", "close", ...lines.flat()]
    const outgoing = request({ host: "127.0.0.1", port, method, path: target, headers, agent: false }, (response) => {
      let body = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => {
        body += chunk
      })
      response.on("error", reject)
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: ownHeaders(pairsOf(response.rawHeaders)), body }),
      )
    })
    outgoing.on("error", reject)
    outgoing.end()
  })
