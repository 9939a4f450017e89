/** `Request` and `Response`, for the bindings whose frameworks use them. */
import type { Reply } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"

/** Reads a request. Only path and query of its URL count. */
export const webRequest = (request: Request): GuardRequest => new WebRequest(request)

/** A class, because a private member is the only one that nothing prints. */
class WebRequest implements GuardRequest {
  readonly method: string
  readonly target: string
  readonly header: GuardRequest["header"]
  readonly signal: () => AbortSignal
  readonly #raw: Request

  constructor(request: Request) {
    this.method = request.method
    this.target = targetOf(request.url)
    this.header = (name) => request.headers.get(name)
    this.signal = () => request.signal
    this.#raw = request
  }

  get raw(): object {
    return this.#raw
  }
}

/** The path begins with the third slash of an absolute URL. */
export const targetOf = (url: string): string => {
  const start = url.indexOf("/", url.indexOf("//") + 2)
  return start === -1 ? "/" : url.slice(start)
}

/** Makes the response of a guard. */
export const responseOf = ({ status, headers, body }: Reply): Response =>
  new Response(body ?? null, { status, headers: { ...headers } })

/** Adds headers to a response, which may be immutable. An upgrade to a WebSocket (101) cannot be copied. */
export const withHeaders = (response: Response, added: Readonly<Record<string, string>> | undefined): Response => {
  if (added === undefined || response.status < 200) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(added)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
