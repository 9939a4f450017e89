import type { ClientRecord } from "./client-record.ts"

/** A valid authorization request, at any of its steps. */
export interface AuthorizeRequest {
  readonly client: ClientRecord
  readonly form: URLSearchParams
  readonly requestUrl: string
  readonly scopes: ReadonlyArray<string>
  readonly audience: ReadonlyArray<string>
}
