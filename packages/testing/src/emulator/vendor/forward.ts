import { request as send } from "node:http"
import type { Exchange, Reply } from "../http-server.ts"

/** Headers of one connection, and of a body that is written anew. */
const own: ReadonlySet<string> = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"])

/** Sends a request to the standard provider, which sees the host of the original request. */
export const forward = (origin: string, { method, path, rawQuery, headers, body }: Exchange): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const kept = Object.entries(headers).filter(([name]) => !own.has(name))
    const target = `${origin}${path}${rawQuery === "" ? "" : `?${rawQuery}`}`
    const length = Buffer.byteLength(body)
    const all = { ...Object.fromEntries(kept), ...(length > 0 && { "content-length": String(length) }) }
    const request = send(target, { method, headers: all }, async (response) => {
      const text = (await response.setEncoding("utf8").toArray()).join("")
      const answered = Object.entries(response.headers).filter(([name]) => !own.has(name))
      resolve({
        status: response.statusCode ?? 500,
        headers: Object.fromEntries(answered.map(([name, value = ""]) => [name, value])),
        body: text,
      })
    })
    request.on("error", reject)
    request.end(body)
  })
