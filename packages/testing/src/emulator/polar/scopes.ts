const both = (...resources: ReadonlyArray<string>) =>
  resources.flatMap((resource) => [`${resource}:read`, `${resource}:write`])

/** Every scope a client can register, in the server's order. */
export const registrableScopes: ReadonlyArray<string> = [
  ...["openid", "profile", "email"],
  ...both("user", "organizations", "custom_fields", "discounts", "checkout_links", "checkouts", "transactions"),
  ...both("payouts", "products", "benefits", "events", "meters", "files", "subscriptions", "customers", "members"),
  ...both("wallets", "disputes"),
  ...["customer_meters:read", "customer_sessions:write", "member_sessions:write"],
  ...both("customer_seats", "orders", "refunds"),
  "payments:read",
  ...both("metrics", "webhooks", "license_keys", "customer_portal", "notifications", "notification_recipients"),
]

/** Every scope an authorization may name: hand-made clients hold two more than can be registered. */
export const knownScopes: ReadonlySet<string> = new Set([...registrableScopes, ...both("organization_access_tokens")])

/** The words of a scope string. */
export const scopesOf = (scope: string): ReadonlyArray<string> => scope.split(/\s+/).filter((word) => word !== "")

/** What is left of the scopes asked for when only those of the client count. */
export const allowedScope = (asked: string, clients: string): string => {
  const allowed = new Set(scopesOf(clients))
  return [...new Set(scopesOf(asked))].filter((scope) => allowed.has(scope)).join(" ")
}

/** What the consent page calls a scope. */
export const scopeLabel = (scope: string): string => {
  const [resource = "", access] = scope.split(":")
  const words = resource.replaceAll("_", " ")
  return access === undefined ? words : `${access === "read" ? "Read" : "Manage"} ${words}`
}
