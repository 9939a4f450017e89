import type { Exchange, Reply } from "../http-server.ts"
import { addressed } from "./addressed-application.ts"
import type { Application } from "./application.ts"
import { invalid } from "./errors.ts"
import { mayBeListed } from "./redirect-match.ts"
import { jsonReply, success } from "./replies.ts"
import { checkMembers, membersOf, stringsIn } from "./request-json.ts"
import type { Kinde } from "./state.ts"

/** Which of an application's two lists of URLs is meant. */
export type UrlList = "redirectUris" | "logoutUris"

type Handler = (exchange: Exchange, kinde: Kinde) => Reply

/** Refuses URLs that cannot be on a list. */
export const checkUrls = (urls: ReadonlyArray<string>): void => {
  for (const url of urls) if (!mayBeListed(url)) throw invalid("INVALID_URL", `Invalid URL: ${url}`)
}

const urlsOf = (exchange: Exchange): ReadonlyArray<string> => {
  const members = membersOf(exchange)
  checkMembers(members, { urls: "strings" })
  const urls = stringsIn(members, "urls") ?? []
  checkUrls(urls)
  return urls
}

/** GET: the two lists have different envelopes. */
export const listUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const urls = addressed(exchange, kinde)[list]
    const shown = urls.length === 0 && kinde.quirks.emptyListsAsNull ? null : urls
    return list === "redirectUris" ? jsonReply(200, { redirect_urls: shown }) : success({ logout_urls: shown })
  }

const added = (kinde: Kinde, application: Application, list: UrlList, urls: ReadonlyArray<string>) => {
  const there = application[list]
  const repeated = urls.find((url) => there.includes(url))
  if (repeated === undefined || kinde.quirks.duplicateUrl === "kept") return [...there, ...urls]
  if (kinde.quirks.duplicateUrl === "ignored") return [...new Set([...there, ...urls])]
  throw invalid("URL_ALREADY_EXISTS", `URL already exists: ${repeated}`)
}

/** POST. */
export const addUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressed(exchange, kinde)
    application[list] = added(kinde, application, list, urlsOf(exchange))
    return success()
  }

/** PUT. */
export const replaceUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressed(exchange, kinde)
    application[list] = urlsOf(exchange)
    return success()
  }

/** DELETE: the URLs are in the query, joined by commas, so that one with a comma cannot be named. */
export const removeUrls =
  (list: UrlList): Handler =>
  (exchange, kinde) => {
    const application = addressed(exchange, kinde)
    const urls = (exchange.query.get("urls") ?? "").split(",").filter((url) => url !== "")
    if (urls.length === 0) throw invalid("URLS_REQUIRED", "urls is required")
    const unknown = urls.find((url) => !application[list].includes(url))
    if (unknown !== undefined && kinde.quirks.unknownUrl === "refused") {
      throw invalid("URL_NOT_FOUND", `URL not found: ${unknown}`)
    }
    application[list] = application[list].filter((url) => !urls.includes(url))
    return success()
  }
