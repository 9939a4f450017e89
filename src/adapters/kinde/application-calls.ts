/** The requests behind a client's operations: an application and its two lists of URLs. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import { step } from "../../internal/timeout.ts"
import type { Client, ClientChanges } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import { failIf } from "../oidc/kit.ts"
import { application, checkStored, clientOf, fieldOf } from "./application.ts"
import type { Management } from "./management.ts"
import { allOrNothing, type Step } from "./steps.ts"

/** Returns the path of an application. */
export const pathOf = (id: string): string => `/applications/${encodeURIComponent(id)}`

const lists = { redirectUris: "auth_redirect_urls", postLogoutRedirectUris: "auth_logout_urls" } as const
type UrlList = keyof typeof lists
const urlLists = Object.keys(lists) as ReadonlyArray<UrlList>

const urls = z.looseObject({ redirect_urls: z.array(z.string()).nullish(), logout_urls: z.array(z.string()).nullish() })

export interface ApplicationCalls {
  readonly read: (operation: Operation, id: string) => Effect.Effect<Client, Reason>
  /** Returns the requests that make changes. Each has the request that undoes it. */
  readonly steps: (operation: Operation, current: Client, changes: ClientChanges) => ReadonlyArray<Step>
  /** Makes all changes or none, and reads the result. */
  readonly change: (operation: Operation, current: Client, changes: ClientChanges) => Effect.Effect<Client, Reason>
}

/** Makes the requests of one tenant. */
export const applicationCalls = (management: Management): ApplicationCalls => {
  const readAll = (operation: Operation, id: string): Effect.Effect<Client, Reason> =>
    Effect.gen(function* () {
      const wire = yield* management.json({ operation, method: "GET", path: pathOf(id) }, application)
      const [redirectUris, postLogoutRedirectUris] = yield* Effect.all(
        urlLists.map((list) =>
          Effect.map(
            management.json({ operation, method: "GET", path: `${pathOf(id)}/${lists[list]}` }, urls),
            ({ redirect_urls, logout_urls }) => redirect_urls ?? logout_urls ?? [],
          ),
        ),
        { concurrency: 2 },
      )
      return clientOf(wire, { redirectUris: redirectUris ?? [], postLogoutRedirectUris: postLogoutRedirectUris ?? [] })
    })

  const read: ApplicationCalls["read"] = (operation, id) => step(readAll(operation, id))

  const steps = (operation: Operation, current: Client, changes: ClientChanges): ReadonlyArray<Step> => {
    const { clientId: id, raw } = current
    const members = { ...(changes.name !== undefined && { name: changes.name }), ...changes.extra }
    const names = Object.keys(members)
    const previous = Object.fromEntries(names.filter((name) => name in raw).map((name) => [name, raw[name] ?? null]))
    return [
      ...(names.length === 0
        ? []
        : [
            {
              name: names.map(fieldOf).join(", "),
              perform: setMembers(management, operation, id, members),
              undo: Object.keys(previous).length === 0 ? Effect.void : setMembers(management, operation, id, previous),
              // The previous value of a setting that no response contains is unknown.
              permanent: names.filter((name) => !(name in raw)).map(fieldOf),
            },
          ]),
      ...urlLists.flatMap((list) =>
        changes[list] === undefined
          ? []
          : [
              {
                name: list,
                perform: setUrls(management, operation, id, list, changes[list] ?? []),
                undo: setUrls(management, operation, id, list, current[list]),
              },
            ],
      ),
    ]
  }

  const change = (operation: Operation, current: Client, changes: ClientChanges): Effect.Effect<Client, Reason> =>
    Effect.gen(function* () {
      yield* allOrNothing(steps(operation, current, changes))
      const stored = yield* read(operation, current.clientId)
      yield* failIf(checkStored(changes, stored))
      return stored
    })

  return { read, steps, change }
}

const setUrls = (
  management: Management,
  operation: Operation,
  id: string,
  list: UrlList,
  uris: ReadonlyArray<string>,
): Effect.Effect<void, Reason> =>
  Effect.asVoid(
    management.send({ operation, method: "PUT", path: `${pathOf(id)}/${lists[list]}`, json: { urls: uris } }),
  )

const setMembers = (
  management: Management,
  operation: Operation,
  id: string,
  json: Readonly<Record<string, unknown>>,
): Effect.Effect<void, Reason> =>
  Effect.mapError(
    Effect.asVoid(management.send({ operation, method: "PATCH", path: pathOf(id), json })),
    (reason): Reason =>
      reason._tag === "InvalidRequest" && reason.field !== undefined
        ? { ...reason, field: fieldOf(reason.field) }
        : reason,
  )
