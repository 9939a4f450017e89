/** What every operation of an adapter stands on: a configured server, its endpoints and the door to it. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as client from "openid-client"
import type { z } from "zod"
import type { Reason } from "../../../ports/errors.ts"
import type { ServerMetadata } from "../../../ports/metadata.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { Transport, TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import { decode } from "../http/json-response.ts"
import { maxBytes } from "../http/limits.ts"
import { clientAuth } from "../http/client-authentication.ts"
import { fetchMetadata, own } from "../operations/discovery.ts"
import { refusal } from "../http/error-response.ts"
import { keep } from "../../../internal/refresh-ahead.ts"
import type { OwnToken } from "./service-token.ts"
import type { EndpointName, Server } from "../server.ts"
import type { Settings } from "../configuration/settings.ts"

/** One request of a vendor's own, for which no standard function exists. */
export interface Call {
  readonly operation: Operation
  readonly method: TransportRequest["method"]
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** The statuses that mean success. */
  readonly ok: ReadonlyArray<number>
  readonly maxBytes?: number
}

export interface Engine {
  readonly id: string
  readonly server: Server
  readonly settings: Settings
  readonly transport: Transport
  readonly auth: client.ClientAuth
  /** Values that no error may repeat. */
  readonly secrets: ReadonlyArray<string>
  /** What the server publishes of itself; nothing where the page that browsers are sent to is known without that. */
  readonly published: Effect.Effect<ServerMetadata | undefined, Reason>
  /** One of the server's URLs, given or discovered; a server without it does not support the operation. */
  readonly endpoint: (name: EndpointName, operation: Operation) => Effect.Effect<string, Reason>
  /** The token of the vendor's own kind of service client; see `Server.ownToken`. */
  readonly ownToken: OwnToken
  /** Sends a call; any status but the expected ones is mapped to a reason. */
  readonly send: (call: Call) => Effect.Effect<TransportResponse, Reason>
  /** Sends a call and reads its JSON answer. */
  readonly json: <A>(call: Call, schema: z.ZodType<A>) => Effect.Effect<A, Reason>
}

/** What a call is told that needs a token of the vendor's kind, where none is configured. */
const noOwnToken: OwnToken = {
  use: () => Effect.fail({ _tag: "InvalidConfig", issues: [{ path: "management", message: "this call needs it" }] }),
}

/** How long a discovered document is used before it is fetched again, in milliseconds. */
const discoveredFor = 600_000

/** Up to this age it serves where the server cannot give another, and how often it is asked for one; in milliseconds. */
const staleFor = 3_600_000
const askedAgain = 30_000

/** Makes the engine for one configured server. It does no input or output yet. */
export const makeEngine = (
  id: string,
  settings: Settings,
  server: Server,
  transport: Transport,
  ownToken: OwnToken = noOwnToken,
): Engine => {
  const secrets = [settings.clientSecret, server.introspectionAuth, server.ownToken?.clientSecret].flatMap((value) =>
    Redacted.isRedacted(value) ? [Redacted.value(value) as string] : [],
  )
  const discovered = keep(
    Effect.map(
      Effect.suspend(() => fetchMetadata(engine)),
      (metadata) => ({ metadata, at: Date.now() }),
    ),
    {
      isFresh: ({ at }) => ageSince(at) < discoveredFor,
      serves: ({ at }) => ageSince(at) < staleFor,
      pause: askedAgain,
    },
  )
  const send = (call: Call) =>
    Effect.flatMap(transport.send(request(call, settings)), (answer) =>
      call.ok.includes(answer.status)
        ? Effect.succeed(answer)
        : Effect.fail(
            refusal(
              answer,
              { operation: call.operation, secrets: [...secrets, ...sent(call)], fields: names(call.json) },
              server,
            ),
          ),
    )
  const engine: Engine = {
    id,
    server,
    settings,
    transport,
    auth: clientAuth(settings, server),
    secrets,
    published:
      server.endpoints?.authorizationEndpoint === undefined
        ? Effect.map(discovered.get, ({ metadata }) => metadata)
        : Effect.succeed(undefined),
    endpoint: (name, operation) => {
      const given = server.endpoints?.[name]
      if (given !== undefined) return Effect.succeed(given)
      return Effect.flatMap(discovered.get, ({ metadata }) => {
        const url = metadata[name]
        return url === undefined ? Effect.fail(lacking(name, operation)) : own(name, url, server, settings.insecure)
      })
    },
    ownToken,
    send,
    json: (call, schema) => Effect.flatMap(send(call), (answer) => decode(answer, schema)),
  }
  return engine
}

/** Milliseconds; after the clock was set back nobody knows. */
const ageSince = (at: number): number => (Date.now() < at ? Number.POSITIVE_INFINITY : Date.now() - at)

const lacking = (name: EndpointName, operation: Operation): Reason => ({
  _tag: "UnsupportedOperation",
  standard: operations[operation],
  instead: `the server publishes no ${name}; give it in "endpoints" if it has one`,
})

const request = (call: Call, settings: Settings): TransportRequest => ({
  method: call.method,
  url: call.url,
  headers: {
    accept: "application/json",
    ...(call.json !== undefined && { "content-type": "application/json" }),
    ...call.headers,
  },
  ...(call.json !== undefined && { body: JSON.stringify(call.json) }),
  timeout: settings.timeout,
  maxBytes: call.maxBytes ?? maxBytes.default,
})

/** What of a call may never be repeated: its credential, and a secret that it sets. */
const sent = ({ headers, json }: Call): ReadonlyArray<string> => [
  ...(headers?.authorization === undefined ? [] : [headers.authorization.replace(/^\S+ /, "")]),
  ...members(json).flatMap(([name, value]) => (name === "client_secret" && typeof value === "string" ? [value] : [])),
]

/** The members of a record, or those that a JSON Patch sets. */
const members = (json: unknown): ReadonlyArray<readonly [string, unknown]> =>
  Array.isArray(json)
    ? json.map(({ path, value }: { readonly path: string; readonly value?: unknown }) => [path.slice(1), value])
    : Object.entries(Object(json) as object)

/** The longest names first, so that one that holds another is found before it. */
const names = (json: unknown): ReadonlyArray<string> =>
  members(json)
    .map(([name]) => name)
    .sort((a, b) => b.length - a.length)
