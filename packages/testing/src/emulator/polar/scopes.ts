const both = (...resources: ReadonlyArray<string>) =>
  resources.flatMap((resource) => [`${resource}:read`, `${resource}:write`])

/** The scopes that a client can register, in the server's order. */
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

/** The scopes that an authorization request can contain. Two of them cannot be registered. */
export const knownScopes: ReadonlySet<string> = new Set([...registrableScopes, ...both("organization_access_tokens")])

/** Returns the scopes of a space-separated string. */
export const scopesOf = (scope: string): ReadonlyArray<string> => scope.split(/\s+/).filter((word) => word !== "")

/** Returns the requested scopes that the client has. A repeated scope stays repeated. */
export const allowedScope = (requestedScope: string, clientScope: string): string => {
  const allowed = new Set(scopesOf(clientScope))
  return scopesOf(requestedScope)
    .filter((scope) => allowed.has(scope))
    .join(" ")
}

/** Returns the consent page's label for a scope. */
export const scopeLabel = (scope: string): string => {
  const [resource = "", access] = scope.split(":")
  const label = resource.replaceAll("_", " ")
  return access === undefined ? label : `${access === "read" ? "Read" : "Manage"} ${label}`
}
