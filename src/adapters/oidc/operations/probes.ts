/** The requests with which `health` tests whether the origins of a server answer. They have no credential. */
import type { Operation } from "../../../ports/provider.ts"
import type { TransportRequest } from "../../../ports/transport.ts"
import { originOf } from "../../transport/origin.ts"
import type { Engine } from "../engine/engine.ts"
import { maxBytes } from "../http/limits.ts"

export interface Probe {
  readonly origin: string
  readonly request: TransportRequest
  /** The operation that the response is judged by; absent: by its status alone. */
  readonly operation?: Operation
  /** Whether access tokens are judged at this origin: by introspection, or by the keys that are fetched there. */
  readonly judges: boolean
}

/** The endpoints that latchkey itself sends requests to. */
const endpoints = [
  "tokenEndpoint",
  "introspectionEndpoint",
  "revocationEndpoint",
  "userinfoEndpoint",
  "jwksUri",
] as const

/** Returns one request for each origin: for its metadata document or its keys, or else for its root. */
export const probesOf = (engine: Engine, longest: number): ReadonlyArray<Probe> => {
  const { server, settings, knownEndpoint } = engine
  const keyUrls = (server.token?.issuers ?? []).flatMap(({ jwksUri }) => (jwksUri === undefined ? [] : [jwksUri]))
  const judge = server.token?.answers === "signature" ? "jwksUri" : "introspectionEndpoint"
  // If the endpoint is not known yet, the metadata document must be fetched first.
  const judging = knownEndpoint(judge) ?? server.metadataUrl
  const judges = new Set([judging, ...(judge === "jwksUri" ? keyUrls : [])].map(originOf))
  const known = endpoints.flatMap((name) => knownEndpoint(name) ?? [])
  const documents = new Map<string, { readonly url: string; readonly operation: Operation }>()
  const keys = knownEndpoint("jwksUri")
  for (const url of [...keyUrls, ...(keys === undefined ? [] : [keys])])
    documents.set(originOf(url), { url, operation: "metadata.keys" })
  documents.set(originOf(server.metadataUrl), { url: server.metadataUrl, operation: "metadata.discover" })
  const origins = new Set([judging, ...known, ...keyUrls].map(originOf))
  return Array.from(origins, (origin) => {
    const { url = `${origin}/`, operation } = documents.get(origin) ?? {}
    const request: TransportRequest = {
      ...{ method: "GET", url, headers: { accept: "application/json" } },
      ...{ timeout: Math.min(settings.attemptTimeout, longest), maxBytes: maxBytes.default, urgent: true },
    }
    return { origin, request, judges: judges.has(origin), ...(operation !== undefined && { operation }) }
  })
}
