/**
 * Admin operations: everything under /organization and /projects, all of class
 * admin, reads included: who is in an organization, its audit log and its
 * spending are not an agent's business. Data; see operations.ts.
 */
import { admin, type OperationRow } from "./operation-row.js";

export const adminOperations: readonly OperationRow[] = [
  // keys, audit and money
  admin(
    "organization.admin_api_keys.create",
    "POST /organization/admin_api_keys",
    "mints-credential",
  ),
  admin("organization.admin_api_keys.list", "GET /organization/admin_api_keys"),
  admin("organization.admin_api_keys.retrieve", "GET /organization/admin_api_keys/{key_id}"),
  admin("organization.admin_api_keys.delete", "DELETE /organization/admin_api_keys/{key_id}"),
  admin("organization.audit_logs.list", "GET /organization/audit_logs"),
  admin("organization.spend_alerts.create", "POST /organization/spend_alerts"),
  admin("organization.spend_alerts.list", "GET /organization/spend_alerts"),
  admin("organization.spend_alerts.retrieve", "GET /organization/spend_alerts/{alert_id}"),
  admin("organization.spend_alerts.update", "POST /organization/spend_alerts/{alert_id}"),
  admin("organization.spend_alerts.delete", "DELETE /organization/spend_alerts/{alert_id}"),
  admin("organization.spend_limit.retrieve", "GET /organization/spend_limit"),
  admin("organization.spend_limit.update", "POST /organization/spend_limit"),
  admin("organization.spend_limit.delete", "DELETE /organization/spend_limit"),
  admin("organization.usage.costs", "GET /organization/costs"),
  admin("organization.usage.audio_speeches", "GET /organization/usage/audio_speeches"),
  admin("organization.usage.audio_transcriptions", "GET /organization/usage/audio_transcriptions"),
  admin(
    "organization.usage.code_interpreter_sessions",
    "GET /organization/usage/code_interpreter_sessions",
  ),
  admin("organization.usage.completions", "GET /organization/usage/completions"),
  admin("organization.usage.embeddings", "GET /organization/usage/embeddings"),
  admin("organization.usage.file_search_calls", "GET /organization/usage/file_search_calls"),
  admin("organization.usage.images", "GET /organization/usage/images"),
  admin("organization.usage.moderations", "GET /organization/usage/moderations"),
  admin("organization.usage.vector_stores", "GET /organization/usage/vector_stores"),
  admin("organization.usage.web_search_calls", "GET /organization/usage/web_search_calls"),

  // certificates and data retention
  admin("organization.certificates.create", "POST /organization/certificates"),
  admin("organization.certificates.list", "GET /organization/certificates"),
  admin("organization.certificates.retrieve", "GET /organization/certificates/{certificate_id}"),
  admin("organization.certificates.update", "POST /organization/certificates/{certificate_id}"),
  admin("organization.certificates.delete", "DELETE /organization/certificates/{certificate_id}"),
  admin("organization.certificates.activate", "POST /organization/certificates/activate"),
  admin("organization.certificates.deactivate", "POST /organization/certificates/deactivate"),
  admin("organization.data_retention.retrieve", "GET /organization/data_retention"),
  admin("organization.data_retention.update", "POST /organization/data_retention"),

  // people, groups and roles
  admin("organization.users.list", "GET /organization/users"),
  admin("organization.users.retrieve", "GET /organization/users/{user_id}"),
  admin("organization.users.update", "POST /organization/users/{user_id}"),
  admin("organization.users.delete", "DELETE /organization/users/{user_id}"),
  admin("organization.users.roles.create", "POST /organization/users/{user_id}/roles"),
  admin("organization.users.roles.list", "GET /organization/users/{user_id}/roles"),
  admin("organization.users.roles.retrieve", "GET /organization/users/{user_id}/roles/{role_id}"),
  admin("organization.users.roles.delete", "DELETE /organization/users/{user_id}/roles/{role_id}"),
  admin("organization.invites.create", "POST /organization/invites"),
  admin("organization.invites.list", "GET /organization/invites"),
  admin("organization.invites.retrieve", "GET /organization/invites/{invite_id}"),
  admin("organization.invites.delete", "DELETE /organization/invites/{invite_id}"),
  admin("organization.groups.create", "POST /organization/groups"),
  admin("organization.groups.list", "GET /organization/groups"),
  admin("organization.groups.retrieve", "GET /organization/groups/{group_id}"),
  admin("organization.groups.update", "POST /organization/groups/{group_id}"),
  admin("organization.groups.delete", "DELETE /organization/groups/{group_id}"),
  admin("organization.groups.users.create", "POST /organization/groups/{group_id}/users"),
  admin("organization.groups.users.list", "GET /organization/groups/{group_id}/users"),
  admin(
    "organization.groups.users.retrieve",
    "GET /organization/groups/{group_id}/users/{user_id}",
  ),
  admin(
    "organization.groups.users.delete",
    "DELETE /organization/groups/{group_id}/users/{user_id}",
  ),
  admin("organization.groups.roles.create", "POST /organization/groups/{group_id}/roles"),
  admin("organization.groups.roles.list", "GET /organization/groups/{group_id}/roles"),
  admin(
    "organization.groups.roles.retrieve",
    "GET /organization/groups/{group_id}/roles/{role_id}",
  ),
  admin(
    "organization.groups.roles.delete",
    "DELETE /organization/groups/{group_id}/roles/{role_id}",
  ),
  admin("organization.roles.create", "POST /organization/roles"),
  admin("organization.roles.list", "GET /organization/roles"),
  admin("organization.roles.retrieve", "GET /organization/roles/{role_id}"),
  admin("organization.roles.update", "POST /organization/roles/{role_id}"),
  admin("organization.roles.delete", "DELETE /organization/roles/{role_id}"),

  // projects
  admin("organization.projects.create", "POST /organization/projects"),
  admin("organization.projects.list", "GET /organization/projects"),
  admin("organization.projects.retrieve", "GET /organization/projects/{project_id}"),
  admin("organization.projects.update", "POST /organization/projects/{project_id}"),
  admin("organization.projects.archive", "POST /organization/projects/{project_id}/archive"),
  admin("organization.projects.api_keys.list", "GET /organization/projects/{project_id}/api_keys"),
  admin(
    "organization.projects.api_keys.retrieve",
    "GET /organization/projects/{project_id}/api_keys/{api_key_id}",
  ),
  admin(
    "organization.projects.api_keys.delete",
    "DELETE /organization/projects/{project_id}/api_keys/{api_key_id}",
  ),
  admin(
    "organization.projects.service_accounts.create",
    "POST /organization/projects/{project_id}/service_accounts",
    "mints-credential",
  ),
  admin(
    "organization.projects.service_accounts.list",
    "GET /organization/projects/{project_id}/service_accounts",
  ),
  admin(
    "organization.projects.service_accounts.retrieve",
    "GET /organization/projects/{project_id}/service_accounts/{service_account_id}",
  ),
  admin(
    "organization.projects.service_accounts.update",
    "POST /organization/projects/{project_id}/service_accounts/{service_account_id}",
  ),
  admin(
    "organization.projects.service_accounts.delete",
    "DELETE /organization/projects/{project_id}/service_accounts/{service_account_id}",
  ),
  admin(
    "organization.projects.service_accounts.api_keys.create",
    "POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
    "mints-credential",
  ),
  admin(
    "organization.projects.certificates.list",
    "GET /organization/projects/{project_id}/certificates",
  ),
  admin(
    "organization.projects.certificates.activate",
    "POST /organization/projects/{project_id}/certificates/activate",
  ),
  admin(
    "organization.projects.certificates.deactivate",
    "POST /organization/projects/{project_id}/certificates/deactivate",
  ),
  admin(
    "organization.projects.data_retention.retrieve",
    "GET /organization/projects/{project_id}/data_retention",
  ),
  admin(
    "organization.projects.data_retention.update",
    "POST /organization/projects/{project_id}/data_retention",
  ),
  admin(
    "organization.projects.hosted_tool_permissions.retrieve",
    "GET /organization/projects/{project_id}/hosted_tool_permissions",
  ),
  admin(
    "organization.projects.hosted_tool_permissions.update",
    "POST /organization/projects/{project_id}/hosted_tool_permissions",
  ),
  admin(
    "organization.projects.model_permissions.retrieve",
    "GET /organization/projects/{project_id}/model_permissions",
  ),
  admin(
    "organization.projects.model_permissions.update",
    "POST /organization/projects/{project_id}/model_permissions",
  ),
  admin(
    "organization.projects.model_permissions.delete",
    "DELETE /organization/projects/{project_id}/model_permissions",
  ),
  admin(
    "organization.projects.rate_limits.list",
    "GET /organization/projects/{project_id}/rate_limits",
  ),
  admin(
    "organization.projects.rate_limits.update",
    "POST /organization/projects/{project_id}/rate_limits/{rate_limit_id}",
  ),
  admin(
    "organization.projects.spend_alerts.create",
    "POST /organization/projects/{project_id}/spend_alerts",
  ),
  admin(
    "organization.projects.spend_alerts.list",
    "GET /organization/projects/{project_id}/spend_alerts",
  ),
  admin(
    "organization.projects.spend_alerts.retrieve",
    "GET /organization/projects/{project_id}/spend_alerts/{alert_id}",
  ),
  admin(
    "organization.projects.spend_alerts.update",
    "POST /organization/projects/{project_id}/spend_alerts/{alert_id}",
  ),
  admin(
    "organization.projects.spend_alerts.delete",
    "DELETE /organization/projects/{project_id}/spend_alerts/{alert_id}",
  ),
  admin(
    "organization.projects.spend_limit.retrieve",
    "GET /organization/projects/{project_id}/spend_limit",
  ),
  admin(
    "organization.projects.spend_limit.update",
    "POST /organization/projects/{project_id}/spend_limit",
  ),
  admin(
    "organization.projects.spend_limit.delete",
    "DELETE /organization/projects/{project_id}/spend_limit",
  ),

  // who may do what in a project
  admin("organization.projects.users.create", "POST /organization/projects/{project_id}/users"),
  admin("organization.projects.users.list", "GET /organization/projects/{project_id}/users"),
  admin(
    "organization.projects.users.retrieve",
    "GET /organization/projects/{project_id}/users/{user_id}",
  ),
  admin(
    "organization.projects.users.update",
    "POST /organization/projects/{project_id}/users/{user_id}",
  ),
  admin(
    "organization.projects.users.delete",
    "DELETE /organization/projects/{project_id}/users/{user_id}",
  ),
  admin(
    "organization.projects.users.roles.create",
    "POST /projects/{project_id}/users/{user_id}/roles",
  ),
  admin(
    "organization.projects.users.roles.list",
    "GET /projects/{project_id}/users/{user_id}/roles",
  ),
  admin(
    "organization.projects.users.roles.retrieve",
    "GET /projects/{project_id}/users/{user_id}/roles/{role_id}",
  ),
  admin(
    "organization.projects.users.roles.delete",
    "DELETE /projects/{project_id}/users/{user_id}/roles/{role_id}",
  ),
  admin("organization.projects.groups.create", "POST /organization/projects/{project_id}/groups"),
  admin("organization.projects.groups.list", "GET /organization/projects/{project_id}/groups"),
  admin(
    "organization.projects.groups.retrieve",
    "GET /organization/projects/{project_id}/groups/{group_id}",
  ),
  admin(
    "organization.projects.groups.delete",
    "DELETE /organization/projects/{project_id}/groups/{group_id}",
  ),
  admin(
    "organization.projects.groups.roles.create",
    "POST /projects/{project_id}/groups/{group_id}/roles",
  ),
  admin(
    "organization.projects.groups.roles.list",
    "GET /projects/{project_id}/groups/{group_id}/roles",
  ),
  admin(
    "organization.projects.groups.roles.retrieve",
    "GET /projects/{project_id}/groups/{group_id}/roles/{role_id}",
  ),
  admin(
    "organization.projects.groups.roles.delete",
    "DELETE /projects/{project_id}/groups/{group_id}/roles/{role_id}",
  ),
  admin("organization.projects.roles.create", "POST /projects/{project_id}/roles"),
  admin("organization.projects.roles.list", "GET /projects/{project_id}/roles"),
  admin("organization.projects.roles.retrieve", "GET /projects/{project_id}/roles/{role_id}"),
  admin("organization.projects.roles.update", "POST /projects/{project_id}/roles/{role_id}"),
  admin("organization.projects.roles.delete", "DELETE /projects/{project_id}/roles/{role_id}"),
];
