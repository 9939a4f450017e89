/** The error codes of the standards. */
import type { Reason } from "../../../ports/errors.ts"

/** The error codes of RFC 6749, 6750, 7009, 7591, 8628, 8707 and OpenID Connect Core. */
export const errorCodes: Readonly<Record<string, Reason["_tag"]>> = {
  invalid_client: "InvalidClient",
  invalid_grant: "InvalidGrant",
  expired_token: "InvalidGrant",
  authorization_pending: "AuthorizationPending",
  slow_down: "AuthorizationPending",
  access_denied: "AccessDenied",
  insufficient_scope: "AccessDenied",
  invalid_token: "InvalidToken",
  login_required: "InteractionRequired",
  consent_required: "InteractionRequired",
  interaction_required: "InteractionRequired",
  account_selection_required: "InteractionRequired",
  server_error: "Unavailable",
  temporarily_unavailable: "Unavailable",
  invalid_request: "InvalidRequest",
  invalid_scope: "InvalidRequest",
  invalid_target: "InvalidRequest",
  unauthorized_client: "InvalidRequest",
  unsupported_grant_type: "InvalidRequest",
  unsupported_response_type: "InvalidRequest",
  unsupported_token_type: "InvalidRequest",
  invalid_redirect_uri: "InvalidRequest",
  invalid_client_metadata: "InvalidRequest",
  invalid_software_statement: "InvalidRequest",
  unapproved_software_statement: "InvalidRequest",
}
