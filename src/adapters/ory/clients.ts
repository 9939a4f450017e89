/** Client management with the admin API. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { ClientRef } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import type { Raws } from "../oidc/definition.ts"
import { failIf } from "../oidc/kit.ts"
import { client, toWire, withPortName } from "../oidc/operations/client-metadata.ts"
import type { Admin } from "./admin.ts"
import { checkId, checkRecord, verify } from "./client-check.ts"
import { jsonPatch } from "./client-patch.ts"
import { checkLifespans, lifespansToWire } from "./lifespans.ts"
import { page } from "./pages.ts"

const idOf = (ref: ClientRef): string => (typeof ref === "string" ? ref : ref.clientId)
const pathOf = (ref: ClientRef): string => `/admin/clients/${encodeURIComponent(idOf(ref))}`

export const clientOperations = [
  "clients.create",
  "clients.get",
  "clients.list",
  "clients.replace",
  "clients.patch",
  "clients.remove",
  "clients.rotateSecret",
  "clients.setLifespans",
  "clients.revokeTokens",
] as const satisfies ReadonlyArray<Operation>

type ClientOperation = (typeof clientOperations)[number]

/** @see https://www.ory.com/docs/reference/api */
export const clients = (wire: Admin): Raws<ClientOperation> =>
  operations({ ...wire, json: (call, schema) => Effect.mapError(wire.json(call, schema), withPortName) })

const operations = (admin: Admin): Raws<ClientOperation> => ({
  "clients.create": (record) =>
    Effect.andThen(
      failIf(checkRecord(record) ?? checkId(record)),
      admin.json(
        { operation: "clients.create", method: "POST", path: "/admin/clients", json: toWire(record), ok: [201] },
        client,
      ),
    ),

  "clients.get": (ref) => admin.json({ operation: "clients.get", method: "GET", path: pathOf(ref), ok: [200] }, client),

  "clients.list": ({ name, owner, ...query } = {}) =>
    page(
      admin,
      { operation: "clients.list", path: "/admin/clients", query: { client_name: name, owner } },
      query,
      client,
    ),

  "clients.replace": ({ client: ref, record }) =>
    Effect.gen(function* () {
      // Omitted scopes would not be cleared: the server uses its default scopes.
      yield* failIf(checkRecord(record) ?? checkRecord({ scopes: record.scopes ?? [] }))
      const json = { ...toWire(record), client_id: idOf(ref) }
      const replaced = yield* admin.json(
        { operation: "clients.replace", method: "PUT", path: pathOf(ref), json, ok: [200] },
        client,
      )
      return yield* verify(record, replaced)
    }),

  "clients.patch": ({ client: ref, changes }) =>
    Effect.gen(function* () {
      yield* failIf(checkRecord(changes))
      const path = pathOf(ref)
      const current = yield* admin.json({ operation: "clients.patch", method: "GET", path, ok: [200] }, client)
      const json = jsonPatch(changes, current.raw)
      if (json.length === 0 && changes.secret === undefined) return current
      const patched = yield* admin.json({ operation: "clients.patch", method: "PATCH", path, json, ok: [200] }, client)
      const { metadata: _merged, ...rest } = changes
      return yield* verify(rest, patched)
    }),

  "clients.remove": (ref) =>
    Effect.asVoid(admin.send({ operation: "clients.remove", method: "DELETE", path: pathOf(ref), ok: [204] })),

  "clients.rotateSecret": (ref) =>
    admin.json(
      { operation: "clients.rotateSecret", method: "POST", path: `${pathOf(ref)}/secrets/rotate`, ok: [200] },
      client,
    ),

  "clients.setLifespans": ({ client: ref, lifespans }) =>
    Effect.gen(function* () {
      const json = lifespansToWire(lifespans)
      if (isReason(json)) return yield* Effect.fail(json)
      const path = `${pathOf(ref)}/lifespans`
      const changed = yield* admin.json(
        { operation: "clients.setLifespans", method: "PUT", path, json, ok: [200] },
        client,
      )
      yield* failIf(checkLifespans(json, changed.raw))
      return changed
    }),

  "clients.revokeTokens": (ref) =>
    Effect.asVoid(
      admin.send({
        operation: "clients.revokeTokens",
        method: "DELETE",
        path: "/admin/oauth2/tokens",
        query: { client_id: idOf(ref) },
        ok: [204],
      }),
    ),
})

const isReason = (value: Readonly<Record<string, unknown>> | Reason): value is Reason =>
  z.object({ _tag: z.string() }).safeParse(value).success
