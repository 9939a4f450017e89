import type { Exchange, Reply } from "../http-server.ts"
import { addressedApplication } from "./addressed-application.ts"
import type { Application } from "./application.ts"
import { invalid } from "./errors.ts"
import { isRegistrable } from "./redirect-match.ts"
import { jsonReply, success } from "./replies.ts"
import { checkMembers, membersOf, stringsIn } from "./request-json.ts"
import type { Kinde } from "./state.ts"

/** One of the two URL lists of an application. */
export type UrlList = "redirectUris" | "logoutUris"

type Handler = (exchange: Exchange, kinde: Kinde) => Reply

/** Throws if a URL cannot be registered. */
export const checkUrls = (urls: ReadonlyArray<string>): void => {
  for (const url of urls) if (!isRegistrable(url)) throw invalid("INVALID_URL", `Invalid URL: ${url}`)
}

const urlsOf = (exchange: Exchange): ReadonlyArray<string> => {
  const members = membersOf(exchange)
  checkMembers(members, { urls: "strings" })
  const urls = stringsIn(members, "urls") ?? []
  checkUrls(urls)
  return urls
}

/** GET. The responses for the two lists have different envelopes. */
export const listUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const urls = addressedApplication(exchange, kinde)[list]
    const listed = urls.length === 0 && kinde.quirks.emptyListsAsNull ? null : urls
    return list === "redirectUris" ? jsonReply(200, { redirect_urls: listed }) : success({ logout_urls: listed })
  }

const withAdded = (kinde: Kinde, application: Application, list: UrlList, urls: ReadonlyArray<string>) => {
  const existing = application[list]
  const repeated = urls.find((url) => existing.includes(url))
  if (repeated === undefined || kinde.quirks.duplicateUrl === "kept") return [...existing, ...urls]
  if (kinde.quirks.duplicateUrl === "ignored") return [...new Set([...existing, ...urls])]
  throw invalid("URL_ALREADY_EXISTS", `URL already exists: ${repeated}`)
}

/** POST: adds URLs. */
export const addUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressedApplication(exchange, kinde)
    application[list] = withAdded(kinde, application, list, urlsOf(exchange))
    return success()
  }

/** PUT: replaces the list. */
export const replaceUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressedApplication(exchange, kinde)
    application[list] = urlsOf(exchange)
    return success()
  }

/** DELETE: removes URLs. They are in the query, separated by commas: a URL with a comma cannot be removed. */
export const removeUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressedApplication(exchange, kinde)
    const urls = (exchange.query.get("urls") ?? "").split(",").filter((url) => url !== "")
    if (urls.length === 0) throw invalid("URLS_REQUIRED", "urls is required")
    const unknown = urls.find((url) => !application[list].includes(url))
    if (unknown !== undefined && kinde.quirks.unknownUrl === "rejected") {
      throw invalid("URL_NOT_FOUND", `URL not found: ${unknown}`)
    }
    application[list] = application[list].filter((url) => !urls.includes(url))
    return success()
  }
