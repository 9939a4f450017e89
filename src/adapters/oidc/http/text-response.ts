/** A response of `fetch` whose body is a text, for openid-client. */
import type { TransportResponse } from "../../../ports/transport.ts"

/**
 * Reads its text without a stream: the streams of Node wait for the global `queueMicrotask`, which fake timers of a test
 * may replace.
 */
class TextResponse extends Response {
  readonly #text: string

  constructor(text: string, init: { readonly status: number; readonly headers: Readonly<Record<string, string>> }) {
    super(null, init)
    this.#text = text
  }

  override text(): Promise<string> {
    return Promise.resolve(this.#text)
  }

  override async json(): Promise<unknown> {
    return JSON.parse(this.#text)
  }

  override clone(): Response {
    return new TextResponse(this.#text, { status: this.status, headers: Object.fromEntries(this.headers) })
  }
}

/** Converts a response of the transport to one of the platform. */
export const fetchResponse = ({ status, headers, body }: TransportResponse): Response =>
  new TextResponse(body, { status, headers })
