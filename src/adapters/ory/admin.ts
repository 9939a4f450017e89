/** Requests to the admin API. */
import type * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { z } from "zod"
import type { Reason } from "../../ports/errors.ts"
import type { TransportResponse } from "../../ports/transport.ts"
import type { Call, Engine } from "../oidc/engine/engine.ts"
import { withQuery } from "../oidc/kit.ts"

/** A request whose path is below the admin address. */
export interface AdminCall extends Omit<Call, "url" | "headers"> {
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
}

export interface Admin {
  readonly url: string
  readonly send: (call: AdminCall) => Effect.Effect<TransportResponse, Reason>
  readonly json: <A>(call: AdminCall, schema: z.ZodType<A>) => Effect.Effect<A, Reason>
}

/** Makes the access to the admin API. The API key is sent there only. */
export const makeAdmin = (engine: Engine, url: string, apiKey: Redacted.Redacted<string> | undefined): Admin => {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${Redacted.value(apiKey)}` }
  const complete = ({ path, query, ...call }: AdminCall): Call => ({
    ...call,
    headers,
    url: withQuery(`${url}${path}`, query),
  })
  return {
    url,
    send: (call) => engine.send(complete(call)),
    json: (call, schema) => engine.json(complete(call), schema),
  }
}
