/** Client management where there is no administrator: each client is managed by its own registration token. */
import * as Effect from "effect/Effect"
import type { Client, ClientRef, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import type { RegistrationCalls } from "../oidc/operations/dynamic-registration.ts"
import { changed, differing, refuseChanges, refuseRecord, uncleared } from "./record.ts"

export const clientOperations = [
  "clients.create",
  "clients.get",
  "clients.replace",
  "clients.patch",
  "clients.remove",
] as const satisfies ReadonlyArray<Operation>

type ClientOperation = (typeof clientOperations)[number]

const unless = (reason: Reason | undefined): Effect.Effect<void, Reason> =>
  reason === undefined ? Effect.void : Effect.fail(reason)

/** A client that can be managed: a bare id cannot. */
const managed = (ref: ClientRef): Effect.Effect<Client, Reason> =>
  typeof ref === "object" && ref.registration !== undefined
    ? Effect.succeed(ref)
    : Effect.fail({
        _tag: "InvalidRequest",
        field: "client",
        detail: "Polar wants the Client with its registration token, as registering gave it",
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
      const own = yield* managed(ref)
      const current = yield* read(operation, own)
      const record = recordOf(current)
      yield* unless(uncleared(record, current))
      const { secret, ...updated } = yield* update(operation, current, record)
      yield* unless(differing(record, updated))
      // Polar repeats the secret with every answer; only a client that was public sees its own for the first time.
      const isNew = secret !== undefined && current.tokenEndpointAuthMethod === "none"
      return isNew ? { ...updated, secret } : updated
    })

  return {
    "clients.create": (record) => {
      const { clientId: _, ...rest } = record
      return Effect.andThen(unless(refuseRecord(record)), register("clients.create", rest))
    },
    "clients.get": (ref) => Effect.flatMap(managed(ref), (own) => read("clients.get", own)),
    "clients.replace": ({ client, record }) =>
      Effect.andThen(
        unless(refuseRecord(record)),
        replace("clients.replace", client, () => record),
      ),
    "clients.patch": ({ client, changes }) =>
      Effect.andThen(
        unless(refuseChanges(changes)),
        replace("clients.patch", client, (current) => changed(current, changes)),
      ),
    "clients.remove": (ref) => Effect.flatMap(managed(ref), (own) => remove("clients.remove", own)),
    "registration.update": ({ client, record }) =>
      Effect.andThen(
        unless(refuseRecord(record)),
        replace("registration.update", client, () => record),
      ),
  }
}
