import type { IncomingMessage, ServerResponse } from "node:http"
import type { Provider } from "oidc-provider"
import { pageHeaders, pageHtml, scopesText } from "../html.ts"
import { refusingUser } from "./refusing-user.ts"

type Result = Parameters<Provider["interactionFinished"]>[2]

const denied: Result = { error: "access_denied", error_description: "the user refused" }

const formOf = async (request: IncomingMessage): Promise<URLSearchParams> =>
  new URLSearchParams((await request.setEncoding("utf8").toArray()).join(""))

const consentPage = (action: string, client: string, scope: string): string =>
  pageHtml({
    title: "Authorize an application",
    text: `${client} asks for ${scopesText(scope.split(" ").filter(Boolean))}.`,
    form: {
      action,
      buttons: [
        { label: "Allow", field: ["decision", "allow"] },
        { label: "Deny", field: ["decision", "deny"] },
      ],
    },
  })

/** Responds to a step of the login: signs in the user of the hint, or shows the consent page and reads its form. */
export const interact = async (
  provider: Provider,
  firstUser: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
  const hint = typeof params.login_hint === "string" ? params.login_hint : firstUser
  const finish = (result: Result) => provider.interactionFinished(request, response, result)
  if (prompt.name === "login") return finish({ login: { accountId: hint } })
  if (hint === refusingUser) return finish(denied)
  const [clientId, scope] = [String(params.client_id), String(params.scope ?? "")]
  if (request.method !== "POST") {
    const name = (await provider.Client.find(clientId))?.clientName ?? clientId
    return void response.writeHead(200, pageHeaders).end(consentPage(request.url ?? "", name, scope))
  }
  if ((await formOf(request)).get("decision") === "deny") return finish(denied)
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = existing ?? new provider.Grant({ accountId: session?.accountId ?? hint, clientId })
  grant.addOIDCScope(scope)
  await finish({ consent: { grantId: await grant.save() } })
}
