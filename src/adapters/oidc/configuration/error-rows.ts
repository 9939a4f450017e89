/** The rows of an error table, as a schema. */
import { z } from "zod"
import { isOutageStatus } from "../../../internal/outage-status.ts"
import { operations } from "../../../ports/operations.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { ErrorRow } from "../server.ts"

const text = z.string().min(1)

const reasons = [
  ...["InvalidClient", "InvalidGrant", "InvalidRequest", "InvalidToken", "AccessDenied", "NotFound", "Unavailable"],
  ...["UnsupportedOperation", "Inactive", "Done"],
] as ReadonlyArray<ErrorRow["reason"]> as [ErrorRow["reason"], ...ReadonlyArray<ErrorRow["reason"]>]

/** The operations whose result a row may be. */
const endings: Readonly<Partial<Record<ErrorRow["reason"], Operation>>> = { Inactive: "introspect", Done: "revoke" }

/** A row of an error table. */
export const errorRow = z
  .strictObject({
    status: z.number().int().min(100).max(599).optional(),
    code: text.optional(),
    contains: text.optional(),
    operations: z
      .array(z.enum(Object.keys(operations) as [Operation, ...ReadonlyArray<Operation>]))
      .min(1)
      .readonly()
      .optional(),
    detail: text.optional(),
    reason: z.enum(reasons),
  })
  .refine(
    ({ status, code, contains }) => (status ?? code ?? contains) !== undefined,
    'expected "status", "code" or "contains": a row without them would match every response',
  )
  .refine(({ reason, operations: listed }) => {
    const only = endings[reason]
    return only === undefined || (listed?.length === 1 && listed[0] === only)
  }, '"Inactive" requires operations ["introspect"], and "Done" requires operations ["revoke"]')
  .refine(
    ({ reason, status }) =>
      endings[reason] === undefined || status === undefined || !(status === 429 || isOutageStatus(status)),
    '"Inactive" and "Done" are not allowed for an outage or a rate limit: with this status the server has not judged the token',
  )
