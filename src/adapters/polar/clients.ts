/** Client management where there is no administrator: each client is managed by its own registration token. */
import * as Effect from "effect/Effect"
import type { Client, ClientRef } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/define.ts"
import type { RegistrationCalls } from "../oidc/registration.ts"
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
export const clients = ({ register, read, update, remove }: RegistrationCalls): Raws<ClientOperation> => ({
  "clients.create": (record) =>
    Effect.gen(function* () {
      yield* unless(refuseRecord(record))
      const { clientId: _, ...rest } = record
      return yield* register("clients.create", rest)
    }),

  "clients.get": (ref) => Effect.flatMap(managed(ref), (own) => read("clients.get", own)),

  "clients.replace": ({ client, record }) =>
    Effect.gen(function* () {
      yield* unless(refuseRecord(record))
      const own = yield* managed(client)
      const current = yield* read("clients.replace", own)
      yield* unless(uncleared(record, current))
      const { secret: _, ...replaced } = yield* update("clients.replace", current, record)
      yield* unless(differing(record, replaced))
      return replaced
    }),

  "clients.patch": ({ client, changes }) =>
    Effect.gen(function* () {
      yield* unless(refuseChanges(changes))
      const own = yield* managed(client)
      const current = yield* read("clients.patch", own)
      const record = changed(current, changes)
      yield* unless(uncleared(record, current))
      const { secret: _, ...patched } = yield* update("clients.patch", current, record)
      yield* unless(differing(record, patched))
      return patched
    }),

  "clients.remove": (ref) => Effect.flatMap(managed(ref), (own) => remove("clients.remove", own)),
})
