import { formOf } from "../form.ts"
import type { Exchange } from "../http-server.ts"
import { frameworkError } from "./errors.ts"

/** The parameters of a request to an OAuth endpoint. */
export interface OAuthForm {
  /** Returns a parameter of the form, the last one if it is repeated. */
  readonly field: (name: string) => string | undefined
  /** Returns a parameter of the query, or else of the form; the first one if it is repeated. */
  readonly either: (name: string) => string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** In bytes. */
const maxField = 1024 * 1024

/** Reads the form of a request, empty for any other body. Throws if a field has 1 MiB or more. */
export const oauthForm = (exchange: Exchange): OAuthForm => {
  const form = formOf(exchange) ?? new URLSearchParams()
  for (const value of form.values()) {
    if (Buffer.byteLength(value) >= maxField) throw frameworkError(400, "Field exceeded maximum size of 1024KB.")
  }
  return {
    field: (name) => form.getAll(name).at(-1),
    either: (name) => exchange.query.get(name) ?? form.get(name) ?? undefined,
    headers: exchange.headers,
  }
}
