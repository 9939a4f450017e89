/** Client management with the Management API. A client is an application and its two lists of URLs. */
import * as Effect from "effect/Effect"
import { step } from "../../internal/timeout.ts"
import type { Client, ClientChanges, ClientRef, NewClient } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { failIf } from "../oidc/kit.ts"
import { type ApplicationType, checkCleared, checkRecord, clientOf, created, isReason, typeOf } from "./application.ts"
import { type ApplicationCalls, applicationCalls, pathOf } from "./application-calls.ts"
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

/** The operations that send more than one request that changes something. */
export const severalWrites: ReadonlySet<Operation> = new Set(["clients.create", "clients.replace", "clients.patch"])

type ClientOperation = (typeof clientOperations)[number]

/** @see https://docs.kinde.com/kinde-apis/management/ */
export const clients = (management: Management): Raws<ClientOperation> => {
  const calls = applicationCalls(management)
  return {
    "clients.create": (record) =>
      Effect.gen(function* () {
        yield* failIf(checkRecord(record, true))
        const { name } = record
        if (!name) return yield* Effect.fail(nameRequired)
        const type = typeOf(record)
        if (isReason(type)) return yield* Effect.fail(type)
        return yield* Effect.uninterruptible(create(management, calls, { ...record, name }, type))
      }),

    "clients.get": (ref) => calls.read("clients.get", idOf(ref)),

    "clients.list": listClients(management),

    "clients.replace": ({ client, record }) =>
      Effect.gen(function* () {
        yield* failIf(checkRecord(record, false))
        if (!record.name) return yield* Effect.fail(nameRequired)
        const current = yield* calls.read("clients.replace", idOf(client))
        // A record without `grantTypes` means this grant (RFC 7591 section 2).
        const { grantTypes = ["authorization_code"] } = record
        yield* failIf(checkType({ ...record, grantTypes }, current) ?? checkCleared(record, current))
        return yield* calls.change("clients.replace", current, { ...record, ...urlsOf(record) })
      }),

    "clients.patch": ({ client, changes }) =>
      Effect.gen(function* () {
        yield* failIf(checkRecord(changes, false))
        if (changes.name === null || changes.name === "") return yield* Effect.fail(nameRequired)
        const current = yield* calls.read("clients.patch", idOf(client))
        yield* failIf(checkType(changes, current))
        return yield* calls.change("clients.patch", current, changes)
      }),

    "clients.remove": (ref) =>
      Effect.asVoid(management.send({ operation: "clients.remove", method: "DELETE", path: pathOf(idOf(ref)) })),
  }
}

const idOf = (ref: ClientRef): string => (typeof ref === "string" ? ref : ref.clientId)

const nameRequired: Reason = {
  _tag: "InvalidRequest",
  field: "name",
  detail: "required: Kinde's applications have a name",
}

/** Rejects a record of another type of application: the type is fixed when an application is created. */
const checkType = (record: NewClient | ClientChanges, current: Client): Reason | undefined => {
  if (record.grantTypes === undefined && record.tokenEndpointAuthMethod === undefined) return undefined
  const auth = record.tokenEndpointAuthMethod ?? (current.tokenEndpointAuthMethod === "none" ? "none" : undefined)
  const type = typeOf({
    grantTypes: record.grantTypes ?? current.grantTypes,
    ...(auth && { tokenEndpointAuthMethod: auth }),
  })
  if (isReason(type)) return type
  return type === current.raw.type
    ? undefined
    : { _tag: "InvalidRequest", field: "grantTypes", detail: "cannot be changed: Kinde fixes the grants at creation" }
}

/** The URLs of a whole record. An omitted list is empty. */
const urlsOf = ({ redirectUris, postLogoutRedirectUris }: NewClient) => ({
  redirectUris: redirectUris ?? [],
  postLogoutRedirectUris: postLogoutRedirectUris ?? [],
})

/** Creates an application, and removes it if one of its settings or lists of URLs is rejected. */
const create = (
  management: Management,
  { steps }: ApplicationCalls,
  { name, ...record }: NewClient & { readonly name: string },
  type: ApplicationType,
) =>
  Effect.gen(function* () {
    const { org_code: organization, ...extra } = record.extra ?? {}
    const json = { name, type, ...(organization !== undefined && { org_code: organization }) }
    const { application } = yield* step(
      management.json({ operation: "clients.create", method: "POST", path: "/applications", json }, created),
    )
    const empty = clientOf(
      { application: { id: application.id, client_id: application.client_id, client_secret: undefined, name, type } },
      { redirectUris: [], postLogoutRedirectUris: [] },
    )
    const remove = Effect.asVoid(
      management.send({ operation: "clients.create", method: "DELETE", path: pathOf(application.id) }),
    )
    const { redirectUris, postLogoutRedirectUris } = record
    const changes = {
      ...(redirectUris !== undefined && { redirectUris }),
      ...(postLogoutRedirectUris !== undefined && { postLogoutRedirectUris }),
      extra,
    }
    yield* allOrNothing([
      { name: `application ${application.id}`, perform: Effect.void, undo: remove },
      // Removing the application also reverts these.
      ...steps("clients.create", empty, changes).map(({ name, perform }) => ({ name, perform, undo: Effect.void })),
    ])
    const { client_secret: secret } = application
    return { ...empty, ...urlsOf(record), ...(secret !== undefined && { secret }) }
  })
