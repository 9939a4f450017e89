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
import { checkStandardRecord } from "./registration-record.ts"

/** How a vendor's registration deviates from the standards. */
export interface RegistrationRules {
  /** Rejects a record of which the server would ignore or change a member. */
  readonly reject: (record: NewRegistration) => Reason | undefined
  /** Members to send with every record, if the server's defaults would give a client more rights. */
  readonly defaults?: Readonly<Record<string, unknown>>
  /** Sent with every registration (RFC 7591 section 3). */
  readonly initialAccessToken?: Redacted.Redacted<string> | undefined
  /**
   * The URL of a client's registration. `"issued"`: `registration_client_uri`, on the origin of the registration endpoint.
   * Default `"id"`: made from the id, because the vendor's `registration_client_uri` may lack the id.
   */
  readonly clientUri?: "id" | "issued"
}

/** The four requests. The operation is an argument, because client management uses them too. */
export interface RegistrationCalls {
  readonly register: (operation: Operation, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly read: (operation: Operation, registered: Client) => Effect.Effect<Client, Reason>
  readonly update: (operation: Operation, registered: Client, record: NewRegistration) => Effect.Effect<Client, Reason>
  readonly remove: (operation: Operation, registered: Client) => Effect.Effect<void, Reason>
}

/** Makes the requests of one server. */
export const registrationCalls = (engine: Engine, rules: RegistrationRules): RegistrationCalls => {
  const { reject, defaults, initialAccessToken } = rules
  const endpoint = engine.endpoint("registrationEndpoint", "registration.register")
  const uriOf = (registered: Client) =>
    Effect.flatMap(endpoint, (base) => clientUri(base, registered, rules, engine.server.origins))
  const bodyOf = (record: NewRegistration) => ({ ...defaults, ...toWire(record) })
  const request = (call: Call) => Effect.mapError(engine.json(call, client), withPortName)
  const read: RegistrationCalls["read"] = (operation, registered) =>
    Effect.gen(function* () {
      const url = yield* uriOf(registered)
      const headers = bearerOf(registered)
      const { secret: _, ...found } = yield* request({ operation, method: "GET", url, headers, ok: [200] })
      // The record has the id of one client, and the URL and the token of another one.
      if (found.clientId !== registered.clientId) return yield* Effect.fail(anotherClient)
      return withRegistration(found, issuedUri(found, rules) ?? url, registered.registration)
    })
  // A URL that does not contain the client id may belong to another client, so the client is read before anything is
  // changed.
  const confirmed = (operation: Operation, registered: Client) =>
    Effect.flatMap(uriOf(registered), (url) =>
      namesClient(url, registered.clientId) ? Effect.succeed(registered) : read(operation, registered),
    )

  return {
    read,
    register: (operation, record) =>
      Effect.gen(function* () {
        yield* failIf(reject(record))
        const url = yield* endpoint
        const headers = initialAccessToken === undefined ? {} : bearer(initialAccessToken)
        const created = yield* request({ operation, method: "POST", url, headers, json: bodyOf(record), ok: [201] })
        return withRegistration(created, issuedUri(created, rules) ?? madeUri(url, created))
      }),
    update: (operation, given, record) =>
      Effect.gen(function* () {
        yield* failIf(reject(record))
        const registered = yield* confirmed(operation, given)
        const url = yield* uriOf(registered)
        const headers = bearerOf(registered)
        const json = { ...bodyOf(record), client_id: registered.clientId }
        const updated = yield* request({ operation, method: "PUT", url, headers, json, ok: [200] })
        // Not compared with the record: the caller needs the result, because the old token may already be invalid.
        return withRegistration(updated, issuedUri(updated, rules) ?? url, registered.registration)
      }),
    remove: (operation, given) =>
      Effect.gen(function* () {
        const registered = yield* confirmed(operation, given)
        const url = yield* uriOf(registered)
        yield* engine.send({ operation, method: "DELETE", url, headers: bearerOf(registered), ok: [204] })
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

/**
 * Makes the operations of a server that follows the standards. For a server without a registration endpoint they fail
 * with `UnsupportedOperation`.
 */
export const standardRegistration = (
  engine: Engine,
  initialAccessToken?: Redacted.Redacted<string>,
): Raws<RegistrationOperation> =>
  registration(registrationCalls(engine, { reject: checkStandardRecord, initialAccessToken, clientUri: "issued" }))

/** Makes the registration of a server that has RFC 7591 without RFC 7592. */
export const registerOnly = (
  engine: Engine,
  initialAccessToken?: Redacted.Redacted<string>,
): Raws<"registration.register"> => ({
  "registration.register": standardRegistration(engine, initialAccessToken)["registration.register"],
})

const bearer = (token: Redacted.Redacted<string>) => ({ authorization: `Bearer ${Redacted.value(token)}` })

const bearerOf = ({ registration: access }: Client) => bearer(access?.token ?? Redacted.make(""))

const anotherClient: Reason = {
  _tag: "InvalidToken",
  check: "rejected",
  detail: "the registration is that of another client",
}

const madeUri = (endpoint: string, { clientId }: Client) => `${endpoint}/${encodeURIComponent(clientId)}`

/** The URL that a server has issued, if there is one and the rules use it. */
const issuedUri = ({ registration: access }: Client, rules: RegistrationRules): string | undefined =>
  rules.clientUri !== "issued" || access === undefined ? undefined : Redacted.value(access.uri) || undefined

/** Whether the URL of a registration names this client, in a part of its path or in a parameter. */
const namesClient = (uri: string, clientId: string): boolean => {
  const { pathname, searchParams } = new URL(uri)
  const inPath = pathname.split("/").includes(encodeURIComponent(clientId))
  return inPath || Array.from(searchParams.values()).includes(clientId)
}

/** Returns the URL of a client's registration. The token is sent to no other origin than those of the server. */
const clientUri = (
  endpoint: string,
  registered: Client,
  rules: RegistrationRules,
  origins: ReadonlyArray<string> = [],
): Effect.Effect<string, Reason> => {
  const issued = issuedUri(registered, rules)
  if (issued === undefined) return Effect.succeed(madeUri(endpoint, registered))
  const trusted = [new URL(endpoint).origin, ...origins]
  return trusted.includes(URL.parse(issued)?.origin ?? "")
    ? Effect.succeed(issued)
    : Effect.fail({
        _tag: "InvalidRequest",
        field: "registration.uri",
        detail: `expected a URL on the origin of the registration endpoint, ${trusted[0]}; if another is intended, list it in "token.origins"`,
      })
}

/** Adds the registration access token to a client: the new one if the response has one, else the previous one. */
const withRegistration = (record: Client, uri: string, before?: ClientRegistration): Client => {
  const token = record.registration?.token ?? before?.token
  return token === undefined ? record : { ...record, registration: { token, uri: issuedSecret(uri) } }
}
