/** Makes the engine of one configured server. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { failingAt } from "../../../internal/current-call.ts"
import type { FleetPlace } from "../../../internal/fleet-tokens.ts"
import { noEvents } from "../../../internal/log.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Events } from "../../../ports/events.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportRequest } from "../../../ports/transport.ts"
import type { JudgedTransport } from "../../transport/circuit-breaker.ts"
import type { Settings } from "../configuration/settings.ts"
import { clientAuthentication } from "../http/client-authentication.ts"
import { reasonOf } from "../http/error-response.ts"
import { decode, pageReason } from "../http/json-response.ts"
import { maxBytes } from "../http/limits.ts"
import { valuesOf } from "../http/request-secrets.ts"
import { fetchMetadata, trustedEndpoint } from "../operations/discovery.ts"
import type { EndpointName, Server } from "../server.ts"
import { discoveredMetadata } from "./discovered-metadata.ts"
import type { Call, Engine, ServiceToken } from "./engine.ts"

/** For a configuration without a service client. */
const noServiceToken: ServiceToken = {
  use: () => Effect.fail({ _tag: "InvalidConfig", issues: [{ path: "management", message: "required by this call" }] }),
  current: () => undefined,
}

/** Makes an engine. It does no I/O yet. `place`: the place of its values in a fleet. */
export const makeEngine = (
  id: string,
  settings: Settings,
  server: Server,
  transport: JudgedTransport,
  serviceToken: ServiceToken = noServiceToken,
  events: Events = noEvents,
  place?: FleetPlace,
): Engine => {
  const secrets = [settings.clientSecret, server.introspectionAuth, server.serviceToken?.clientSecret].flatMap(
    (value) => (Redacted.isRedacted(value) ? [Redacted.value(value) as string] : []),
  )
  const send: Engine["send"] = (call) =>
    Effect.flatMap(transport.send(requestOf(call, settings), call.operation), (response) => {
      if (call.ok.includes(response.status)) {
        const page = pageReason(response)
        return page === undefined ? Effect.succeed(response) : Effect.fail(page)
      }
      const sent = {
        operation: call.operation,
        ...valuesOf(call, { secrets, settings, server }),
        fields: memberNames(call.json),
      }
      return Effect.fail(reasonOf(response, sent, server))
    })
  const json: Engine["json"] = (call, schema) => Effect.flatMap(send(call), (response) => decode(response, schema))
  const { metadataUrl } = server
  const kept = discoveredMetadata(
    Effect.suspend(() => fetchMetadata({ server, secrets, json })),
    server,
    place,
  )
  const discovered = failingAt(metadataUrl, kept.get)
  return {
    id,
    server,
    settings,
    transport,
    events,
    auth: clientAuthentication(settings, server),
    secrets,
    metadata: server.endpoints?.authorizationEndpoint === undefined ? discovered : Effect.succeed(undefined),
    discovered,
    metadataState: (now) => {
      const { fetchedAt, lastError } = kept.state()
      return { fetchedAt, isUsable: kept.getIfUsable(now) !== undefined, reason: lastError }
    },
    endpoint: (name, operation) => {
      const configured = server.endpoints?.[name]
      if (configured !== undefined) return Effect.succeed(configured)
      const endpoint = Effect.flatMap(discovered, ({ [name]: url }) =>
        url === undefined
          ? Effect.fail(missingEndpoint(name, operation))
          : trustedEndpoint(name, url, server, settings.insecureOrigins),
      )
      return failingAt(metadataUrl, endpoint)
    },
    knownEndpoint: (name) => server.endpoints?.[name] ?? kept.current()?.[name],
    serviceToken,
    send,
    json,
  }
}

const missingEndpoint = (name: EndpointName, operation: Operation): Reason => ({
  _tag: "UnsupportedOperation",
  standard: operations[operation],
  instead: `the metadata document has no ${name}; ${withoutEndpoint[name] ?? ""}if the server has one, configure it in "endpoints"`,
})

/** The advice for a server without such an endpoint. */
const withoutEndpoint: Readonly<Partial<Record<EndpointName, string>>> = {
  introspectionEndpoint:
    'configure "token.answers": "signature", with "audience", to validate JWTs by their signature; ',
}

const requestOf = (call: Call, settings: Settings): TransportRequest => ({
  method: call.method,
  url: call.url,
  headers: {
    accept: "application/json",
    ...(call.json !== undefined && { "content-type": "application/json" }),
    ...call.headers,
  },
  ...(call.json !== undefined && { body: JSON.stringify(call.json) }),
  timeout: settings.attemptTimeout,
  maxBytes: call.maxBytes ?? maxBytes.default,
})

/** The names of the members of a JSON object, or of those that a JSON Patch sets. Longest first: one may contain another. */
const memberNames = (json: unknown): ReadonlyArray<string> =>
  (Array.isArray(json)
    ? json.map(({ path }: { readonly path: string }) => path.slice(1))
    : Object.keys(Object(json) as object)
  ).sort((a, b) => b.length - a.length)
