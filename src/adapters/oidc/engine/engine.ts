/** The engine that every operation of an adapter uses: a configured server, its endpoints and the transport. */
import type * as Effect from "effect/Effect"
import type * as client from "openid-client"
import type { z } from "zod"
import type { DocumentState } from "../../../internal/document-health.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Events } from "../../../ports/events.ts"
import type { ServerMetadata } from "../../../ports/metadata.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { Tenant } from "../../../ports/telemetry.ts"
import type { TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import type { JudgedTransport } from "../../transport/circuit-breaker.ts"
import type { Settings } from "../configuration/settings.ts"
import type { EndpointName, Server } from "../server.ts"

/** A request that no standard describes. */
export interface Call {
  readonly operation: Operation
  readonly method: TransportRequest["method"]
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** The body, sent as JSON. */
  readonly json?: unknown
  /** The statuses that mean success. */
  readonly ok: ReadonlyArray<number>
  /** The largest response body, in bytes. Default 1 MiB. */
  readonly maxBytes?: number
}

/** Latchkey's own access token for a vendor's management API. */
export interface ServiceToken {
  /** Makes a call with the token. If the vendor rejects the token, the call is made once more with a new one. */
  readonly use: <A>(call: (token: string) => Effect.Effect<A, Reason>) => Effect.Effect<A, Reason>
  /** The token that was requested last, if there is one. */
  readonly current: () => string | undefined
}

/** Names the server and the client of an engine in metrics. */
export const tenantOf = ({ id, server, settings }: Pick<Engine, "id" | "server" | "settings">): Tenant => ({
  provider: id,
  issuer: server.issuer,
  client_id: settings.clientId,
})

/** A configured server, with the functions that operations use. */
export interface Engine {
  /** The vendor's id. */
  readonly id: string
  readonly server: Server
  readonly settings: Settings
  readonly transport: JudgedTransport
  /** Delivers events to the `log` of the configuration. */
  readonly events: Events
  /** Authenticates the client. */
  readonly auth: client.ClientAuth
  /** Values that no error may contain. */
  readonly secrets: ReadonlyArray<string>
  /** The metadata document; `undefined` if the authorization endpoint is configured, because then nothing is discovered. */
  readonly metadata: Effect.Effect<ServerMetadata | undefined, Reason>
  /** The metadata document, which is discovered even if endpoints are configured. */
  readonly discovered: Effect.Effect<ServerMetadata, Reason>
  /** The state of the metadata document in memory, at a time in milliseconds since 1970. */
  readonly metadataState: (now: number) => DocumentState
  /** Returns an endpoint, configured or discovered. Fails with `UnsupportedOperation` if the server has none. */
  readonly endpoint: (name: EndpointName, operation: Operation) => Effect.Effect<string, Reason>
  /** Returns an endpoint that is configured, or that an earlier call discovered. */
  readonly knownEndpoint: (name: EndpointName) => string | undefined
  /** See `Server.serviceToken`. */
  readonly serviceToken: ServiceToken
  /** Sends a request. A status that is not in `ok` becomes a reason. */
  readonly send: (call: Call) => Effect.Effect<TransportResponse, Reason>
  /** Sends a request and parses its JSON response. */
  readonly json: <A>(call: Call, schema: z.ZodType<A>) => Effect.Effect<A, Reason>
}
