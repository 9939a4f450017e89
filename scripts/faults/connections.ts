import type { Fault } from "./fault.ts"

const connections = "src/adapters/transport/undici-connections.ts"
const exchange = "src/adapters/transport/undici-exchange.ts"
const several = ["test/transport/connections.test.ts"]
const sockets = "src/adapters/transport/undici-sockets.ts"
const tls = ["test/transport/tls.test.ts"]
const resting = ["test/transport/resting.test.ts"]

/** The connections to one origin. */
export const connectionFaults: ReadonlyArray<Fault> = [
  {
    name: "a request that was given up while its connection was being opened is sent all the same",
    file: exchange,
    find: "if (this.over) throw abandoned",
    replace: "",
    tests: several,
  },
  {
    name: "a request that was given up while it waited takes its turn all the same",
    file: connections,
    find: "next !== MutableList.Empty && !next.over",
    replace: "next !== MutableList.Empty",
    tests: several,
  },
  {
    name: "a connection that broke is the first to be used again",
    file: connections,
    find: "if (connection.isWhole) free.push(connection)\n    else free.unshift(connection)",
    replace: "free.push(connection)",
    tests: several,
  },
  {
    name: "a connection that broke is lost to those who wait",
    file: exchange,
    find: "    this.#release(false)\n",
    replace: "",
    tests: several,
  },
  {
    name: "a connection that has answered is not used again",
    file: exchange,
    find: "    this.#release(true)\n",
    replace: "",
    tests: several,
  },
  {
    name: "a connection is used again before anybody has looked at what its socket still brings",
    file: connections,
    find: "resting.push(connection)\n        rest()",
    replace: "release(connection)",
    tests: resting,
  },
  {
    name: "a connection that took longer to open than its caller would wait is thrown away",
    file: exchange,
    find: "if (this.over) throw abandoned",
    replace: "if (this.over) controller.abort(abandoned)",
    tests: several,
  },
  {
    name: "a closed door opens connections",
    file: connections,
    find: "if (isClosed) return exchange.stop(closed)",
    replace: "",
    tests: several,
  },
  {
    name: "what waited and was given up is kept with its body",
    file: exchange,
    find: "    this.body = null\n",
    replace: "",
    tests: several,
  },
  {
    name: "another connection is opened where one is free in a moment",
    file: connections,
    find: " && resting.length <= waiting.length",
    replace: "",
    tests: several,
  },
  {
    name: "who comes last is served first",
    file: connections,
    find: "MutableList.append(waiting, exchange)",
    replace: "MutableList.prepend(waiting, exchange)",
    tests: several,
  },
  {
    name: "an origin may have any number of sockets",
    file: connections,
    find: "clients.length < most",
    replace: "clients.length < most * 2",
    tests: several,
  },
  {
    name: "HTTP/2 is offered, whose streams share a socket",
    file: connections,
    find: "allowH2: false",
    replace: "allowH2: true",
    tests: several,
  },
  {
    name: "what a socket has read is overwritten by the next read",
    file: sockets,
    find: "return socket.push(came)",
    replace: "return socket.push(reading.subarray(0, bytes))",
    tests: tls,
  },
  {
    name: "a connection knows no TLS session but its own",
    file: connections,
    find: "connect: sockets.connect",
    replace: "connect: makeSockets(allowH2).connect",
    tests: tls,
  },
  {
    name: "a socket that is being opened outlives its door",
    file: connections,
    find: "      sockets.close()\n",
    replace: "",
    tests: tls,
  },
]
