import type { Kinde } from "./state.ts"

/** Returns the audience of the Management API. */
export const managementAudience = ({ apiHost, quirks }: Kinde): string => `${apiHost}${quirks.managementAudience}`
