/** The kind of each operation, and the operations that end service tokens. */
import type { Operation } from "../../ports/provider.ts"

/** The kind of an operation. It decides what the policies do when the vendor is unavailable. */
export type CallClass = "question" | "read" | "idempotent" | "once"

/** The behaviour of the policies for each kind of call when the vendor is unavailable. */
export const onOutage: Readonly<Record<CallClass, { readonly retry: boolean; readonly stale: boolean }>> = {
  /** Introspects a token. It may be repeated, and a stale cached answer may replace the result. */
  question: { retry: true, stale: true },
  /** Changes nothing. */
  read: { retry: true, stale: false },
  /** Has the same effect when it is done twice. */
  idempotent: { retry: true, stale: false },
  /** Without a response, nothing is known about its effect. Only the caller can decide to repeat it. */
  once: { retry: false, stale: false },
}

/** The operations that may be repeated. Every other operation is `once`. */
const classes: Readonly<Partial<Record<Operation, CallClass>>> = {
  introspect: "question",
  userInfo: "read",
  authorize: "read",
  "session.end": "read",
  "metadata.discover": "read",
  "metadata.keys": "read",
  "clients.get": "read",
  "clients.list": "read",
  "registration.read": "read",
  "consent.getLogin": "read",
  "consent.getConsent": "read",
  "consent.getLogout": "read",
  "consent.listSessions": "read",
  "trust.get": "read",
  "trust.list": "read",
  revoke: "idempotent",
  clientCredentials: "idempotent",
}

/** Returns the kind of an operation. */
export const classOf = (operation: Operation): CallClass => classes[operation] ?? "once"

/** The operations that end access tokens of a client, such as those that `clientCredentials` returned. */
export const endsServiceTokens: ReadonlySet<Operation> = new Set([
  "clients.remove",
  "clients.revokeTokens",
  "registration.remove",
])
