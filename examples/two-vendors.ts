/** Accepts the access tokens of several vendors, for example while users move from one to another. */
import type { AnyAuth } from "latchkey"

/** The part of a client that a guard uses. */
export type Asking = Pick<AnyAuth, "id" | "introspect">

/** Reads the issuer that a token names. It is not verified here: the client of that issuer checks the token. */
const issuerIn = (token: string): unknown => {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).iss
  } catch {
    return undefined
  }
}

/**
 * Makes a client for guards that introspects a token at the vendor that issued it.
 *
 * @param byIssuer the clients, by the exact issuer of their JWTs; a token of another issuer goes to `others`
 * @param others the client for every other token, such as an opaque one
 */
export const vendorOfToken = (byIssuer: Readonly<Record<string, Asking>>, others: Asking): Asking => {
  const clients = new Map<unknown, Asking>(Object.entries(byIssuer))
  return {
    id: "several",
    introspect: (token, options) => (clients.get(issuerIn(token)) ?? others).introspect(token, options),
  }
}
