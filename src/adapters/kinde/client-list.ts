/** Kinde's list of applications. Its last page may contain a token for a next page that does not exist. */
import * as Effect from "effect/Effect"
import type { Reason } from "../../ports/errors.ts"
import { operations } from "../../ports/operations.ts"
import type { Raw } from "../oidc/definition.ts"
import { applications } from "./application.ts"
import type { Management } from "./management.ts"

/** A cursor holds the vendor's token and the last client of the page before, to detect a repeated page. */
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
          instead: "list all clients, and filter",
        })
      const [previousLast, token] = cursor === undefined ? [] : partsOf(cursor)
      const page = yield* management.json(
        {
          operation: "clients.list",
          method: "GET",
          path: "/applications",
          query: { page_size: pageSize, next_token: token },
        },
        applications,
      )
      if (previousLast !== undefined && page.applications.at(-1)?.id === previousLast) return { items: [] }
      const items = page.applications.map(({ id, name: applicationName, client_secret: _secret, ...raw }) => ({
        clientId: id,
        ...(applicationName !== undefined && { name: applicationName }),
        raw,
      }))
      const last = items.at(-1)
      const next = page.next_token === token ? undefined : page.next_token
      return {
        items,
        ...(last !== undefined && next !== undefined && { next: cursorOf(last.clientId, next) }),
      }
    })
