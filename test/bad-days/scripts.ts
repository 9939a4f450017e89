/** What a scripted server may do with a request. */
import { type Asked, type Script, scripted } from "./scripted-server.ts"

export type Headers = Readonly<Record<string, string>>

export const asJson: Headers = { "content-type": "application/json" }
export const asHtml: Headers = { "content-type": "text/html; charset=utf-8" }

/** The head of an answer, with the empty line that ends it. */
export const head = (status: number, headers: Headers): string =>
  [`HTTP/1.1 ${status} Whatever`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  )

/** A whole answer of known length. */
export const http = (status: number, body = "", headers: Headers = asJson): string =>
  `${head(status, { ...headers, "content-length": String(Buffer.byteLength(body)) })}${body}`

/** Answers with a status and text. */
export const answer =
  (status: number, body = "", headers: Headers = asJson): Script =>
  ({ socket }) =>
    void socket.write(http(status, body, headers))

/** Answers 200 with a value as JSON. */
export const json = (value: unknown, headers: Headers = asJson): Script => answer(200, JSON.stringify(value), headers)

/** Answers by path, without the query; anything else hears 404. */
export const routes =
  (table: Readonly<Record<string, Script>>): Script =>
  (asked) =>
    (table[asked.path.split("?", 1)[0] ?? ""] ?? answer(404, "no such route", { "content-type": "text/plain" }))(asked)

/** Plays one script after the other, and the last for ever. */
export const inTurn = (...scripts: ReadonlyArray<Script>): Script => {
  let turn = 0
  return (asked) => scripts[Math.min(turn++, scripts.length - 1)]?.(asked)
}

/** Never answers. */
export const hang: Script = () => {}

/** Resets the connection. */
export const reset: Script = ({ socket }) => void socket.resetAndDestroy()

/** Writes bytes as they are. */
export const raw =
  (bytes: string): Script =>
  ({ socket }) =>
    void socket.write(bytes, "utf8")

/** Writes bytes as they are and closes the connection. */
export const rawThenClose =
  (bytes: string): Script =>
  ({ socket }) =>
    void socket.end(bytes, "utf8")

/** Writes the pieces one by one, `every` milliseconds, for as long as somebody listens. */
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

/** The same piece without end. */
export function* endless(piece: string): Generator<string> {
  for (;;) yield piece
}

/** An origin on which nobody listens. */
export const nobody = async (): Promise<string> => {
  const server = await scripted(hang)
  await server.close()
  return server.url
}

/** The name and password that HTTP Basic carried. */
export const basic = ({ headers }: Pick<Asked, "headers">): string =>
  Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString("utf8")
