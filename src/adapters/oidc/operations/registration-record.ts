/** The members that RFC 7591 allows in a registration request. */
import type { Reason } from "../../../ports/errors.ts"
import type { NewRegistration } from "../../../ports/registration.ts"
import { portName } from "./client-metadata.ts"

/** The members of a record that are no members of RFC 7591, each with what to do instead. */
const notStandard = {
  secret: "leave it out: the server chooses the secret (RFC 7591 section 3.2.1)",
  audience: "RFC 7591 has no such member: leave it out, or use `extra` for the name that the server documents",
  metadata: "RFC 7591 has no such member: leave it out, or use `extra` for the name that the server documents",
} as const

/** The members that only the server sends (RFC 7591 section 3.2.1, RFC 7592 section 3). */
const issued: ReadonlySet<string> = new Set([
  ...["client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at"],
  ...["registration_access_token", "registration_client_uri"],
])

const invalid = (field: string, detail: string): Reason => ({ _tag: "InvalidRequest", field, detail })

/** Rejects a record with a member that a server would ignore. */
export const checkStandardRecord = (record: NewRegistration): Reason | undefined => {
  for (const [name, detail] of Object.entries(notStandard))
    if (record[name as keyof typeof notStandard] !== undefined) return invalid(name, detail)
  for (const name of Object.keys(record.extra ?? {})) {
    if (issued.has(name)) return invalid(`extra.${name}`, "leave it out: the server chooses it")
    const own = portName(name)
    if (own !== `extra.${name}` && !(own in notStandard)) return invalid(`extra.${name}`, `use the member ${own}`)
  }
  return undefined
}
