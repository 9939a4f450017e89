/** Requests whose bytes are sent as they are. */
import { connect } from "node:net"

export interface RawResponse {
  readonly status: number
  /** Status line and headers. */
  readonly head: string
  readonly body: string
}

/** Sends bytes over a socket of its own, and reads until the server closes it. */
export const sendRaw = (port: number, bytes: string): Promise<RawResponse> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"))
    let text = ""
    socket.setEncoding("latin1")
    socket.on("data", (chunk: string) => {
      text += chunk
    })
    socket.on("error", reject)
    socket.on("close", () => {
      const end = text.indexOf("\r\n\r\n")
      const head = end === -1 ? text : text.slice(0, end)
      resolve({ status: Number(head.split(" ")[1]), head, body: end === -1 ? "" : text.slice(end + 4) })
    })
  })

/** A request without a body, with these lines between its first line and its end. */
export const rawRequest = (firstLine: string, ...lines: ReadonlyArray<string>): string =>
  [`${firstLine} HTTP/1.1`, "Host: evil.example", "Connection: close", ...lines, "", ""].join("\r\n")
