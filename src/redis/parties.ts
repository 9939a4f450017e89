/** The texts that name whose tokens end. */
import type { FleetEnd, FleetParties } from "../ports/fleet.ts"

/** The text of one end. */
export const endText = ({ server, subject, clientId, session, token, grant }: FleetEnd): string => {
  if (token !== undefined) return JSON.stringify(["token", server, token])
  if (session !== undefined) return JSON.stringify(["session", server, session])
  const isGrant = grant === true || (subject !== undefined && clientId !== undefined)
  return JSON.stringify([isGrant ? "grant" : "any", server, subject ?? null, clientId ?? null])
}

/** The texts of every end that ends a token of these parties. */
export const partyTexts = ({ server, subject, clientId, session, token }: FleetParties): ReadonlyArray<string> => {
  const grant = { server, ...(subject !== undefined && { subject }), ...(clientId !== undefined && { clientId }) }
  return [
    endText({ server }),
    endText({ ...grant, grant: true }),
    ...(subject === undefined ? [] : [endText({ server, subject })]),
    ...(clientId === undefined ? [] : [endText({ server, clientId })]),
    ...(session === undefined ? [] : [endText({ server, session })]),
    ...(token === undefined ? [] : [endText({ server, token })]),
  ]
}
