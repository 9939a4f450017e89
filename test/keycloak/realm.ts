/** The realms of the tests, as data that Keycloak imports. */

/** The client with which the tests manage a realm. */
export const manager = { clientId: "manager", clientSecret: "manager-secret" } as const

/** The password of every user. */
export const password = "correct horse"

const person = (username: string) => ({
  username,
  enabled: true,
  // Without these three, the login asks for them.
  email: `${username}@example.test`,
  firstName: username,
  lastName: "Test",
  emailVerified: true,
  // An imported user has no roles of its own accord.
  realmRoles: ["offline_access"],
  credentials: [{ type: "password", value: password }],
})

const scopeSettings = { protocol: "openid-connect", attributes: { "include.in.token.scope": "true" } }

/** The optional scopes that the tests request. */
export const scopes = ["read", "write"].map((name) => ({ name, ...scopeSettings }))

/** The administrator of a server that the tests start. */
export const administrator = { username: "admin", password: "admin" } as const

/** A realm with a manager and two users. */
export const realm = (name: string) => ({
  realm: name,
  enabled: true,
  sslRequired: "none",
  clients: [
    {
      clientId: manager.clientId,
      secret: manager.clientSecret,
      serviceAccountsEnabled: true,
      standardFlowEnabled: false,
    },
  ],
  users: [
    person("alice"),
    person("bob"),
    {
      username: `service-account-${manager.clientId}`,
      enabled: true,
      serviceAccountClientId: manager.clientId,
      clientRoles: { "realm-management": ["realm-admin"] },
    },
  ],
})

/** The realms of a server that the tests start. */
export const realms = ["latchkey", "other"].map(realm)
