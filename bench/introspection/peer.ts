/** One way to introspect a token, as a measured process sees it. */
export interface Peer {
  /** Asks once about `token`, reads the whole JSON answer and gives back what it says. */
  call(token: string): Promise<{ readonly active: boolean }>
  /** Gives up every connection, so that the process can end by itself. */
  close(): Promise<void>
}

/** What every file in `peers/` exports as `make`: sets one peer up against the server at `url`. */
export type Make = (url: string) => Promise<Peer>

/** The one resource that every peer asks. */
export const introspectionPath = "/admin/oauth2/introspect"
