/** The table of the guards: each situation, and the response that the tests expect in every binding. */
import { documentedDpopRows } from "../test/guard/dpop-rows.ts"
import type { Row } from "../test/guard/row.ts"
import { rows } from "../test/guard/rows.ts"

interface Described {
  readonly situation: string
  /** Why the response is this one. */
  readonly why: string
}

/** The numbers, in the order of the table. */
const described: Readonly<Record<string, Described>> = {
  "0": { situation: "an active token that meets the requirements", why: "the handler answers" },
  "1": { situation: "no credentials", why: "RFC 6750 section 3.1: no error code" },
  "2": { situation: "another scheme, such as `Basic`", why: "as without credentials" },
  "3": { situation: "`Bearer` alone, several words, a character that no token has", why: "RFC 6750 section 3.1" },
  "4": { situation: "two tokens, in one `Authorization` line or in two", why: "RFC 6750 section 3.1: one method only" },
  "5": { situation: "a token in the header and one in the query", why: "RFC 6750 section 3.1: one method only" },
  "6": {
    situation: "a token only in the query",
    why: "as without credentials: a query is logged and shared (RFC 9700)",
  },
  "7": { situation: "a token of more than 8,192 characters", why: "refused without a request to the vendor" },
  "8": {
    situation: "an unknown, expired, revoked or forged token, or one for another audience",
    why: "one text for all, so that the response does not reveal the failed check",
  },
  "9": { situation: "a refresh token or an ID token", why: "RFC 9068 section 4" },
  "11": { situation: "a scope is missing", why: "RFC 6750 section 3.1; `scope` has every required scope" },
  "11a": {
    situation: "a scope is required, and the vendor does not report the granted scopes",
    why: "403 would send clients into a login loop; `onError` names the setting",
  },
  "12": { situation: "the login is too weak or too old", why: "RFC 9470 section 3" },
  "12a": { situation: "the token does not say how or when the user logged in", why: "as 12; `onError` is called" },
  "13": { situation: "a DPoP-bound token as a bearer token", why: "RFC 9449 section 7.2" },
  "14": { situation: "an unbound token with a proof", why: "RFC 9449 section 7.1" },
  "15": { situation: "the scheme `DPoP` without a proof, or with two", why: "RFC 9449 section 4.3" },
  "16": { situation: "a wrong proof", why: "RFC 9449 section 4.3; no request is sent to the vendor" },
  "17": { situation: "the proof of another key", why: "RFC 9449 section 7.1" },
  "18": { situation: "a proof that was used before", why: "RFC 9449 section 11.1" },
  "19": { situation: "a proof without a current nonce", why: "RFC 9449 section 9" },
  "20": { situation: "a certificate-bound token without its certificate", why: "RFC 8705 section 3" },
  "21": { situation: "a token with a binding of an unknown kind", why: "latchkey cannot check it" },
  "22": { situation: "the vendor is unreachable or overloaded", why: "RFC 9110 section 15.6.4" },
  "23": { situation: "the vendor limits this service (429)", why: "the client has made no mistake" },
  "24": { situation: "the replay store is unreachable", why: "a replay could not be detected" },
  "25": {
    situation: "every other error of `introspect`",
    why: "an operator must act; after a 401 clients would discard valid tokens",
  },
  "27": { situation: "`optional`, and no credentials", why: "the handler answers, without a principal" },
  "28": { situation: "`optional`, and wrong credentials", why: "as above: never a downgrade to anonymous" },
  "29": { situation: "`OPTIONS`", why: "as for any other method; put the CORS middleware before the guard" },
}

/** The headers of a response without those that each refusal has, and without the constant description. */
const headersText = ({ expected }: Row): string => {
  if ("passes" in expected) return ""
  const { "cache-control": _, "content-type": __, ...headers } = expected.headers
  return Object.entries(headers)
    .map(([name, value]) => `\`${name}: ${value.replace(/ error_description="[^"]*",?/, "").replace(/,$/, "")}\``)
    .join(" ")
}

/** Returns the rows of the table, one for each number. */
export const guardTable = (): string => {
  const all = [...rows, ...documentedDpopRows]
  const unknown = all.filter(({ number }) => described[number] === undefined)
  if (unknown.length > 0) throw new Error(`no description of row ${unknown[0]?.number} in scripts/guard-table.ts`)
  const order = Object.keys(described).sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
  return [
    "| | situation | status | headers | why |",
    "| --- | --- | --- | --- | --- |",
    ...order.map((number) => {
      const row = all.find((each) => each.number === number)
      if (row === undefined) throw new Error(`no row has the number ${number} of scripts/guard-table.ts`)
      const { situation, why } = described[number] as Described
      const status = "passes" in row.expected ? "passes" : row.expected.status
      return `| ${number} | ${situation} | ${status} | ${headersText(row)} | ${why} |`
    }),
  ].join("\n")
}
