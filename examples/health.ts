/**
 * Endpoints for Kubernetes: whether the process is alive, whether it is ready, and a report for operators.
 *
 * An outage of the vendor is in the report and in alerts. It never takes a running pod out of service, because every
 * pod has the same vendor, so all pods would be out of service together.
 */
import { createServer, type Server } from "node:http"
import type { AnyAuth } from "latchkey"

/** Makes the server of the endpoints. It belongs on a port that only the cluster reaches. */
export const healthServer = (auth: Pick<AnyAuth, "health">): Server => {
  let hasBeenReady = false
  return createServer(async (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    // The liveness of the process does not depend on the vendor, because a restart would not end an outage.
    if (request.url === "/live") return reply(200, { status: "alive" })
    if (request.url !== "/ready" && request.url !== "/health") return reply(404, {})
    const report = await auth.health()
    if (request.url === "/health") return reply(200, report)
    // A new pod waits for the vendor once, so that a wrong address or a closed firewall is found before it gets
    // requests.
    hasBeenReady ||= report.status !== "down"
    return reply(hasBeenReady ? 200 : 503, { status: report.status })
  })
}
