/** An Express app on loopback. */
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { ErrorRequestHandler, Express } from "express"

/** A listening server without an app, whose address the app may need. */
export interface Listening extends AsyncDisposable {
  readonly origin: string
  readonly serve: (app: Express) => void
}

const statuses = (error: { status?: unknown; statusCode?: unknown }) => [error.status, error.statusCode, 500]

/** Answers an error with the status that Express would choose. Without it Express prints each error. */
const silent: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = statuses(error).find((each) => typeof each === "number" && each >= 400 && each < 600)
  response.set(error.headers ?? {}).sendStatus(Number(status))
}

export const listen = async (): Promise<Listening> => {
  const server: Server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (app) => void server.on("request", app.use(silent)),
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
