/** The texts that name whose tokens end. */
import type { FleetParties } from "../ports/fleet.ts"

/** The text of one end. */
export const endText = ({ server, subject, clientId, session, token }: FleetParties): string => {
  if (token !== undefined) return JSON.stringify(["token", server, token])
  if (session !== undefined) return JSON.stringify(["session", server, session])
  return JSON.stringify(["parties", server, subject ?? null, clientId ?? null])
}

/** The texts of every end that ends a token of these parties. */
export const partyTexts = ({ server, subject, clientId, session, token }: FleetParties): ReadonlyArray<string> => [
  endText({ server }),
  ...(subject === undefined ? [] : [endText({ server, subject })]),
  ...(clientId === undefined ? [] : [endText({ server, clientId })]),
  ...(subject === undefined || clientId === undefined ? [] : [endText({ server, subject, clientId })]),
  ...(session === undefined ? [] : [endText({ server, session })]),
  ...(token === undefined ? [] : [endText({ server, token })]),
]
