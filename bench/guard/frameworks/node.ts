import { createServer, type RequestListener, type ServerResponse } from "node:http"
import { nodeGuard } from "latchkey/guard"
import { authOf } from "../auth.ts"
import type { Setting } from "../job.ts"
import { listening } from "../listening.ts"
import { type Serve, verifierOf } from "../peer.ts"

const respond = (response: ServerResponse, sub: string | undefined): void => {
  response.setHeader("content-type", "application/json")
  response.end(JSON.stringify({ sub }))
}

const listenerOf = async (guard: string, setting: Setting): Promise<RequestListener> => {
  if (guard === "latchkey")
    return nodeGuard(authOf(setting))((request, response) => respond(response, request.auth.subject))
  const verify = await verifierOf(guard, setting)
  return async (request, response) => {
    const returned = verify(request.headers.authorization)
    const sub = typeof returned === "object" ? await returned : returned
    if (sub === undefined) response.writeHead(401, { "www-authenticate": "Bearer" }).end()
    else respond(response, sub)
  }
}

/** Serves with `node:http`. */
export const serve: Serve = async (guard, setting) => listening(createServer(await listenerOf(guard, setting)))
