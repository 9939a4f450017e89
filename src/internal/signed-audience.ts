/** What local validation has found out about the token whose introspection is under way. */
import * as Context from "effect/Context"

/** Whether the token has a valid signature and its signed `aud` is accepted, so that the introspection response may omit `aud`. */
export const AudienceIsSigned = Context.Reference<boolean>("latchkey/AudienceIsSigned", { defaultValue: () => false })
