/** The types of two undici modules that are imported by path. undici publishes no types for them. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici"
  export = Client
}

declare module "undici/lib/core/connect.js" {
  import type { Socket } from "node:net"
  import type { buildConnector } from "undici"

  /** Returns the socket that it opens, which undici's own type omits. */
  const connector: (
    options: buildConnector.BuildOptions,
  ) => (options: buildConnector.Options, opened: buildConnector.Callback) => Socket
  export = connector
}
