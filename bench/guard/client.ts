/** The client: keep-alive connections that each send the next request when the response is there. It parses little. */
import { connect, type Socket } from "node:net"
import { quantile } from "../statistics.ts"
import { type Answered, type Load, path } from "./job.ts"

const connections = 64
const headEnd = "\r\n\r\n"
const lengthField = /\r\ncontent-length: *(\d+)/i

let requests: ReadonlyArray<Buffer> = []
let sent = 0

const requestOf = (token: string): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: orders.example\r\nAuthorization: Bearer ${token}${headEnd}`, "latin1")

/** Tells whether a whole response has arrived. */
const isWhole = (text: string): boolean => {
  const end = text.indexOf(headEnd)
  if (end === -1) return false
  const length = lengthField.exec(text.slice(0, end))?.[1]
  return length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + headEnd.length + Number(length)
}

/** Sends one request and gives its response. */
const exchange = (socket: Socket, request: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ""
    const onData = (chunk: string) => {
      text += chunk
      if (!isWhole(text)) return
      socket.off("data", onData).off("close", onClose)
      resolve(text)
    }
    const onClose = () => reject(new Error(`the server closed a connection after ${JSON.stringify(text)}`))
    socket.on("data", onData).once("close", onClose)
    socket.write(request)
  })

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true })
    socket
      .setEncoding("latin1")
      .once("error", reject)
      .once("connect", () => resolve(socket))
  })

let opened: { readonly port: number; readonly sockets: ReadonlyArray<Socket> } = { port: 0, sockets: [] }

const socketsTo = async (port: number): Promise<ReadonlyArray<Socket>> => {
  if (opened.port !== port) {
    for (const socket of opened.sockets) socket.removeAllListeners("close").destroy()
    opened = { port, sockets: await Promise.all(Array.from({ length: connections }, () => open(port))) }
    sent = 0
  }
  return opened.sockets
}

let isLoading = false

/** Keeps this process awake: a server pays for each write that wakes a sleeping client. */
const stayAwake = (): void => {
  if (isLoading) setImmediate(stayAwake)
}

const load = async ({ port, requests: count, inBursts }: Load): Promise<Answered> => {
  const sockets = await socketsTo(port)
  const latencies: Array<number> = []
  const last = sent + count
  const started = performance.now()
  const call = async (socket: Socket) => {
    const request = requests[sent++ % requests.length] as Buffer
    const before = performance.now()
    const text = await exchange(socket, request)
    if (!text.startsWith("HTTP/1.1 200")) throw new Error(`a valid token got ${JSON.stringify(text)}`)
    latencies.push(performance.now() - before)
  }
  const caller = async (socket: Socket) => {
    while (sent < last) await call(socket)
  }
  isLoading = inBursts
  stayAwake()
  if (inBursts) while (sent < last) await Promise.all(sockets.slice(0, last - sent).map(call))
  else await Promise.all(sockets.map(caller))
  isLoading = false
  return {
    requestsPerSecond: (latencies.length / (performance.now() - started)) * 1000,
    p99: quantile(latencies, 0.99),
  }
}

type Message = { readonly tokens: ReadonlyArray<string> } | { readonly load: Load } | { readonly try: TryOne }
interface TryOne {
  readonly port: number
  readonly token: string
}

const tryOne = async ({ port, token }: TryOne): Promise<string> => {
  const socket = await open(port)
  const text = await exchange(socket, requestOf(token))
  socket.destroy()
  return text.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)
}

process.on("message", async (message: Message) => {
  if ("tokens" in message) requests = message.tokens.map(requestOf)
  const answer = "load" in message ? await load(message.load) : "try" in message ? await tryOne(message.try) : "ready"
  process.send?.(answer)
})
process.on("disconnect", () => process.exit(0))
