/** The calls behind one client: an application, and two lists of URLs beside it. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { Client, ClientChanges } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"
import type { Operation } from "../../ports/provider.ts"
import { application, clientOf, differing, inOurWords } from "./application.ts"
import type { Management } from "./management.ts"
import { allOrNothing, type Step } from "./steps.ts"

/** Where an application is. */
export const pathOf = (id: string): string => `/applications/${encodeURIComponent(id)}`

const lists = { redirectUris: "auth_redirect_urls", postLogoutRedirectUris: "auth_logout_urls" } as const
type UrlList = keyof typeof lists
const urlLists = Object.keys(lists) as ReadonlyArray<UrlList>

const urls = z.looseObject({ redirect_urls: z.array(z.string()).nullish(), logout_urls: z.array(z.string()).nullish() })

/** Fails with the reason there is, and otherwise goes on. */
export const unless = (reason: Reason | undefined): Effect.Effect<void, Reason> =>
  reason === undefined ? Effect.void : Effect.fail(reason)

export interface ApplicationCalls {
  readonly read: (operation: Operation, id: string) => Effect.Effect<Client, Reason>
  /** The calls that turn one record into another, each with the one that takes it back. */
  readonly steps: (operation: Operation, current: Client, wanted: ClientChanges) => ReadonlyArray<Step>
  /** Makes the changes, all or none, and reads what became of them. */
  readonly change: (operation: Operation, current: Client, wanted: ClientChanges) => Effect.Effect<Client, Reason>
}

/** Makes the calls of one tenant. */
export const applicationCalls = (management: Management): ApplicationCalls => {
  const read = (operation: Operation, id: string): Effect.Effect<Client, Reason> =>
    Effect.gen(function* () {
      const found = yield* management.json({ operation, method: "GET", path: pathOf(id) }, application)
      const [redirectUris, postLogoutRedirectUris] = yield* Effect.all(
        urlLists.map((list) =>
          Effect.map(
            management.json({ operation, method: "GET", path: `${pathOf(id)}/${lists[list]}` }, urls),
            (wire) => wire.redirect_urls ?? wire.logout_urls ?? [],
          ),
        ),
        { concurrency: 2 },
      )
      return clientOf(found, { redirectUris: redirectUris ?? [], postLogoutRedirectUris: postLogoutRedirectUris ?? [] })
    })

  const setUrls = (operation: Operation, id: string, list: UrlList, wanted: ReadonlyArray<string>) =>
    Effect.asVoid(
      management.send({ operation, method: "PUT", path: `${pathOf(id)}/${lists[list]}`, json: { urls: wanted } }),
    )

  const setFields = (operation: Operation, id: string, json: Readonly<Record<string, unknown>>) =>
    Effect.mapError(
      Effect.asVoid(management.send({ operation, method: "PATCH", path: pathOf(id), json })),
      (reason): Reason =>
        reason._tag === "InvalidRequest" && reason.field !== undefined
          ? { ...reason, field: inOurWords(reason.field) }
          : reason,
    )

  const steps = (operation: Operation, current: Client, wanted: ClientChanges): ReadonlyArray<Step> => {
    const id = current.clientId
    const before = current.raw
    const fields = { ...(wanted.name !== undefined && { name: wanted.name }), ...wanted.extra }
    const names = Object.keys(fields)
    const former = Object.fromEntries(
      names.filter((name) => name in before).map((name) => [name, before[name] ?? null]),
    )
    return [
      ...(names.length === 0
        ? []
        : [
            {
              name: names.map(inOurWords).join(", "),
              perform: setFields(operation, id, fields),
              undo: Object.keys(former).length === 0 ? Effect.void : setFields(operation, id, former),
              // What no call shows cannot be put back.
              lasting: names.filter((name) => !(name in before)).map(inOurWords),
            },
          ]),
      ...urlLists.flatMap((list) =>
        wanted[list] === undefined
          ? []
          : [
              {
                name: list,
                perform: setUrls(operation, id, list, wanted[list] ?? []),
                undo: setUrls(operation, id, list, current[list]),
              },
            ],
      ),
    ]
  }

  const change = (operation: Operation, current: Client, wanted: ClientChanges): Effect.Effect<Client, Reason> =>
    Effect.gen(function* () {
      yield* allOrNothing(steps(operation, current, wanted))
      const changed = yield* read(operation, current.clientId)
      yield* unless(differing(wanted, changed))
      return changed
    })

  return { read, steps, change }
}
