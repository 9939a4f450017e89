/** What a client may not say of itself when it registers. */
import type { Reason } from "../../ports/errors.ts"
import type { NewRegistration } from "../../ports/registration.ts"
import { refuseRecord } from "./client-check.ts"

/** Members that only an administrator may set. */
const members = ["secret", "metadata"] as const
const extra = ["access_token_strategy", "skip_consent", "skip_logout_consent"]

export const refuseRegistration = (record: NewRegistration): Reason | undefined => {
  const forbidden = [
    ...members.filter((name) => record[name] !== undefined),
    ...extra.filter((name) => name in (record.extra ?? {})).map((name) => `extra.${name}`),
  ]
  const [field] = forbidden
  return field === undefined
    ? refuseRecord(record)
    : { _tag: "InvalidRequest", field, detail: "only an administrator may set this" }
}
