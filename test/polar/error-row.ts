/** An error response of Polar, with the operations that it is tested with. */
import type { Operation, Reason } from "latchkey"

export interface Row {
  readonly name: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body?: string | object
  /** The expected reason per operation. */
  readonly means: Readonly<Partial<Record<Operation, Partial<Reason>>>>
}

export const each = (operations: ReadonlyArray<Operation>, reason: Partial<Reason>): Row["means"] =>
  Object.fromEntries(operations.map((operation) => [operation, reason]))

export const tag = (name: Reason["_tag"]): Partial<Reason> => ({ _tag: name })

export const grants = ["exchange", "refresh"] as const
export const withSecret = [...grants, "introspect", "revoke"] as const
export const registering = ["clients.create", "registration.register"] as const
export const managing = [
  "clients.get",
  "clients.replace",
  "clients.patch",
  "clients.remove",
  "registration.read",
  "registration.update",
  "registration.remove",
] as const
const published = ["metadata.discover", "metadata.keys"] as const
export const all = [...withSecret, "userInfo", ...registering, ...managing, ...published] as const
