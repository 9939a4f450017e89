/** Scripts for the scripted server. */
import { type ReceivedRequest, type Script, scripted } from "./scripted-server.ts"

export type Headers = Readonly<Record<string, string>>

export const asJson: Headers = { "content-type": "application/json" }
export const asHtml: Headers = { "content-type": "text/html; charset=utf-8" }

/** The status line and headers of a response, with the empty line that ends them. */
export const head = (status: number, headers: Headers): string =>
  [`HTTP/1.1 ${status} Whatever`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  )

/** A complete response of known length. */
export const http = (status: number, body = "", headers: Headers = asJson): string =>
  `${head(status, { ...headers, "content-length": String(Buffer.byteLength(body)) })}${body}`

/** Responds with a status and text. */
export const respond =
  (status: number, body = "", headers: Headers = asJson): Script =>
  ({ socket }) =>
    void socket.write(http(status, body, headers))

/** Responds 200 with a value as JSON. */
export const json = (value: unknown, headers: Headers = asJson): Script => respond(200, JSON.stringify(value), headers)

/** Selects a script by path, without the query. Responds 404 to any other path. */
export const routes =
  (table: Readonly<Record<string, Script>>): Script =>
  (request) =>
    (table[request.path.split("?", 1)[0] ?? ""] ?? respond(404, "no such route", { "content-type": "text/plain" }))(
      request,
    )

/** Plays one script per request, and repeats the last. */
export const inTurn = (...scripts: ReadonlyArray<Script>): Script => {
  let turn = 0
  return (request) => scripts[Math.min(turn++, scripts.length - 1)]?.(request)
}

/** Never responds. */
export const hang: Script = () => {}

/** Resets the connection. */
export const reset: Script = ({ socket }) => void socket.resetAndDestroy()

/** Writes bytes unchanged. */
export const raw =
  (bytes: string): Script =>
  ({ socket }) =>
    void socket.write(bytes, "utf8")

/** Writes bytes unchanged and closes the connection. */
export const rawThenClose =
  (bytes: string): Script =>
  ({ socket }) =>
    void socket.end(bytes, "utf8")

/** Writes one piece every `every` milliseconds until the connection closes. */
export const drip =
  (start: string, pieces: Iterable<string | Uint8Array>, every: number): Script =>
  ({ socket }) => {
    socket.setNoDelay(true)
    if (start !== "") socket.write(start)
    const left = pieces[Symbol.iterator]()
    const timer = setInterval(() => {
      const piece = left.next()
      if (piece.done || socket.destroyed) clearInterval(timer)
      else socket.write(piece.value)
    }, every)
    socket.once("close", () => clearInterval(timer))
  }

/** Repeats a piece without end. */
export function* endless(piece: string): Generator<string> {
  for (;;) yield piece
}

/** An origin that refuses connections. */
export const closedOrigin = async (): Promise<string> => {
  const server = await scripted(hang)
  await server.close()
  return server.url
}

/** The decoded credentials of HTTP Basic authentication. */
export const basic = ({ headers }: Pick<ReceivedRequest, "headers">): string =>
  Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString("utf8")
