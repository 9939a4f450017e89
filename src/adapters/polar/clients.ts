/** Client management without an administrator: each client has a registration access token (RFC 7592). */
import * as Effect from "effect/Effect"
import type { Client, ClientRef, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { failIf } from "../oidc/kit.ts"
import type { RegistrationCalls } from "../oidc/operations/dynamic-registration.ts"
import { checkChanges, checkCleared, checkRecord, checkStored, withChanges } from "./record.ts"

export const clientOperations = [
  "clients.create",
  "clients.get",
  "clients.replace",
  "clients.patch",
  "clients.remove",
] as const satisfies ReadonlyArray<Operation>

type ClientOperation = (typeof clientOperations)[number]

/** Requires a client with its registration access token: an id gives no access. */
const withToken = (ref: ClientRef): Effect.Effect<Client, Reason> =>
  typeof ref === "object" && ref.registration !== undefined
    ? Effect.succeed(ref)
    : Effect.fail({
        _tag: "InvalidRequest",
        field: "client",
        detail: "expected a Client with its registration token, as clients.create returned it",
      })

/** @see https://polar.sh/docs/integrate/oauth2/setup */
export const clients = ({
  register,
  read,
  update,
  remove,
}: RegistrationCalls): Raws<ClientOperation | "registration.update"> => {
  const replace = (operation: Operation, ref: ClientRef, recordOf: (current: Client) => Omit<NewClient, "clientId">) =>
    Effect.gen(function* () {
      const current = yield* read(operation, yield* withToken(ref))
      const record = recordOf(current)
      yield* failIf(checkCleared(record, current))
      const { secret, ...updated } = yield* update(operation, current, record)
      yield* failIf(checkStored(record, updated))
      // Polar sends the secret in every response. It is new only if the client was public before.
      const isNew = secret !== undefined && current.tokenEndpointAuthMethod === "none"
      return isNew ? { ...updated, secret } : updated
    })

  return {
    "clients.create": (record) => {
      const { clientId: _, ...rest } = record
      return Effect.andThen(failIf(checkRecord(record)), register("clients.create", rest))
    },
    "clients.get": (ref) => Effect.flatMap(withToken(ref), (client) => read("clients.get", client)),
    "clients.replace": ({ client, record }) =>
      Effect.andThen(
        failIf(checkRecord(record)),
        replace("clients.replace", client, () => record),
      ),
    "clients.patch": ({ client, changes }) =>
      Effect.andThen(
        failIf(checkChanges(changes)),
        replace("clients.patch", client, (current) => withChanges(current, changes)),
      ),
    "clients.remove": (ref) => Effect.flatMap(withToken(ref), (client) => remove("clients.remove", client)),
    "registration.update": ({ client, record }) =>
      Effect.andThen(
        failIf(checkRecord(record)),
        replace("registration.update", client, () => record),
      ),
  }
}
