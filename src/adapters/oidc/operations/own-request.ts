/** latchkey's own request to an origin, which shows whether the origin answers. No caller chooses a part of it. */
import * as Effect from "effect/Effect"
import type { TransportRequest } from "../../../ports/transport.ts"
import type { OwnRequest } from "../../transport/circuit-breaker.ts"
import type { Engine } from "../engine/engine.ts"
import { type Credentials, introspectionCredentials } from "../http/client-authentication.ts"
import { maxBytes } from "../http/limits.ts"

/** The longest wait, in milliseconds: a request starts every second while an origin does not answer. */
const longestTimeout = 60_000

/**
 * Makes the function that returns the request for an origin: an introspection of a random token where the origin has that
 * endpoint; else a request for its metadata document or its keys; else for its root.
 */
export const makeOwnRequest = (engine: Engine): ((origin: string) => Effect.Effect<OwnRequest>) => {
  const { server, settings } = engine
  const limits = {
    timeout: Math.min(settings.attemptTimeout, longestTimeout),
    maxBytes: maxBytes.default,
    urgent: true,
  } as const
  const get = (url: string): TransportRequest => ({
    method: "GET",
    url,
    headers: { accept: "application/json" },
    ...limits,
  })
  const configured = introspectionCredentials(settings, server, engine.auth)
  const credentials: Effect.Effect<Credentials> = Effect.suspend(() => {
    if (server.introspectionAuth !== "service_token")
      return Effect.catch(configured(), () => Effect.succeed(noCredentials))
    const token = engine.serviceToken.current()
    return Effect.succeed(
      token === undefined ? noCredentials : { headers: { authorization: `Bearer ${token}` }, form: "" },
    )
  })
  const introspection = (url: string): Effect.Effect<OwnRequest> =>
    Effect.map(credentials, ({ headers, form }) => ({
      operation: "introspect",
      request: {
        method: "POST",
        url,
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded", ...headers },
        body: `token=${crypto.randomUUID()}&token_type_hint=access_token${form}`,
        ...limits,
      },
    }))
  return (origin) =>
    Effect.suspend(() => {
      const isThere = (url: string | undefined): url is string =>
        url !== undefined && URL.parse(url)?.origin === URL.parse(origin)?.origin
      const [introspect, keys] = [engine.knownEndpoint("introspectionEndpoint"), engine.knownEndpoint("jwksUri")]
      if (isThere(introspect)) return introspection(introspect)
      if (isThere(server.metadataUrl))
        return Effect.succeed<OwnRequest>({ operation: "metadata.discover", request: get(server.metadataUrl) })
      if (isThere(keys)) return Effect.succeed<OwnRequest>({ operation: "metadata.keys", request: get(keys) })
      // A root is often a web page or missing: its status alone says whether the origin answers.
      return Effect.succeed<OwnRequest>({ request: get(`${origin}/`) })
    })
}

/** A request without credentials is rejected, which is an answer. */
const noCredentials: Credentials = { headers: {}, form: "" }
