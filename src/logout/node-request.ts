/** Requests of `node:http` with a logout token, for the bindings whose frameworks use them. */
import type { IncomingMessage } from "node:http"
import { formOf, textOf } from "./form.ts"
import type { LogoutRequest } from "./logout.ts"

/** Reads a request. `body`: the form, if a middleware before the handler has parsed it. */
export const logoutRequest = (request: IncomingMessage & { readonly body?: unknown }): LogoutRequest => ({
  method: request.method ?? "GET",
  contentType: request.headers["content-type"],
  body: async () =>
    request.body === undefined || request.body === null
      ? // The socket must stay open for the response.
        textOf(request.iterator({ destroyOnReturn: false }))
      : formOf(request.body),
})
