/** A response, from the status, headers and chunks that undici provides. */
import { isAscii } from "node:buffer"
import type { TransportResponse } from "../../ports/transport.ts"

/** A class, because V8 allocates literals of this lifetime in the old generation (decision 0017). */
export class UndiciResponse implements TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

/** Decodes a body of no, one or several chunks. */
export const decodeBody = (chunks: Buffer | Array<Buffer> | undefined): string => {
  if (chunks === undefined) return ""
  const bytes = Array.isArray(chunks) ? Buffer.concat(chunks) : chunks
  // For ASCII the result is the same, in a third of the time.
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8")
}

type Headers = Record<string, string | ReadonlyArray<string> | undefined>

/** Joins repeated headers, which are arrays. Headers without an array, the usual case, are returned unchanged. */
export const joinedHeaders = (headers: Headers): Readonly<Record<string, string>> =>
  hasStringsOnly(headers) ? headers : joined(headers)

const hasStringsOnly = (headers: Headers): headers is Record<string, string> => {
  for (const name in headers) if (typeof headers[name] !== "string") return false
  return true
}

const joined = (headers: Headers): Readonly<Record<string, string>> => {
  const record: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) record[name] = typeof value === "string" ? value : value.join(", ")
  }
  return record
}
