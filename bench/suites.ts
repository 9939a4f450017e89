import { cached } from "./cached/suite.ts"
import { dpop } from "./dpop/suite.ts"
import { guard } from "./guard/suite.ts"
import { introspection } from "./introspection/suite.ts"
import { jwt } from "./jwt/suite.ts"
import { stampede } from "./stampede/suite.ts"
import { store } from "./store/suite.ts"
import type { Suite } from "./suite.ts"

/** Every suite by its name. */
export const suites: Readonly<Record<string, Suite>> = { introspection, jwt, cached, store, stampede, dpop, guard }
