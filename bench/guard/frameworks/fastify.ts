import fastify, { type FastifyReply, type FastifyRequest, type onRequestAsyncHookHandler } from "fastify"
import { fastifyJwtJwks as jwtJwks } from "fastify-jwt-jwks"
import { guard as latchkeyGuard } from "latchkey/guard/fastify"
import { authOf } from "../auth.ts"
import { path, type Setting, subject } from "../job.ts"
import { type Serve, verifierOf } from "../peer.ts"

declare module "fastify" {
  interface FastifyRequest {
    sub: string | undefined
  }
}

const byHand = async (guard: string, setting: Setting): Promise<onRequestAsyncHookHandler> => {
  const verify = await verifierOf(guard, setting)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const returned = verify(request.headers.authorization)
    const sub = typeof returned === "object" ? await returned : returned
    if (sub === undefined) return reply.code(401).header("www-authenticate", "Bearer").send()
    request.sub = sub
    return undefined
  }
}

/** Serves with Fastify. */
export const serve: Serve = async (guard, setting) => {
  const app = fastify()
  if (guard === "latchkey") {
    const protect = latchkeyGuard(authOf(setting))
    app.register(protect.plugin)
    app.get(path, { onRequest: protect() }, async (request) => ({ sub: request.auth?.subject }))
  } else if (guard === "fastify-jwt-jwks") {
    const { issuer, audience } = setting.trust
    await app.register(jwtJwks, { jwksUrl: `${setting.vendor}/keys`, issuer, audience })
    app.get(path, { onRequest: app.authenticate }, async (request) => ({ sub: (request.user as { sub: string }).sub }))
  } else if (guard === "none") {
    app.get(path, async () => ({ sub: subject }))
  } else {
    app.decorateRequest("sub", undefined)
    app.get(path, { onRequest: await byHand(guard, setting) }, async (request) => ({ sub: request.sub }))
  }
  return Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port)
}
