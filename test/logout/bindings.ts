/** A server for each binding of the logout handler, on real sockets unless it says otherwise. */
import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { backChannelLogout, type LogoutClient, type LogoutOptions, nodeBackChannelLogout } from "latchkey/logout"
import { backChannelLogout as expressLogout } from "latchkey/logout/express"
import { backChannelLogout as fastifyLogout } from "latchkey/logout/fastify"
import { backChannelLogout as honoLogout } from "latchkey/logout/hono"

export const form = "application/x-www-form-urlencoded"

/** A logout request as a test sends it. */
export interface Sent {
  readonly method?: string
  readonly type?: string
  readonly body: string
}

export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | null>>
  readonly body: string
}

export interface Running {
  /** Absent if the handler is called in the process. */
  readonly url?: string
  readonly send: (request: Sent) => Promise<Received>
  readonly close: () => Promise<unknown>
}

type Start = (auth: LogoutClient, options?: LogoutOptions) => Promise<Running>

const names = ["cache-control", "content-type", "retry-after", "allow"]

const received = async (response: Response): Promise<Received> => ({
  status: response.status,
  headers: Object.fromEntries(names.map((name) => [name, response.headers.get(name)])),
  body: await response.text(),
})

const requestOf = (url: string, { method = "POST", type = form, body }: Sent): Request =>
  new Request(url, { method, headers: { "content-type": type }, body: method === "GET" ? null : body })

const at = (url: string, close: () => Promise<unknown>): Running => ({
  url,
  send: async (request) => received(await fetch(requestOf(url, request))),
  close,
})

const listening = async (listener: RequestListener): Promise<Running> => {
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  return at(`http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`, async () => {
    server.closeAllConnections()
    server.close()
  })
}

const startFastify: Start = async (auth, options) => {
  const app = fastify()
  await app.register(fastifyLogout(auth, "/logout", options))
  await app.listen({ host: "127.0.0.1", port: 0 })
  return at(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/logout`, () => app.close())
}

export const bindings: ReadonlyArray<{ readonly name: string; readonly start: Start }> = [
  { name: "node:http", start: (auth, options) => listening(nodeBackChannelLogout(auth, options)) },
  {
    name: "web handlers in the process",
    start: async (auth, options) => {
      const handle = backChannelLogout(auth, options)
      const send = async (request: Sent) => received(await handle(requestOf("https://app.example/logout", request)))
      return { send, close: async () => undefined }
    },
  },
  { name: "Express", start: (auth, options) => listening(express().all("/logout", expressLogout(auth, options))) },
  {
    name: "Express with a parser of forms",
    start: (auth, options) =>
      listening(
        express()
          .use(express.urlencoded({ limit: "1mb" }))
          .all("/logout", expressLogout(auth, options)),
      ),
  },
  { name: "Fastify", start: startFastify },
  {
    name: "Hono",
    start: (auth, options) => listening(getRequestListener(new Hono().all("/logout", honoLogout(auth, options)).fetch)),
  },
]
