//! What a route asks of its caller: a role of a person, and a scope of a key.

use super::Role;
use crate::entities::KeyScope;

/// One thing that callers may be allowed to do in an organization.
pub trait Permit: Send + Sync + 'static {
    /// The least role of a person that may.
    const ROLE: Role;
    /// The scopes of a key that may: any of them is enough, and with none no key may.
    const SCOPES: &'static [KeyScope];
}

macro_rules! permits {
    ($($(#[$doc:meta])+ $name:ident: $role:ident, [$($scope:ident),*];)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Permit for $name {
            const ROLE: Role = Role::$role;
            const SCOPES: &'static [KeyScope] = &[$(KeyScope::$scope),*];
        }
    )+};
}

permits! {
    /// Read the profile, plan and usage.
    ViewOrganization: Viewer, [OrganizationRead];
    /// Change the profile, leave.
    EditOrganization: Owner, [];
    /// Make, list, rotate and revoke keys.
    ManageKeys: Owner, [];
    /// Read the audit log.
    ViewAudit: Admin, [];
    /// Read the status of integrations.
    ReadIntegrations: Member, [IntegrationsRead, IntegrationsWrite];
    /// Set up, validate and delete integrations.
    ManageIntegrations: Admin, [IntegrationsWrite];
    /// Run, cancel and retry pipelines; upload files for them.
    RunPipelines: Member, [PipelinesRun];
    /// Look at runs.
    ViewRuns: Viewer, [PipelinesRun, CostsRead];
    /// Read and export costs.
    ReadCosts: Viewer, [CostsRead];
}
