/** The plugin of the guard for Fastify: it declares the decorator, and serves the metadata. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Introspector } from "./introspector.ts"
import { metadataReply } from "./metadata-reply.ts"
import type { Settings } from "./options.ts"
import { bodyOf, type Refusal, type Reply } from "./refusal.ts"
import { invalidConfig } from "./settings.ts"

/** Makes the plugin. It fails below a prefix if there is metadata, whose path has none. */
export const fastifyPlugin = (auth: Introspector, settings: Settings, decoratorName: string) => {
  const declared = Symbol.for(`latchkey/guard/fastify ${decoratorName}`)
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const answer = metadataReply(settings, request.method, request.originalUrl)
    return answer === undefined ? reply.callNotFound() : send(reply, answer)
  }
  const plugin = async (instance: FastifyInstance): Promise<void> => {
    // Several guards share the decorator: each API of an instance may have its own.
    if (!instance.hasDecorator(declared)) {
      instance.decorateRequest(decoratorName, null)
      instance.decorate(declared, true)
    }
    if (settings.resource === undefined) return
    const { path, route } = settings.resource
    const message = `expected to be registered outside the prefix ${instance.prefix}: the path of the metadata is ${path}`
    if (instance.prefix !== "") throw invalidConfig(auth.id, [{ path: "plugin", message }])
    // Before Fastify refuses a body, so that each other method gets the same response.
    instance.all(route, { onRequest: serve }, serve)
  }
  // The marks of the package fastify-plugin: the decorator is for the whole instance.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "latchkey",
  })
}

/** Sends bytes, because Fastify adds a `charset` to the content type of a text. */
export const send = (reply: FastifyReply, { status, headers, body }: Reply): FastifyReply => {
  reply.code(status).headers(headers)
  return reply.send(body && Buffer.from(body))
}

/** Sends a refusal. Of the body for `HEAD` Fastify sends the length only (RFC 9110 section 8.6). */
export const sendRefusal = (reply: FastifyReply, refusal: Refusal): FastifyReply =>
  send(reply, { ...refusal, body: bodyOf(refusal.situation) })
