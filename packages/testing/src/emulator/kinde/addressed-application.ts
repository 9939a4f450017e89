import type { Exchange } from "../http-server.ts"
import type { Application } from "./application.ts"
import { invalid } from "./errors.ts"
import type { Kinde } from "./state.ts"

/** The application a path names, or the vendor's way of saying that there is none. */
export const addressed = ({ params }: Exchange, kinde: Kinde): Application => {
  const application = kinde.applications.get(params.application_id ?? "")
  if (application !== undefined) return application
  throw invalid("APPLICATION_NOT_FOUND", "Application not found", kinde.quirks.missingApplication)
}
