import { formOf } from "../form.ts"
import type { Exchange } from "../http-server.ts"

/** The parameters of a request to an OAuth endpoint. */
export interface OAuthForm {
  /** From the form alone. */
  readonly field: (name: string) => string | undefined
  /** From the query or the form; the query goes first. */
  readonly either: (name: string) => string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** Reads the form of a request; a body that is not a form is an empty one. The first of several values counts. */
export const oauthForm = (exchange: Exchange): OAuthForm => {
  const form = formOf(exchange) ?? new URLSearchParams()
  const field = (name: string) => form.get(name) ?? undefined
  return { field, either: (name) => exchange.query.get(name) ?? field(name), headers: exchange.headers }
}
