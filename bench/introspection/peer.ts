/** A client under test. */
export interface Peer {
  /** Introspects `token` with one request and gives the parsed response. */
  call(token: string): Promise<{ readonly active: boolean }>
  /** Closes every connection, so that the process can end by itself. */
  close(): Promise<void>
}

/** The `make` export of every file in `peers/`: makes a client for the server at `url`. */
export type Make = (url: string) => Promise<Peer>

/** The path of the introspection endpoint. */
export const introspectionPath = "/admin/oauth2/introspect"
