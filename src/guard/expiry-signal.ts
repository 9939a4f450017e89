/** A signal for responses that may last longer than the token. */
import type { ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { closedSignal } from "./node-request.ts"
import type { Principal } from "./principal.ts"

/** The longest time of one timer, in milliseconds. */
const longest = 2 ** 31 - 1

/**
 * Returns a signal that is aborted when the token of a principal expires: for server-sent events, WebSockets and long
 * downloads. It is not aborted when the token is revoked before: check the token again from time to time.
 *
 * @param end what ends the response before: the signal of the request, or the response or socket of Node. Without it, the
 *   signal and its listeners are kept until the token expires, although the response is over.
 */
export const expirySignal = (
  { expiresAt }: Pick<Principal, "expiresAt">,
  end?: AbortSignal | ServerResponse | Duplex,
): AbortSignal => {
  const signal = end === undefined || "aborted" in end ? end : closedSignal(end)()
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = (): void => abort(signal?.reason)
  const abort = (reason: unknown): void => {
    clearTimeout(timer)
    // A signal that outlives the response, such as that of the server, does not keep the response in memory.
    signal?.removeEventListener("abort", follow)
    controller.abort(reason)
  }
  const wait = (at: number): void => {
    const left = at - Date.now()
    // A time that is no number has passed.
    if (!(left > 0)) abort(new DOMException("The access token has expired.", "TimeoutError"))
    else timer = setTimeout(wait, Math.min(left, longest), at)
    // A response that is over does not keep the process alive.
    if (typeof timer === "object") timer.unref()
  }
  if (signal?.aborted) follow()
  else {
    signal?.addEventListener("abort", follow)
    if (expiresAt !== undefined) wait(expiresAt.getTime())
  }
  return controller.signal
}
