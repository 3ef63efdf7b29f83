//! What a service of the fleet is told when it starts, as a struct and as command-line arguments.
//!
//! Always true: the token is never printed and never stands in the argument list, where every user of the machine
//! could read it.

use std::collections::BTreeMap;
use std::fmt;

use platform::demo::TOKEN_VARIABLE;

use super::kind::ServiceKind;

/// The arguments of the hidden subcommand `demo-service`.
#[derive(clap::Args)]
pub struct FleetArgs {
    /// Which service: orders, users, payments or threat-detection.
    #[arg(long)]
    pub name: ServiceKind,
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long)]
    pub port: u16,
    /// Where another service is, as name=port; repeat for each.
    #[arg(long = "peer", value_name = "NAME=PORT", value_parser = peer)]
    pub peers: Vec<(ServiceKind, u16)>,
    /// Makes load and waits repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Requests a second that the load generator starts, where the service has one; 0 for none.
    #[arg(long = "load", default_value_t = FleetOptions::DEFAULT_LOAD)]
    pub load_per_sec: f64,
    /// What `x-fleet-token` must carry to reach the fault switches.
    #[arg(long, env = TOKEN_VARIABLE, hide_env_values = true)]
    pub token: String,
}

/// What one service of the fleet needs to know.
#[derive(Clone)]
pub struct FleetOptions {
    /// Name of the service, see [`ServiceKind`].
    pub name: String,
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Ports of the other services by name.
    pub peers: BTreeMap<String, u16>,
    /// Makes load and waits repeatable.
    pub seed: u64,
    /// What `x-fleet-token` must carry to reach the fault switches.
    pub token: String,
    /// Mean requests a second that the load generator starts, where the service has one; 0 for none.
    pub load_per_sec: f64,
}

impl FleetOptions {
    /// Requests a second unless told otherwise.
    pub const DEFAULT_LOAD: f64 = 10.0;
}

impl From<FleetArgs> for FleetOptions {
    fn from(args: FleetArgs) -> Self {
        Self {
            name: args.name.name().to_owned(),
            port: args.port,
            peers: args.peers.into_iter().map(|(kind, port)| (kind.name().to_owned(), port)).collect(),
            seed: args.seed,
            token: args.token,
            load_per_sec: args.load_per_sec,
        }
    }
}

impl fmt::Debug for FleetArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetArgs").field("name", &self.name).field("port", &self.port).finish_non_exhaustive()
    }
}

impl fmt::Debug for FleetOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetOptions").field("name", &self.name).field("port", &self.port).finish_non_exhaustive()
    }
}

fn peer(text: &str) -> Result<(ServiceKind, u16), String> {
    let (name, port) = text.split_once('=').ok_or("must be name=port, for example users=4101")?;
    let kind = name.parse().map_err(|error: super::UnknownService| error.to_string())?;
    let port = port.parse().map_err(|_| format!("{port:?} is not a port number"))?;
    Ok((kind, port))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        fleet: FleetArgs,
    }

    fn parse(arguments: &[&str]) -> Result<FleetOptions, clap::Error> {
        let fixed = ["demo-service", "--token", "t"];
        Cli::try_parse_from(fixed.iter().chain(arguments)).map(|cli| cli.fleet.into())
    }

    #[test]
    fn arguments_become_options() {
        let options =
            parse(&["--name", "orders", "--port", "4100", "--peer", "users=4101", "--peer", "payments=4102"]).unwrap();
        assert_eq!((options.name.as_str(), options.port, options.token.as_str()), ("orders", 4100, "t"));
        assert_eq!(options.peers, BTreeMap::from([("payments".to_owned(), 4102), ("users".to_owned(), 4101)]));
    }

    #[test]
    fn a_wrong_name_or_peer_says_what_would_be_right() {
        let unknown = parse(&["--name", "billing", "--port", "1"]).unwrap_err().to_string();
        assert!(unknown.contains("orders, users, payments, threat-detection"), "{unknown}");
        let peer = parse(&["--name", "orders", "--port", "1", "--peer", "users"]).unwrap_err().to_string();
        assert!(peer.contains("name=port"), "{peer}");
    }

    #[test]
    fn the_token_is_not_printed() {
        let options = parse(&["--name", "users", "--port", "1", "--token", "hidden-word"]);
        assert!(options.is_err(), "given twice");
        let options =
            FleetOptions { token: "hidden-word".to_owned(), ..parse(&["--name", "users", "--port", "1"]).unwrap() };
        assert!(!format!("{options:?}").contains("hidden-word"));
    }
}
