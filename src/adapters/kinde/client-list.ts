/** Kinde's list of applications, whose last page may carry a token that leads nowhere new. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../ports/errors.ts"
import { operations } from "../../ports/operations.ts"
import type { Raw } from "../oidc/definition.ts"
import { applications } from "./application.ts"
import type { Management } from "./management.ts"

/** What leads to a page: the vendor's token, and the last client before it, so that the same page again is noticed. */
const cursorOf = (last: string, token: string): string => `${last} ${token}`

const partsOf = (cursor: string): readonly [last: string | undefined, token: string] => {
  const space = cursor.indexOf(" ")
  return space === -1 ? [undefined, cursor] : [cursor.slice(0, space), cursor.slice(space + 1)]
}

export const listClients =
  (management: Management): Raw<"clients.list"> =>
  ({ name, owner, cursor, pageSize } = {}) =>
    Effect.gen(function* () {
      const filter = name !== undefined ? "name" : owner !== undefined ? "owner" : undefined
      if (filter !== undefined)
        return yield* Effect.fail<Reason>({
          _tag: "UnsupportedOperation",
          standard: operations["clients.list"],
          argument: filter,
          instead: "list all, and choose",
        })
      const [before, token] = cursor === undefined ? [] : partsOf(cursor)
      const page = yield* management.json(
        {
          operation: "clients.list",
          method: "GET",
          path: "/applications",
          query: { page_size: pageSize, next_token: token },
        },
        applications,
      )
      if (before !== undefined && page.applications.at(-1)?.id === before) return { items: [] }
      const items = page.applications.map(({ id, name: called, client_secret: _secret, ...raw }) => ({
        clientId: id,
        ...(called !== undefined && { name: called }),
        raw,
      }))
      const last = items.at(-1)
      const next = page.next_token === token ? undefined : page.next_token
      return {
        items,
        ...(last !== undefined && next !== undefined && { next: cursorOf(last.clientId, next) }),
      }
    })
