import type { Exchange } from "../http-server.ts"
import type { Application } from "./application.ts"
import { invalid } from "./errors.ts"
import type { Kinde } from "./state.ts"

/** Returns the application whose id is in the path. Throws Kinde's error if there is no such application. */
export const addressedApplication = ({ params }: Exchange, kinde: Kinde): Application => {
  const application = kinde.applications.get(params.application_id ?? "")
  if (application !== undefined) return application
  throw invalid("APPLICATION_NOT_FOUND", "Application not found", kinde.quirks.missingApplicationStatus)
}
