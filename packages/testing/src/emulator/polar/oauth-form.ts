import { formOf } from "../form.ts"
import type { Exchange } from "../http-server.ts"

/** The parameters of a request to an OAuth endpoint. */
export interface OAuthForm {
  /** Returns a parameter of the form. */
  readonly field: (name: string) => string | undefined
  /** Returns a parameter of the query, or else of the form. */
  readonly either: (name: string) => string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** Reads the form of a request, empty for any other body. Of a repeated parameter, the first value counts. */
export const oauthForm = (exchange: Exchange): OAuthForm => {
  const form = formOf(exchange) ?? new URLSearchParams()
  const field = (name: string) => form.get(name) ?? undefined
  return { field, either: (name) => exchange.query.get(name) ?? field(name), headers: exchange.headers }
}
