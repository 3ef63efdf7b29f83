//! Teams: the namespaces that people, keys and services belong to.
//!
//! Always true: names are unique; deleting a team leaves its people, keys and services without one.

mod store;

use domain::access::Permission;
use domain::ids::TeamId;
use domain::user::{NameTeam, Team};

use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::Result;

/// Administers teams.
#[derive(Clone, Debug)]
pub struct Teams {
    context: Context,
}

impl Teams {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }

    /// All teams, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Team>> {
        actor.require(Permission::Observe)?;
        store::list(self.context.db.read()).await
    }

    /// One team.
    ///
    /// # Errors
    /// As above, or when there is no such team.
    pub async fn get(&self, actor: &Actor, id: TeamId) -> Result<Team> {
        actor.require(Permission::Observe)?;
        store::find(self.context.db.read(), id).await
    }

    /// Makes a team.
    ///
    /// # Errors
    /// Without the permission to govern, or when the name is taken or none.
    pub async fn create(&self, actor: &Actor, input: NameTeam) -> Result<Team> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let team = Team { id: Context::id(), name: input.name, created_at: self.context.now() };
        let team = store::insert(self.context.db.write(), team).await?;
        audit::record(&self.context, self.context.db.write(), actor, "team.created", &team.name, "").await?;
        Ok(team)
    }

    /// Renames a team.
    ///
    /// # Errors
    /// As above, or when there is no such team.
    pub async fn update(&self, actor: &Actor, id: TeamId, input: NameTeam) -> Result<Team> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let before = store::find(self.context.db.read(), id).await?;
        let team = store::rename(self.context.db.write(), id, input.name).await?;
        audit::record(
            &self.context,
            self.context.db.write(),
            actor,
            "team.renamed",
            &team.name,
            format!("was {}", before.name),
        )
        .await?;
        Ok(team)
    }

    /// Deletes a team; what belonged to it stays, without a team.
    ///
    /// # Errors
    /// As above.
    pub async fn delete(&self, actor: &Actor, id: TeamId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let team = store::find(self.context.db.read(), id).await?;
        store::delete(self.context.db.write(), id).await?;
        audit::record(&self.context, self.context.db.write(), actor, "team.deleted", team.name, "").await
    }
}
