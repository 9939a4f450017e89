/** A server on loopback that can be down in three ways: no connections, no responses, or responses with status 503. */
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export type Outage = "refused" | "hanging" | "failing"

export interface FailingServer extends AsyncDisposable {
  readonly url: string
  readonly goDown: (how: Outage) => Promise<void>
  readonly comeBack: () => Promise<void>
}

/** A redirect to `location`, or JSON. The default of `status` is 302 or 200. */
export interface Reply {
  readonly status?: number
  readonly location?: string
  readonly json?: object
}

/** A request: its URL, and the parameters of its form. */
export interface Received {
  readonly url: URL
  readonly form: URLSearchParams
  readonly headers: IncomingMessage["headers"]
}

const send = (response: ServerResponse, { location, json, status = location === undefined ? 200 : 302 }: Reply): void =>
  void response
    .writeHead(status, location === undefined ? { "content-type": "application/json" } : { location })
    .end(json && JSON.stringify(json))

/** Starts a server. `answer` responds to a request while the server is not down. */
export const startFailingServer = async (
  answer: (received: Received) => Reply | Promise<Reply>,
): Promise<FailingServer> => {
  let outage: Outage | undefined
  let port = 0
  const url = () => `http://127.0.0.1:${port}`
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ""
    for await (const chunk of request.setEncoding("latin1")) text += chunk
    if (outage === "hanging") return
    if (outage === "failing") return void response.writeHead(503).end()
    const form = new URLSearchParams(text)
    send(response, await answer({ url: new URL(request.url ?? "/", url()), form, headers: request.headers }))
  }
  const server = createServer((request, response) => {
    // A client that goes away ends the reading of its request.
    respond(request, response).catch(() => undefined)
  })
  const listen = async () => {
    server.listen({ port, host: "127.0.0.1", backlog: 4096 })
    await once(server, "listening")
    port = (server.address() as AddressInfo).port
  }
  const close = async () => {
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen()
  return {
    url: url(),
    goDown: async (how) => {
      outage = how
      if (how === "refused") await close()
    },
    comeBack: async () => {
      if (!server.listening) await listen()
      else if (outage === "hanging") server.closeAllConnections()
      outage = undefined
    },
    [Symbol.asyncDispose]: () => (server.listening ? close() : Promise.resolve()),
  }
}
