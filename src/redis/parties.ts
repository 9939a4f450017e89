/** The texts of the parties whose tokens end. */
import type { FleetEnd, FleetParties } from "../ports/fleet.ts"

const endOfParties = ({ server, subject, clientId, grant }: FleetEnd): string => {
  const isGrant = grant === true || (subject !== undefined && clientId !== undefined)
  return JSON.stringify([isGrant ? "grant" : "any", server, subject ?? null, clientId ?? null])
}

/**
 * Returns the texts of one end. The end of a session with a known subject also ends the subject's tokens that name no
 * session.
 */
export const endTexts = (end: FleetEnd): ReadonlyArray<string> => {
  const { server, subject, session, token } = end
  if (token !== undefined) return [JSON.stringify(["token", server, token])]
  if (session === undefined) return [endOfParties(end)]
  const withoutSession = subject === undefined ? [] : [JSON.stringify(["without session", server, subject])]
  return [JSON.stringify(["session", server, session]), ...withoutSession]
}

/** Returns the texts of every end that ends a token of these parties. */
export const partyTexts = ({ server, subject, clientId, session, token }: FleetParties): ReadonlyArray<string> => {
  const grant = { server, ...(subject !== undefined && { subject }), ...(clientId !== undefined && { clientId }) }
  return [
    endOfParties({ server }),
    endOfParties({ ...grant, grant: true }),
    ...(subject === undefined ? [] : [endOfParties({ server, subject })]),
    ...(clientId === undefined ? [] : [endOfParties({ server, clientId })]),
    ...(session === undefined
      ? subject === undefined
        ? []
        : [JSON.stringify(["without session", server, subject])]
      : [JSON.stringify(["session", server, session])]),
    ...(token === undefined ? [] : [JSON.stringify(["token", server, token])]),
  ]
}
