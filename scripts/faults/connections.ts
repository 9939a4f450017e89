import type { Fault } from "./fault.ts"

const connections = "src/adapters/transport/undici-connections.ts"
const exchange = "src/adapters/transport/undici-exchange.ts"
const connectionTests = ["test/transport/connections.test.ts"]
const sockets = "src/adapters/transport/undici-sockets.ts"
const tls = ["test/transport/tls.test.ts"]
const reuse = ["test/transport/reused-connection.test.ts"]

/** The connections to one origin. */
export const connectionFaults: ReadonlyArray<Fault> = [
  {
    name: "a file inside undici is imported, so that no other release of it works",
    file: "src/adapters/transport/undici-connection.ts",
    find: 'import { Client } from "undici"\n',
    replace: 'import { Client } from "undici"\nimport "undici/lib/dispatcher/client.js"\n',
    tests: ["test/source-rules.test.ts"],
  },
  {
    name: "a request that is aborted while its connection opens is sent",
    file: exchange,
    find: "if (this.isOver) throw abandoned",
    replace: "",
    tests: connectionTests,
  },
  {
    name: "a request that is aborted while it waits takes a connection",
    file: connections,
    find: "next !== MutableList.Empty && !next.isOver",
    replace: "next !== MutableList.Empty",
    tests: connectionTests,
  },
  {
    name: "a broken connection is reused first",
    file: connections,
    find: "else if (connection?.isReusable) idle.push(connection)\n    else if (connection !== undefined) idle.unshift(connection)",
    replace: "else if (connection !== undefined) idle.push(connection)",
    tests: connectionTests,
  },
  {
    name: "a broken connection is not released to waiting requests",
    file: exchange,
    find: "    this.#release(false)\n",
    replace: "",
    tests: connectionTests,
  },
  {
    name: "a connection is not reused after a response",
    file: exchange,
    find: "    this.#release(true)\n",
    replace: "",
    tests: connectionTests,
  },
  {
    name: "a connection is reused before leftover data on its socket is read",
    file: connections,
    find: "settling.add(ended)",
    replace: "release(ended)",
    tests: reuse,
  },
  {
    name: "a connection that opens after the request was aborted is discarded",
    file: exchange,
    find: "if (this.isOver) throw abandoned",
    replace: "if (this.isOver) controller.abort(abandoned)",
    tests: connectionTests,
  },
  {
    name: "a closed transport opens connections",
    file: connections,
    find: "if (isClosed) return exchange.stop(closed)",
    replace: "",
    tests: connectionTests,
  },
  {
    name: "an aborted request in the queue keeps its body",
    file: exchange,
    find: "    this.body = null\n",
    replace: "",
    tests: connectionTests,
  },
  {
    name: "a connection is opened although another becomes free in the next turn",
    file: connections,
    find: "settling.count() < queue.length && isBelowLimit()",
    replace: "queue.length > 0 && isBelowLimit()",
    tests: connectionTests,
  },
  {
    name: "the last request in the queue is sent first",
    file: connections,
    find: "MutableList.append(queue, exchange)",
    replace: "MutableList.prepend(queue, exchange)",
    tests: connectionTests,
  },
  {
    name: "an origin exceeds its limit of sockets",
    file: connections,
    find: "opened.size < settings.connections ||",
    replace: "opened.size < settings.connections * 2 ||",
    tests: connectionTests,
  },
  {
    name: "HTTP/2 is negotiated",
    file: sockets,
    find: 'ALPNProtocols: ["http/1.1"]',
    replace: 'ALPNProtocols: ["h2", "http/1.1"]',
    tests: connectionTests,
  },
  {
    name: "data read from a socket is overwritten by the next read",
    file: sockets,
    find: "return socket().push(received)",
    replace: "return socket().push(readBuffer.subarray(0, bytes))",
    tests: tls,
  },
  {
    name: "a connection does not resume another connection's TLS session",
    file: sockets,
    find: "...(session !== undefined && { session }),",
    replace: "",
    tests: tls,
  },
  {
    name: "a socket that is opening outlives its transport",
    file: connections,
    find: "      sockets.close()\n",
    replace: "",
    tests: tls,
  },
]
