/** A client managing its own registration (RFC 7591, RFC 7592), on the public side. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Client, ClientRegistration } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { NewRegistration } from "../../ports/registration.ts"
import type { Raws } from "../oidc/define.ts"
import type { Engine } from "../oidc/engine.ts"
import { refuseRecord } from "./client-check.ts"
import { client, toWire } from "./client-record.ts"

/** Members that only an administrator may set. */
const forbidden = ["secret", "metadata"] as const
const forbiddenExtra = ["access_token_strategy", "skip_consent", "skip_logout_consent"]

const refuse = (record: NewRegistration): Reason | undefined => {
  const field =
    forbidden.find((name) => record[name] !== undefined) ??
    forbiddenExtra.map((name) => `extra.${name}`).find((path) => path.slice(6) in (record.extra ?? {}))
  return field === undefined
    ? refuseRecord(record)
    : { _tag: "InvalidRequest", field, detail: "only an administrator may set this" }
}

type RegistrationOperation =
  | "registration.register"
  | "registration.read"
  | "registration.update"
  | "registration.remove"

/** @see https://www.ory.com/docs/hydra/guides/openid */
export const registration = (engine: Engine): Raws<RegistrationOperation> => {
  const endpoint = engine.endpoint("registrationEndpoint", "registration.register")
  // The URL is made from the id: one release forgets the id in the URL that it gives.
  const uriOf = (base: string, { clientId }: Client) => `${base}/${encodeURIComponent(clientId)}`
  const bearer = ({ registration: own }: Client) => ({
    authorization: `Bearer ${own === undefined ? "" : Redacted.value(own.token)}`,
  })

  return {
    "registration.register": (record) =>
      Effect.gen(function* () {
        const refused = refuse(record)
        if (refused !== undefined) return yield* Effect.fail(refused)
        const base = yield* endpoint
        const registered = yield* engine.json(
          { operation: "registration.register", method: "POST", url: base, json: toWire(record), ok: [201] },
          client,
        )
        return carrying(registered, uriOf(base, registered))
      }),

    "registration.read": (own) =>
      Effect.gen(function* () {
        const uri = uriOf(yield* endpoint, own)
        const read = yield* engine.json(
          { operation: "registration.read", method: "GET", url: uri, headers: bearer(own), ok: [200] },
          client,
        )
        return carrying(read, uri, own.registration)
      }),

    "registration.update": ({ client: own, record }) =>
      Effect.gen(function* () {
        const refused = refuse(record)
        if (refused !== undefined) return yield* Effect.fail(refused)
        const uri = uriOf(yield* endpoint, own)
        const json = { ...toWire(record), client_id: own.clientId }
        const updated = yield* engine.json(
          { operation: "registration.update", method: "PUT", url: uri, headers: bearer(own), json, ok: [200] },
          client,
        )
        // The old token is dead by now, so the answer reaches the caller even where a member was not taken over.
        return carrying(updated, uri, own.registration)
      }),

    "registration.remove": (own) =>
      Effect.gen(function* () {
        const uri = uriOf(yield* endpoint, own)
        yield* engine.send({
          operation: "registration.remove",
          method: "DELETE",
          url: uri,
          headers: bearer(own),
          ok: [204],
        })
      }),
  }
}

/** Carries the registration token on: the new one where the server gave one, the one in use where it did not. */
const carrying = (record: Client, uri: string, before?: ClientRegistration): Client => {
  const token = record.registration?.token ?? before?.token
  return token === undefined ? record : { ...record, registration: { token, uri: Redacted.make(uri) } }
}
