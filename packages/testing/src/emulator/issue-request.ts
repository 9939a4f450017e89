/** The user, the scopes and the client of an access token that an emulator issues without a login. */
export interface IssueRequest {
  /** The subject of the token. An unknown user is added. */
  readonly subject: string
  /** The granted scopes. Default: none. They are not compared with the scopes of the client. */
  readonly scopes?: ReadonlyArray<string>
  /** The client that the token is issued to. Default: the first client; without clients, a new client `emulator`. */
  readonly clientId?: string
}

/** The client of an emulator that has no other client. */
export const defaultClientId = "emulator"

/** Returns the client of a request; `undefined` if there is no client at all. Throws if its client does not exist. */
export const clientOfRequest = <Client>(
  clients: ReadonlyMap<string, Client>,
  { clientId }: IssueRequest,
): Client | undefined => {
  if (clientId === undefined) return clients.values().next().value
  const client = clients.get(clientId)
  if (client === undefined) throw new Error(`cannot issue a token: there is no client "${clientId}"`)
  return client
}
