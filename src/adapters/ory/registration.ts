/** The members that dynamic registration must not set. */
import type { Reason } from "../../ports/errors.ts"
import type { NewRegistration } from "../../ports/registration.ts"
import { checkRecord } from "./client-check.ts"

/** Members that only an administrator may set. */
const adminMembers = ["secret", "metadata"] as const
const adminExtra = ["access_token_strategy", "skip_consent", "skip_logout_consent"]

/** Rejects a registration with a member that the server would ignore or that only an administrator may set. */
export const checkRegistration = (record: NewRegistration): Reason | undefined => {
  const forbidden = [
    ...adminMembers.filter((name) => record[name] !== undefined),
    ...adminExtra.filter((name) => name in (record.extra ?? {})).map((name) => `extra.${name}`),
  ]
  const [field] = forbidden
  return field === undefined
    ? checkRecord(record)
    : { _tag: "InvalidRequest", field, detail: "only an administrator may set this: use clients.create" }
}
