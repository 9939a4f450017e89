import type { Trust } from "../jwt/peer.ts"

/** What every measured server gets. */
export interface Setting {
  /** The vendor's address, which serves its metadata, its keys and its introspection endpoint. */
  readonly vendor: string
  readonly kind: "jwt" | "opaque"
  /** The keys and the expected claims of the JWTs. */
  readonly trust: Trust
  /** The tokens that a cache of the server may know before. */
  readonly known: ReadonlyArray<string>
}

/** A load: requests of concurrent keep-alive connections, each with the next token. */
export interface Load {
  readonly port: number
  readonly requests: number
  /**
   * Every connection sends its next request when all have their responses, so that a server falls asleep equally often,
   * however fast it is. Otherwise each sends it when it has its own response.
   */
  readonly inBursts: boolean
}

/** What the client measures. */
export interface Answered {
  readonly requestsPerSecond: number
  /** The 99th percentile of the latency in milliseconds. */
  readonly p99: number
}

/** The path that every server protects. */
export const path = "/orders"

/** What every server responds, with the subject of the token. */
export const subject = "kp_0a6ef4c26f0e44c59f6e7f2f5f0d1c55"
