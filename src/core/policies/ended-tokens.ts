/** The tokens that an operation ends, by its arguments. */
import type { Operation } from "../../ports/provider.ts"

/** The tokens that an operation ends: those of a subject, of a client, or of a subject at a client, or unknown ones. */
export type Ended = { readonly subject?: string; readonly clientId?: string } | "unknown"

const text = (value: unknown, name: string): string | undefined => {
  const found = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : value
  return typeof found === "string" ? found : undefined
}

const ofClient = (client: unknown): Ended => {
  const clientId = text(client, "clientId")
  return clientId === undefined ? "unknown" : { clientId }
}

const ofSession = (session: unknown): Ended => {
  const [subject, clientId] = [text(Object(session), "subject"), text(Object(session), "client")]
  return subject === undefined ? "unknown" : { subject, ...(clientId !== undefined && { clientId }) }
}

/** The operations beside `revoke` that end tokens, with a function of their argument. `session.end` only makes a URL. */
export const endedBy: Readonly<Partial<Record<Operation, (argument: unknown) => Ended>>> = {
  "clients.remove": ofClient,
  "clients.revokeTokens": ofClient,
  "registration.remove": ofClient,
  "consent.acceptLogout": () => "unknown",
  "consent.revokeSessions": ofSession,
  "consent.revokeLoginSessions": ofSession,
}
