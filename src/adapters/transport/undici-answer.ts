/** An answer, as it is made of what undici hands over. */
import { isAscii } from "node:buffer"
import type { TransportResponse } from "../../ports/transport.ts"

/** A class, for the reason of decision 0017. */
export class Answer implements TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

/** The text of a body that came in one piece or in several. */
export const text = (chunks: Buffer | Array<Buffer> | undefined): string => {
  if (chunks === undefined) return ""
  const bytes = Array.isArray(chunks) ? Buffer.concat(chunks) : chunks
  // The same text, in a third of the time.
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8")
}

type Headers = Record<string, string | ReadonlyArray<string> | undefined>

/** A header that came more than once is an array; nearly always there is none, and nothing to be made anew. */
export const flat = (headers: Headers): Readonly<Record<string, string>> =>
  isFlat(headers) ? headers : joined(headers)

const isFlat = (headers: Headers): headers is Record<string, string> => {
  for (const name in headers) if (typeof headers[name] !== "string") return false
  return true
}

const joined = (headers: Headers): Readonly<Record<string, string>> => {
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) out[name] = typeof value === "string" ? value : value.join(", ")
  }
  return out
}
