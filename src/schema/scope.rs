//! Dynamic scopes: the resources that were entered on the way to a schema, outermost first.

use super::document::ResourceId;

/// The place of a scope in its table.
pub(super) type ScopeId = usize;

/// All scopes met so far. A resource entered again changes nothing, since the outermost counts, so there
/// are no more scopes than orders of resources, and in practice a handful.
#[derive(Debug)]
pub(super) struct Scopes {
    scopes: Vec<Vec<ResourceId>>,
    /// Whether any schema asks for its scope; otherwise there is one for all.
    matter: bool,
}

impl Scopes {
    pub(super) fn new(matter: bool) -> Self {
        Self { scopes: vec![Vec::new()], matter }
    }

    /// The scope inside a resource.
    pub(super) fn enter(&mut self, scope: ScopeId, resource: ResourceId) -> ScopeId {
        let entered = self.scopes.get(scope).map_or(&[][..], Vec::as_slice);
        if !self.matter || entered.contains(&resource) {
            return scope;
        }
        let inner = [entered, &[resource]].concat();
        self.scopes.iter().position(|known| *known == inner).unwrap_or_else(|| {
            self.scopes.push(inner);
            self.scopes.len().saturating_sub(1)
        })
    }

    pub(super) fn resources(&self, scope: ScopeId) -> &[ResourceId] {
        self.scopes.get(scope).map_or(&[], Vec::as_slice)
    }
}
