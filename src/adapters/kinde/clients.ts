/** Client management on the Management API, where one client is an application and two lists of URLs. */
import * as Effect from "effect/Effect"
import type { Client, ClientChanges, ClientRef, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { type ApplicationType, clientOf, created, isReason, refuseRecord, typeOf, uncleared } from "./application.ts"
import { applicationCalls, pathOf, unless } from "./application-calls.ts"
import { listClients } from "./client-list.ts"
import type { Management } from "./management.ts"
import { allOrNothing } from "./steps.ts"

export const clientOperations = [
  "clients.create",
  "clients.get",
  "clients.list",
  "clients.replace",
  "clients.patch",
  "clients.remove",
] as const satisfies ReadonlyArray<Operation>

type ClientOperation = (typeof clientOperations)[number]

const idOf = (ref: ClientRef): string => (typeof ref === "string" ? ref : ref.clientId)

const wantedUrls = ({ redirectUris, postLogoutRedirectUris }: NewClient): ClientChanges => ({
  ...(redirectUris !== undefined && { redirectUris }),
  ...(postLogoutRedirectUris !== undefined && { postLogoutRedirectUris }),
})

/** @see https://docs.kinde.com/kinde-apis/management/ */
export const clients = (management: Management): Raws<ClientOperation> => {
  const { read, steps, change } = applicationCalls(management)

  /** The type is fixed when an application is made: a record may repeat it, and nothing else. */
  const sameType = (record: NewClient | ClientChanges, current: Client): Reason | undefined => {
    if (record.grantTypes === undefined && record.tokenEndpointAuthMethod === undefined) return undefined
    const auth = record.tokenEndpointAuthMethod ?? (current.tokenEndpointAuthMethod === "none" ? "none" : undefined)
    const type = typeOf({
      grantTypes: record.grantTypes ?? current.grantTypes,
      ...(auth && { tokenEndpointAuthMethod: auth }),
    })
    if (isReason(type)) return type
    return type === current.raw.type
      ? undefined
      : { _tag: "InvalidRequest", field: "grantTypes", detail: "Kinde fixes them when the application is made" }
  }

  const nameless: Reason = { _tag: "InvalidRequest", field: "name", detail: "Kinde's applications have a name" }

  /** From the first call on nothing is left half done, whoever gives up. */
  const make = ({ name, ...record }: NewClient & { readonly name: string }, type: ApplicationType) =>
    Effect.gen(function* () {
      const { org_code: organization, ...extra } = record.extra ?? {}
      const json = { name, type, ...(organization !== undefined && { org_code: organization }) }
      const made = (yield* management.json(
        { operation: "clients.create", method: "POST", path: "/applications", json },
        created,
      )).application
      const empty = clientOf(
        { application: { id: made.id, client_id: made.client_id, client_secret: undefined, name, type } },
        { redirectUris: [], postLogoutRedirectUris: [] },
      )
      const remove = Effect.asVoid(
        management.send({ operation: "clients.create", method: "DELETE", path: pathOf(made.id) }),
      )
      // Removing the application removes all that was done to it.
      const more = steps("clients.create", empty, { ...wantedUrls(record), extra }).map(({ name, perform }) => ({
        name,
        perform,
        undo: Effect.void,
      }))
      yield* allOrNothing([{ name: `application ${made.id}`, perform: Effect.void, undo: remove }, ...more])
      const complete = {
        ...empty,
        redirectUris: record.redirectUris ?? [],
        postLogoutRedirectUris: record.postLogoutRedirectUris ?? [],
      }
      return { ...complete, ...(made.client_secret !== undefined && { secret: made.client_secret }) }
    })

  return {
    "clients.create": (record) =>
      Effect.gen(function* () {
        yield* unless(refuseRecord(record, true))
        const { name } = record
        if (!name) return yield* Effect.fail(nameless)
        const type = typeOf(record)
        if (isReason(type)) return yield* Effect.fail(type)
        return yield* Effect.uninterruptible(make({ ...record, name }, type))
      }),

    "clients.get": (ref) => read("clients.get", idOf(ref)),

    "clients.list": listClients(management),

    "clients.replace": ({ client, record }) =>
      Effect.gen(function* () {
        yield* unless(refuseRecord(record, false))
        if (!record.name) return yield* Effect.fail(nameless)
        const current = yield* read("clients.replace", idOf(client))
        // A whole record that names no grant means this one (RFC 7591 section 2).
        const { grantTypes = ["authorization_code"] } = record
        yield* unless(sameType({ ...record, grantTypes }, current) ?? uncleared(record, current))
        const whole = {
          ...record,
          redirectUris: record.redirectUris ?? [],
          postLogoutRedirectUris: record.postLogoutRedirectUris ?? [],
        }
        return yield* change("clients.replace", current, whole)
      }),

    "clients.patch": ({ client, changes }) =>
      Effect.gen(function* () {
        yield* unless(refuseRecord(changes, false))
        if (changes.name === null || changes.name === "") return yield* Effect.fail(nameless)
        const current = yield* read("clients.patch", idOf(client))
        yield* unless(sameType(changes, current))
        return yield* change("clients.patch", current, changes)
      }),

    "clients.remove": (ref) =>
      Effect.asVoid(management.send({ operation: "clients.remove", method: "DELETE", path: pathOf(idOf(ref)) })),
  }
}
