/** Polar's error responses: five shapes. The member `error` has two meanings. */
import type { TransportResponse } from "../../ports/transport.ts"
import { jsonObject } from "../oidc/http/json-response.ts"
import type { ErrorRow } from "../oidc/server.ts"

/** Returns the member `detail`: a sentence, or a list of problems with their locations. */
export const errorText = (response: TransportResponse): string | undefined => {
  const detail = jsonObject(response)?.detail
  if (typeof detail === "string") return detail
  if (!Array.isArray(detail)) return undefined
  return detail.flatMap((each: unknown) => (isProblem(each) ? [`${pathOf(each.loc)}: ${each.msg}`] : [])).join("; ")
}

/** A path such as `redirect_uris[10]`. */
const pathOf = (loc: ReadonlyArray<unknown>): string =>
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
  // Another client's token, which only that client may revoke.
  { code: "invalid_grant", operations: ["revoke"], reason: "AccessDenied" },
  // The status is 401, but the argument is wrong and not the client.
  { code: "unsupported_token_type", reason: "InvalidRequest" },
  { code: "access_denied", operations: management, reason: "InvalidToken" },
  { status: 401, operations: management, reason: "InvalidToken" },
]
