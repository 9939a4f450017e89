/** Calls to the Management API, with a token that latchkey gets for itself. */
import * as Effect from "effect/Effect"
import type { z } from "zod"
import type { Reason } from "../../ports/errors.ts"
import type { TransportResponse } from "../../ports/transport.ts"
import type { Call, Engine } from "../oidc/engine/engine.ts"
import { decode } from "../oidc/http/json-response.ts"
import { withQuery } from "../oidc/kit.ts"
import { plausible } from "../oidc/operations/revocation.ts"

/** A call whose path is below `/api/v1`. */
export interface ManagementCall extends Omit<Call, "url" | "headers" | "ok"> {
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
}

export interface Management {
  /** Any success will do: which it is follows no rule here, and some have no body. */
  readonly send: (call: ManagementCall) => Effect.Effect<TransportResponse, Reason>
  readonly json: <A>(call: ManagementCall, schema: z.ZodType<A>) => Effect.Effect<A, Reason>
}

const ok = [200, 201, 204]

/** Makes the door to the Management API of a tenant. */
export const makeManagement = (engine: Engine, host: string): Management => {
  const send = ({ path, query, ...call }: ManagementCall) =>
    engine.serviceToken.use((token) => {
      const url = withQuery(`${host}/api/v1${path}`, query)
      const headers = { authorization: `Bearer ${token}` }
      return Effect.flatMap(engine.send({ ...call, ok, url, headers }), (answer) => {
        const refused = answer.body === "" ? undefined : plausible(answer)
        return refused === undefined ? Effect.succeed(answer) : Effect.fail(refused)
      })
    })
  return { send, json: (call, schema) => Effect.flatMap(send(call), (answer) => decode(answer, schema)) }
}
