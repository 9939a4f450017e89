/** The rows about the form of a request's credentials. The vendor is asked in none of them that is refused. */
import { active, bearer, invalidToken, type Lines, malformed, missing, type Row, token } from "./row.ts"

const authorization = (...values: ReadonlyArray<string>): Lines => values.map((value) => ["Authorization", value])

const unasked = { auth: "unasked" } as const

const noCredentials: ReadonlyArray<Row> = [
  {
    number: "1",
    name: "no credentials",
    lines: [],
    ...unasked,
    needs: { scopes: ["orders:read", "orders:write"] },
    expected: missing('Bearer scope="orders:read orders:write"'),
  },
  { number: "1", name: "no credentials, and no required scope", lines: [], ...unasked, expected: missing("Bearer") },
  { number: "1", name: "an empty header", lines: authorization(""), ...unasked, expected: missing("Bearer") },
  {
    number: "1",
    name: "no credentials where one of several scopes is enough",
    lines: [],
    ...unasked,
    needs: { anyScope: ["orders:write", "orders:admin"] },
    expected: missing('Bearer scope="orders:write"'),
  },
  {
    number: "1",
    name: "no credentials where a scope is required that no challenge asks for",
    lines: [],
    ...unasked,
    needs: { scopes: ["orders:read", "offline_access"] },
    expected: missing('Bearer scope="orders:read"'),
  },
  ...[
    ["Basic", "Basic YWxpY2U6c2VjcmV0"],
    ["Negotiate", "Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa=="],
    ["Digest, which has commas", 'Digest username="alice", realm="api", nc=00000001, qop=auth'],
    ["DPoP, which the API does not accept", `DPoP ${token}`],
    ["a longer name that begins with Bearer", `Bearertoken ${token}`],
    ["a token without a scheme", token],
    ["Bearer and a tab, which is no space", `Bearer\t${token}`],
  ].map(
    ([name = "", value = ""]): Row => ({
      number: "2",
      name: `another scheme: ${name}`,
      lines: authorization(value),
      ...unasked,
      needs: { scopes: ["orders:read"] },
      expected: missing('Bearer scope="orders:read"'),
    }),
  ),
]

const malformedTokens: ReadonlyArray<Row> = [
  ["the scheme alone", "Bearer"],
  ["two words", "Bearer a b"],
  ["a quote", 'Bearer a"b'],
  ["a letter outside ASCII", "Bearer caf\u00e9"],
  ["an equals sign before the end", "Bearer a=b"],
  ["only equals signs", "Bearer =="],
  ["a parameter instead of a token", 'Bearer token="abc"'],
].map(
  ([name = "", value = ""]): Row => ({
    number: "3",
    name: `a malformed token: ${name}`,
    lines: authorization(value),
    ...unasked,
    expected: malformed,
  }),
)

const twoTokens: ReadonlyArray<Row> = [
  ...[
    ["Bearer and Bearer", "Bearer a", "Bearer b"],
    ["the same token twice", `Bearer ${token}`, `Bearer ${token}`],
    ["Basic, then Bearer", "Basic YWxpY2U6c2VjcmV0", `Bearer ${token}`],
    ["Bearer, then Basic", `Bearer ${token}`, "Basic YWxpY2U6c2VjcmV0"],
    ["an empty line, then Bearer", "", `Bearer ${token}`],
    ["Bearer, then an empty line", `Bearer ${token}`, ""],
  ].map(
    ([name = "", ...values]): Row => ({
      number: "4",
      name: `two Authorization lines: ${name}`,
      lines: authorization(...values),
      ...unasked,
      expected: malformed,
    }),
  ),
  {
    number: "4",
    name: "two credentials in one line",
    lines: authorization(`Bearer ${token}, Bearer ${token}`),
    ...unasked,
    expected: malformed,
  },
  ...[
    ["access_token", `?access_token=${token}`],
    ["access_token, encoded", `?page=2&access%5Ftoken=${token}`],
    ["an empty access_token", "?access_token="],
  ].map(
    ([name = "", query = ""]): Row => ({
      number: "5",
      name: `a token in the header, and in the query as ${name}`,
      query,
      lines: bearer,
      ...unasked,
      expected: malformed,
    }),
  ),
  {
    number: "6",
    name: "a token only in the query",
    query: `?access_token=${token}`,
    lines: [],
    ...unasked,
    needs: { scopes: ["orders:read"] },
    expected: missing('Bearer scope="orders:read"'),
  },
  {
    number: "6",
    name: "another scheme, and a token in the query",
    query: `?access_token=${token}`,
    lines: authorization("Basic YWxpY2U6c2VjcmV0"),
    ...unasked,
    expected: missing("Bearer"),
  },
  {
    number: "7",
    name: "a token of more than 8,192 characters",
    lines: authorization(`Bearer ${"a".repeat(8193)}`),
    ...unasked,
    expected: invalidToken,
  },
]

const accepted: ReadonlyArray<Row> = [
  { number: "0", name: "an active token", lines: bearer, auth: active(), expected: { passes: "alice" } },
  ...[
    ["bearer in lower case", `bearer ${token}`],
    ["BEARER in upper case", `BEARER ${token}`],
    ["several spaces", `Bearer    ${token}`],
    ["a token of every permitted character", "Bearer AZaz09-._~+/=="],
    ["a token of 8,192 characters", `Bearer ${"a".repeat(8192)}`],
  ].map(
    ([name = "", value = ""]): Row => ({
      number: "0",
      name: `an active token: ${name}`,
      lines: authorization(value),
      auth: active(),
      expected: { passes: "alice" },
    }),
  ),
  {
    number: "0",
    name: "an active token, and a query without access_token",
    query: "?access_tokens=1&my_access_token=2&q=access_token",
    lines: bearer,
    auth: active(),
    expected: { passes: "alice" },
  },
]

export const presentationRows = [...accepted, ...noCredentials, ...malformedTokens, ...twoTokens]
