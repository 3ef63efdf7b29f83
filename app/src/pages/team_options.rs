//! Teams as the options of a choice.

use domain::ids::TeamId;
use domain::user::Team;

/// No team, then every team by name.
pub(super) fn team_options(teams: &[Team]) -> Vec<(String, String)> {
    let none = (String::new(), "no team".to_owned());
    std::iter::once(none).chain(teams.iter().map(|team| (team.id.to_string(), team.name.clone()))).collect()
}

/// The value of a team in such a choice.
pub(super) fn team_value(team: Option<TeamId>) -> String {
    team.map(|team| team.to_string()).unwrap_or_default()
}
