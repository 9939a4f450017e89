/** Dynamic client registration and its management, as the standards define them (RFC 7591, RFC 7592). */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { issuedSecret } from "../../../internal/issued-secret.ts"
import type { Client, ClientRegistration } from "../../../ports/clients.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { NewRegistration } from "../../../ports/registration.ts"
import type { Raws } from "../definition.ts"
import type { Call, Engine } from "../engine/engine.ts"
import { failIf } from "../kit.ts"
import { client, toWire, withPortName } from "./client-metadata.ts"

/** How a vendor's registration deviates from the standards. */
export interface RegistrationRules {
  /** Rejects a record of which the server would ignore or change a member. */
  readonly reject: (record: NewRegistration) => Reason | undefined
  /** Members to send with every record, if the server's defaults would give a client more rights. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

/** The four requests. The operation is an argument, because client management uses them too. */
export interface RegistrationCalls {
  readonly register: (operation: Operation, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly read: (operation: Operation, registered: Client) => Effect.Effect<Client, Reason>
  readonly update: (operation: Operation, registered: Client, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly remove: (operation: Operation, registered: Client) => Effect.Effect<void, Reason>
}

/** Makes the requests of one server. */
export const registrationCalls = (engine: Engine, { reject, defaults }: RegistrationRules): RegistrationCalls => {
  const endpoint = engine.endpoint("registrationEndpoint", "registration.register")
  // The URL is made from the id. `registration_client_uri` may lack the id, and is not trusted with a token.
  const uriOf = (base: string, { clientId }: Client) => `${base}/${encodeURIComponent(clientId)}`
  const bodyOf = (record: NewRegistration) => ({ ...defaults, ...toWire(record) })
  const request = (call: Call) => Effect.mapError(engine.json(call, client), withPortName)

  return {
    register: (operation, record) =>
      Effect.gen(function* () {
        yield* failIf(reject(record))
        const url = yield* endpoint
        const created = yield* request({ operation, method: "POST", url, json: bodyOf(record), ok: [201] })
        return withRegistration(created, uriOf(url, created))
      }),
    read: (operation, registered) =>
      Effect.gen(function* () {
        const url = uriOf(yield* endpoint, registered)
        const { secret: _, ...read } = yield* request({
          operation,
          method: "GET",
          url,
          headers: bearer(registered),
          ok: [200],
        })
        return withRegistration(read, url, registered.registration)
      }),
    update: (operation, registered, record) =>
      Effect.gen(function* () {
        yield* failIf(reject(record))
        const url = uriOf(yield* endpoint, registered)
        const json = { ...bodyOf(record), client_id: registered.clientId }
        const updated = yield* request({ operation, method: "PUT", url, headers: bearer(registered), json, ok: [200] })
        // Not compared with the record: the caller needs the result, because the old token may already be invalid.
        return withRegistration(updated, url, registered.registration)
      }),
    remove: (operation, registered) =>
      Effect.gen(function* () {
        const url = uriOf(yield* endpoint, registered)
        yield* engine.send({ operation, method: "DELETE", url, headers: bearer(registered), ok: [204] })
      }),
  }
}

/** All operations of registration. */
export const registrationOperations = [
  "registration.register",
  "registration.read",
  "registration.update",
  "registration.remove",
] as const satisfies ReadonlyArray<Operation>

type RegistrationOperation = (typeof registrationOperations)[number]

/** Makes the operations of a server's registration. */
export const registration = ({ register, read, update, remove }: RegistrationCalls): Raws<RegistrationOperation> => ({
  "registration.register": (record) => register("registration.register", record),
  "registration.read": (registered) => read("registration.read", registered),
  "registration.update": ({ client: registered, record }) => update("registration.update", registered, record),
  "registration.remove": (registered) => remove("registration.remove", registered),
})

const bearer = ({ registration: access }: Client) => ({
  authorization: `Bearer ${access === undefined ? "" : Redacted.value(access.token)}`,
})

/** Adds the registration access token to a client: the new one if the response has one, else the previous one. */
const withRegistration = (record: Client, uri: string, before?: ClientRegistration): Client => {
  const token = record.registration?.token ?? before?.token
  return token === undefined ? record : { ...record, registration: { token, uri: issuedSecret(uri) } }
}
