/** `Request` and `Response`, for the bindings whose frameworks use them. */
import type { Reply } from "./refusal.ts"
import type { GuardRequest } from "./request.ts"

/** Reads a request. Only the path and query of its URL are used. */
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

/** Returns whether a copy of a response can be made: of an upgrade to a WebSocket (101) it cannot. */
export const isCopyable = ({ status }: Response): boolean => status >= 200

/** Adds headers to a response, which may be immutable, by a copy. */
export const withHeaders = (response: Response, added: Readonly<Record<string, string>> | undefined): Response => {
  if (added === undefined || !isCopyable(response)) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(added)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
