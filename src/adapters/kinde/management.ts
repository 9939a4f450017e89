/** Requests to the Management API, with the service token. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import type { Reason } from "../../ports/errors.ts"
import type { TransportResponse } from "../../ports/transport.ts"
import type { Call, Engine } from "../oidc/engine/engine.ts"
import { decode } from "../oidc/http/json-response.ts"
import { failIf, withQuery } from "../oidc/kit.ts"
import { rejectMarkup } from "../oidc/operations/revocation.ts"

/** A request whose path is below `/api/v1`. */
export interface ManagementCall extends Omit<Call, "url" | "headers" | "ok"> {
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
}

export interface Management {
  /** Accepts 200, 201 and 204: the status of a success varies, and some successes have no body. */
  readonly send: (call: ManagementCall) => Effect.Effect<TransportResponse, Reason>
  readonly json: <A>(call: ManagementCall, schema: z.ZodType<A>) => Effect.Effect<A, Reason>
}

const ok = [200, 201, 204]

/** Makes the access to the Management API of a tenant. */
export const makeManagement = (engine: Engine, host: string): Management => {
  const send = ({ path, query, ...call }: ManagementCall) =>
    engine.serviceToken.use((token) => {
      const url = withQuery(`${host}/api/v1${path}`, query)
      const headers = { authorization: `Bearer ${token}` }
      return Effect.flatMap(engine.send({ ...call, ok, url, headers }), (response) =>
        Effect.as(failIf(response.body === "" ? undefined : rejectMarkup(response)), response),
      )
    })
  return { send, json: (call, schema) => Effect.flatMap(send(call), (response) => decode(response, schema)) }
}
