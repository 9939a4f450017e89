/** The types of the parts of undici that are imported by their own paths, which have none. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici"
  export = Client
}

declare module "undici/lib/core/connect.js" {
  import type { Socket } from "node:net"
  import type { buildConnector } from "undici"

  /** Gives back the socket that it opens, which the type of undici leaves out. */
  const connector: (
    options: buildConnector.BuildOptions,
  ) => (options: buildConnector.Options, opened: buildConnector.Callback) => Socket
  export = connector
}
