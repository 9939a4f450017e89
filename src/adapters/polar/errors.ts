/** What Polar answers when it refuses: five families, and one `error` member that means two things. */
import type { TransportResponse } from "../../ports/transport.ts"
import { jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"

/** The words of the other families: a sentence, or a list of places and what is wrong there. */
export const errorText = (answer: TransportResponse): string | undefined => {
  const detail = jsonObject(answer)?.detail
  if (typeof detail === "string") return detail
  if (!Array.isArray(detail)) return undefined
  return detail.flatMap((each: unknown) => (isProblem(each) ? [`${placeOf(each.loc)}: ${each.msg}`] : [])).join("; ")
}

/** A place as in `redirect_uris[10]`: with a point it would be one long word. */
const placeOf = (loc: ReadonlyArray<unknown>): string =>
  loc
    .filter((part) => part !== "body" && (typeof part === "string" || typeof part === "number"))
    .map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${String(part)}`))
    .join("")

const isProblem = (value: unknown): value is { readonly loc: ReadonlyArray<string | number>; readonly msg: string } =>
  typeof value === "object" &&
  value !== null &&
  "loc" in value &&
  Array.isArray(value.loc) &&
  "msg" in value &&
  typeof value.msg === "string"

const management = [
  "clients.get",
  "clients.replace",
  "clients.patch",
  "clients.remove",
  "registration.read",
  "registration.update",
  "registration.remove",
] as const

export const errors: ReadonlyArray<ErrorRow> = [
  // Another client's token: theirs to revoke.
  { code: "invalid_grant", operations: ["revoke"], reason: "AccessDenied" },
  // A 401 about an argument, not about the client.
  { code: "unsupported_token_type", reason: "InvalidRequest" },
  { code: "access_denied", operations: management, reason: "InvalidToken" },
  { status: 401, operations: management, reason: "InvalidToken" },
]
