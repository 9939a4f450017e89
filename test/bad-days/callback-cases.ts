/** Invalid callbacks, and the reason that each must produce. */
import type { CallbackCheck, Reason, Transaction } from "latchkey"

/** Modifies the callback URL. A returned object overrides members of the transaction. */
type Change = (url: URL, transaction: Transaction) => unknown

const invalid = (check: CallbackCheck) => ({ _tag: "InvalidCallback", check }) as const

const set =
  (name: string, value: string): Change =>
  ({ searchParams }) =>
    searchParams.set(name, value)

const without =
  (name: string): Change =>
  ({ searchParams }) =>
    searchParams.delete(name)

const append =
  (name: string, value: (transaction: Transaction) => string): Change =>
  ({ searchParams }, transaction) =>
    searchParams.append(name, value(transaction))

const move =
  (members: Partial<Pick<URL, "pathname" | "host" | "port" | "protocol">>): Change =>
  (url) =>
    void Object.assign(url, members)

/** Changes to a valid callback that a provider must reject before it sends a request. */
export const badCallbacks: ReadonlyArray<readonly [string, Change, Partial<Reason>]> = [
  ["no state", without("state"), invalid("state")],
  ["an empty state", set("state", ""), invalid("state")],
  ["another state", set("state", "other"), invalid("state")],
  ["the same state twice", append("state", ({ state }) => state), invalid("state")],
  ["a second, different state", append("state", () => "other"), invalid("state")],
  [
    "a prefix of the state",
    ({ searchParams }, { state }) => searchParams.set("state", state.slice(0, -1)),
    invalid("state"),
  ],

  ["another issuer", set("iss", "https://other.example"), invalid("issuer")],
  ["an empty issuer", set("iss", ""), invalid("issuer")],
  ["the issuer with a trailing slash", append("iss", ({ issuer }) => `${issuer}/`), invalid("issuer")],
  [
    "the same issuer twice",
    ({ searchParams }, { issuer }) => {
      searchParams.append("iss", issuer)
      searchParams.append("iss", issuer)
    },
    invalid("issuer"),
  ],

  ["a transaction of another provider", () => ({ provider: "other" }), invalid("provider")],
  ["a transaction of another issuer", () => ({ issuer: "https://other.example" }), invalid("issuer")],
  ["a transaction whose issuer has a trailing slash", (_, { issuer }) => ({ issuer: `${issuer}/` }), invalid("issuer")],

  ["another path", move({ pathname: "/elsewhere" }), invalid("redirect_uri")],
  ["a trailing slash in the path", move({ pathname: "/callback/" }), invalid("redirect_uri")],
  ["another host", move({ host: "evil.example" }), invalid("redirect_uri")],
  ["another port", move({ port: "8443" }), invalid("redirect_uri")],
  ["another scheme", move({ protocol: "http:" }), invalid("redirect_uri")],
  ["another query parameter of the redirect URI", set("tenant", "b"), invalid("redirect_uri")],

  ["no code", without("code"), invalid("code")],
  ["an empty code", set("code", ""), invalid("code")],
  ["two codes", append("code", () => "other"), invalid("code")],

  ["error=access_denied", set("error", "access_denied"), { _tag: "AccessDenied", code: "access_denied" }],
  ["error=login_required", set("error", "login_required"), { _tag: "InteractionRequired", code: "login_required" }],
  ["error=consent_required", set("error", "consent_required"), { _tag: "InteractionRequired" }],
  ["error=interaction_required", set("error", "interaction_required"), { _tag: "InteractionRequired" }],
  ["error=account_selection_required", set("error", "account_selection_required"), { _tag: "InteractionRequired" }],
  ["error=server_error", set("error", "server_error"), { _tag: "Unavailable" }],
  ["error=temporarily_unavailable", set("error", "temporarily_unavailable"), { _tag: "Unavailable" }],
  ["error=xyz", set("error", "xyz"), { ...invalid("error"), code: "xyz" }],
  ["an empty error", set("error", ""), invalid("error")],
  [
    "an error and another state",
    ({ searchParams }) => {
      searchParams.set("error", "access_denied")
      searchParams.set("state", "other")
    },
    invalid("state"),
  ],

  ["a transaction without a verifier", () => ({ verifier: undefined }), { _tag: "InvalidRequest", field: "verifier" }],
  [
    "an empty state in both the callback and the transaction",
    ({ searchParams }) => {
      searchParams.set("state", "")
      return { state: "" }
    },
    { _tag: "InvalidRequest", field: "state" },
  ],
]
