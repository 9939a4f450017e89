/** A server on loopback whose address a real issuer knows as logout URI. */
import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { type LogoutClient, type LogoutOptions, nodeBackChannelLogout, type Outcome } from "latchkey/logout"

export interface Receiver extends AsyncDisposable {
  readonly uri: string
  /** Serves the logout requests for a client. The issuer registers the address before the client exists. */
  readonly serve: (auth: LogoutClient, options?: LogoutOptions) => void
  /** Waits for the outcome of a number of requests. */
  readonly outcomes: (count: number) => Promise<ReadonlyArray<Outcome>>
  /** The bodies of the requests, in order. */
  readonly bodies: ReadonlyArray<string>
}

/** Starts the server. It answers 503 until it serves a client. */
export const startReceiver = async (): Promise<Receiver> => {
  let listener: RequestListener = (_, response) => response.writeHead(503).end()
  const bodies: Array<string> = []
  const outcomes: Array<Outcome> = []
  let waiting = () => undefined as unknown
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on("end", () => bodies.push(body))
    listener(request, response)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    serve: (auth, options = {}) => {
      listener = nodeBackChannelLogout(auth, {
        ...options,
        onOutcome: (outcome) => {
          outcomes.push(outcome)
          waiting()
        },
      })
    },
    outcomes: async (count) => {
      while (outcomes.length < count)
        await new Promise<void>((resolve) => {
          waiting = resolve
        })
      return outcomes
    },
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Json = Readonly<Record<string, unknown>>

const partOf = (token: string, index: number): Json =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString()) as Json

/** Returns header and claims of the token in a body. */
export const partsOf = (body = ""): { readonly header: Json; readonly claims: Json } => {
  const token = new URLSearchParams(body).get("logout_token") ?? ""
  return { header: partOf(token, 0), claims: partOf(token, 1) }
}
