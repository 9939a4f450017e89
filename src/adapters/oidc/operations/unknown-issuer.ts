/** The error for an introspection response of an issuer that the configuration does not name. */
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { comparison } from "../http/compared-values.ts"
import { issuersOf, type Server } from "../server.ts"

/** Makes the reason. Its detail shows both issuers, because they often differ in one character. */
export const unknownIssuer = (
  { status }: TransportResponse,
  found: string,
  server: Server,
  secrets: ReadonlyArray<string>,
): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  path: "iss",
  detail: comparison("issuer", found, issuersOf(server), secrets),
})
