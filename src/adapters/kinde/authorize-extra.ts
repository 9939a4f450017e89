/** Kinde's own parameters of an authorization request. */
export const authorizeExtra = [
  "audience",
  "connection_id",
  "deploy_id",
  "has_success_page",
  "invitation_code",
  "is_create_org",
  "is_invitation",
  "is_use_auth_success_page",
  "lang",
  "org_code",
  "org_name",
  "plan_interest",
  "pricing_table_key",
  "reauth_state",
  "supports_reauth",
  "workflow_deployment_id",
] as const
