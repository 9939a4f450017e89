import type { ClientMetadata, ClientRecord } from "./client-record.ts"
import { UncaughtException } from "./errors.ts"
import { prefixes, randomToken } from "./random-token.ts"
import type { Polar } from "./state.ts"

/** Makes a new client. */
export const newClient = (polar: Polar, metadata: ClientMetadata, owner: string | undefined): ClientRecord => ({
  id: randomToken(prefixes.clientId),
  secret: randomToken(prefixes.clientSecret),
  registrationToken: randomToken(prefixes.registrationToken),
  owner,
  firstParty: false,
  defaultSubType: "user",
  metadata,
  createdAt: polar.now(),
  modifiedAt: undefined,
  deleted: false,
})

/** Returns the client with this ID, unless it was deleted. */
export const findClient = (polar: Polar, id: string): ClientRecord | undefined => {
  // The database rejects the character.
  if (id.includes("\0")) throw new UncaughtException("the client id contains a NUL")
  const client = polar.clients.get(id)
  return client === undefined || client.deleted ? undefined : client
}
