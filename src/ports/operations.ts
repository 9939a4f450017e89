/** The list of all operations at run time, with the standard of each. */
import type { Operation } from "./provider.ts"

/** The standard of each operation. The keys are all operations. */
export const operations: Readonly<Record<Operation, string>> = {
  authorize: "RFC 6749 section 4.1.1",
  exchange: "RFC 6749 section 4.1.3",
  refresh: "RFC 6749 section 6",
  clientCredentials: "RFC 6749 section 4.4",
  deviceAuthorization: "RFC 8628 section 3.1",
  pollDevice: "RFC 8628 section 3.4",
  jwtBearer: "RFC 7523 section 2.1",
  exchangeToken: "RFC 8693 section 2",
  introspect: "RFC 7662",
  revoke: "RFC 7009",
  userInfo: "OpenID Connect Core 5.3",
  "clients.create": "client administration",
  "clients.get": "client administration",
  "clients.list": "client administration",
  "clients.replace": "client administration",
  "clients.patch": "client administration",
  "clients.remove": "client administration",
  "clients.rotateSecret": "client administration",
  "clients.setLifespans": "client administration",
  "clients.revokeTokens": "client administration",
  "registration.register": "RFC 7591 section 3",
  "registration.read": "RFC 7592 section 2.1",
  "registration.update": "RFC 7592 section 2.2",
  "registration.remove": "RFC 7592 section 2.3",
  "metadata.discover": "RFC 8414 section 3",
  "metadata.keys": "RFC 7517 section 5",
  "session.end": "OpenID Connect RP-Initiated Logout",
  "consent.getLogin": "login and consent delegation",
  "consent.acceptLogin": "login and consent delegation",
  "consent.rejectLogin": "login and consent delegation",
  "consent.getConsent": "login and consent delegation",
  "consent.acceptConsent": "login and consent delegation",
  "consent.rejectConsent": "login and consent delegation",
  "consent.getLogout": "login and consent delegation",
  "consent.acceptLogout": "login and consent delegation",
  "consent.rejectLogout": "login and consent delegation",
  "consent.listSessions": "login and consent delegation",
  "consent.revokeSessions": "login and consent delegation",
  "consent.revokeLoginSessions": "login and consent delegation",
  "trust.create": "RFC 7523 issuer administration",
  "trust.get": "RFC 7523 issuer administration",
  "trust.list": "RFC 7523 issuer administration",
  "trust.remove": "RFC 7523 issuer administration",
  "connectedApps.authUrl": "connected accounts",
  "connectedApps.token": "connected accounts",
  "connectedApps.revoke": "connected accounts",
}

/** All operations, in the order of the table. */
export const allOperations = Object.keys(operations) as ReadonlyArray<Operation>

/** Operations that return one page of a list. */
export const lists = ["clients.list", "consent.listSessions", "trust.list"] as const satisfies ReadonlyArray<Operation>

/** Returns the index of an operation's options among its arguments: the last one. */
export const optionsIndex = (operation: Operation): number => (operation === "exchange" ? 2 : 1)
