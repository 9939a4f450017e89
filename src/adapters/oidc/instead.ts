/** The alternatives to operations that a vendor lacks: those of the definition, or those that every server has. */
import { allOperations } from "../../ports/operations.ts"
import type { Operation } from "../../ports/provider.ts"

type GroupOf<Name> = Name extends `${infer Group}.${string}` ? `${Group}.*` : never

/** An operation, or every operation of a group, such as `"clients.*"`. */
export type InsteadKey = Operation | GroupOf<Operation>

export type Instead = Readonly<Partial<Record<InsteadKey, string>>>

interface Row {
  readonly for: InsteadKey
  readonly instead: string
  /** An operation that the alternative needs. */
  readonly needs?: Operation
}

const otherGrant = "for a token of the service itself"

/** The alternatives that every server has. The first row whose operation is available is used. */
const usual: ReadonlyArray<Row> = [
  { for: "clientCredentials", instead: "a token that the server's console issues, or authorize with a user" },
  { for: "deviceAuthorization", instead: "authorize, with a browser", needs: "authorize" },
  { for: "pollDevice", instead: "authorize, with a browser", needs: "authorize" },
  { for: "jwtBearer", instead: `clientCredentials, ${otherGrant}`, needs: "clientCredentials" },
  { for: "exchangeToken", instead: `clientCredentials, ${otherGrant}`, needs: "clientCredentials" },
  { for: "revoke", instead: "wait until the token expires: keep the lifetime of tokens short" },
  { for: "userInfo", instead: "the claims of the ID token that exchange returns", needs: "exchange" },
  { for: "session.end", instead: "end the session of the application itself" },
  { for: "registration.read", instead: "clients.get", needs: "clients.get" },
  { for: "registration.update", instead: "clients.replace", needs: "clients.replace" },
  { for: "registration.remove", instead: "clients.remove", needs: "clients.remove" },
  { for: "registration.register", instead: "clients.create", needs: "clients.create" },
  { for: "registration.*", instead: "the server's console or management API: latchkey does not manage its clients" },
  { for: "clients.*", instead: "the server's console or management API: latchkey does not manage its clients" },
  { for: "consent.*", instead: "the server's own login and consent pages: it leaves them to no application" },
  { for: "trust.*", instead: "the server's console, if it accepts assertions of other issuers at all" },
  { for: "connectedApps.*", instead: "authorize, with a configuration for the third party itself" },
]

const covers = (key: string, operation: Operation): boolean =>
  key === operation || (key.endsWith(".*") && operation.startsWith(key.slice(0, -1)))

/** Returns the alternative to each operation outside `can`: an exact name before a group, the definition before the usual. */
export const alternatives = (
  can: ReadonlyArray<Operation>,
  own: Instead,
): Readonly<Partial<Record<Operation, string>>> =>
  Object.fromEntries(
    allOperations.flatMap((operation) => {
      if (can.includes(operation)) return []
      const named = Object.entries(own).filter(([key, text]) => text !== undefined && covers(key, operation))
      const [, text] = named.find(([key]) => key === operation) ?? named[0] ?? []
      const row = usual.find(
        ({ for: key, needs }) => covers(key, operation) && (needs === undefined || can.includes(needs)),
      )
      const instead = text ?? row?.instead
      return instead === undefined ? [] : [[operation, instead]]
    }),
  )

/** Returns a name of `own` that concerns no operation outside `can`. */
export const needlessIn = (can: ReadonlyArray<Operation>, own: Instead): string | undefined =>
  Object.keys(own).find((key) => allOperations.every((operation) => !covers(key, operation) || can.includes(operation)))
