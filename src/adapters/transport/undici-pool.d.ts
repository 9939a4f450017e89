/** The type of the part of undici that is imported by its own path, which has none. */
declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici"
  export = Pool
}
