/** The types of the parts of undici that are imported by their own paths, which have none. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici"
  export = Client
}

declare module "undici/lib/core/connect.js" {
  import { buildConnector } from "undici"
  export = buildConnector
}
