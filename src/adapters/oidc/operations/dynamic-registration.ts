/** Dynamic registration and its management, by the book (RFC 7591, RFC 7592). */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Client, ClientRegistration } from "../../../ports/clients.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { NewRegistration } from "../../../ports/registration.ts"
import type { Raws } from "../definition.ts"
import type { Call, Engine } from "../engine/engine.ts"
import { client, inOurWords, toWire } from "./client-metadata.ts"

/** What a vendor's registration needs beside the standard. */
export interface RegistrationRules {
  /** Refuses a record that the server would ignore, or turn into something else. */
  readonly refuse: (record: NewRegistration) => Reason | undefined
  /** Members to send with every record, where the server has defaults that would widen it. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

/** The four requests, for whichever operation they are made. */
export interface RegistrationCalls {
  readonly register: (operation: Operation, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly read: (operation: Operation, own: Client) => Effect.Effect<Client, Reason>
  readonly update: (operation: Operation, own: Client, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly remove: (operation: Operation, own: Client) => Effect.Effect<void, Reason>
}

/** Makes the requests of one server. */
export const registrationCalls = (engine: Engine, { refuse, defaults }: RegistrationRules): RegistrationCalls => {
  const endpoint = engine.endpoint("registrationEndpoint", "registration.register")
  // The URL is made from the id: the one that the server gives may lack it, and is no address to send a token to.
  const uriOf = (base: string, { clientId }: Client) => `${base}/${encodeURIComponent(clientId)}`
  const wire = (record: NewRegistration) => ({ ...defaults, ...toWire(record) })
  const ask = (call: Call) => Effect.mapError(engine.json(call, client), inOurWords)
  const unless = (reason: Reason | undefined) => (reason === undefined ? Effect.void : Effect.fail(reason))

  return {
    register: (operation, record) =>
      Effect.gen(function* () {
        yield* unless(refuse(record))
        const url = yield* endpoint
        const registered = yield* ask({ operation, method: "POST", url, json: wire(record), ok: [201] })
        return carrying(registered, uriOf(url, registered))
      }),
    read: (operation, own) =>
      Effect.gen(function* () {
        const url = uriOf(yield* endpoint, own)
        const { secret: _, ...read } = yield* ask({ operation, method: "GET", url, headers: bearer(own), ok: [200] })
        return carrying(read, url, own.registration)
      }),
    update: (operation, own, record) =>
      Effect.gen(function* () {
        yield* unless(refuse(record))
        const url = uriOf(yield* endpoint, own)
        const json = { ...wire(record), client_id: own.clientId }
        const updated = yield* ask({ operation, method: "PUT", url, headers: bearer(own), json, ok: [200] })
        // The old token may be dead by now, so the answer reaches the caller even where a member was not taken over.
        return carrying(updated, url, own.registration)
      }),
    remove: (operation, own) =>
      Effect.gen(function* () {
        const url = uriOf(yield* endpoint, own)
        yield* engine.send({ operation, method: "DELETE", url, headers: bearer(own), ok: [204] })
      }),
  }
}

/** The operations of registration, all of them. */
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
  "registration.read": (own) => read("registration.read", own),
  "registration.update": ({ client: own, record }) => update("registration.update", own, record),
  "registration.remove": (own) => remove("registration.remove", own),
})

const bearer = ({ registration: own }: Client) => ({
  authorization: `Bearer ${own === undefined ? "" : Redacted.value(own.token)}`,
})

/** Carries the registration token on: the new one where the server gave one, the one in use where it did not. */
const carrying = (record: Client, uri: string, before?: ClientRegistration): Client => {
  const token = record.registration?.token ?? before?.token
  return token === undefined ? record : { ...record, registration: { token, uri: Redacted.make(uri) } }
}
