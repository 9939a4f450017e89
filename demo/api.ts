/** An API on loopback whose one route is behind the guard. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { AnyAuth } from "latchkey"
import { nodeGuard } from "latchkey/guard"

/** What the API answered. */
export interface Answer {
  readonly status: number
  /** The headers of a refusal, and the body. */
  readonly text: string
}

export interface Api {
  /** Calls the API with or without a token. */
  readonly call: (token?: string) => Promise<Answer>
  readonly close: () => void
}

const shownHeaders = ["www-authenticate", "retry-after"]

/** Starts the API on a free port. */
export const startApi = async (auth: AnyAuth): Promise<Api> => {
  const orders = nodeGuard(auth, { onError: () => undefined })({}, (request, response) => {
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({ ordersOf: request.auth.subject ?? request.auth.clientId }))
  })
  const server = createServer(orders).listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
  return {
    call: async (token) => {
      const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
      const headers = shownHeaders.flatMap((name) => {
        const value = response.headers.get(name)
        return value === null ? [] : [`${name}: ${value}`]
      })
      const body = await response.text()
      return { status: response.status, text: response.ok ? body : headers.join(", ") }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
