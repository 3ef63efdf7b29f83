//! The demo fleet: small real services whose faults a person switches on and off.
//!
//! The cast: a [`Fleet`] says what can be started; the [`Supervisor`](supervisor::Supervisor) keeps its processes
//! running; [`Switches`](switches::Switches) reach their faults; [`Demo`] is the service over all of them.
//!
//! Always true: everything of the fleet is marked simulated; a service of the same name that is real is never touched:
//! its member is not started; without demo mode there is no process and no target of the fleet.
//!
//! A fleet is stopped with the platform: its processes are on the tracker.

mod backoff;
mod child;
mod config;
mod fleet;
mod store;
mod supervisor;
mod switches;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::demo::{ActiveFault, ClearFault, DemoService, DemoStatus, InjectFault};
use domain::target::{CreateTarget, DEFAULT_SAMPLE_LIMIT};
use futures::future::join_all;
use sea_orm::TransactionTrait as _;
use sha2::{Digest as _, Sha256};

pub use config::DemoConfig;
pub use fleet::{Fleet, Member, TOKEN_VARIABLE};

use self::supervisor::{Post, Supervisor};
use self::switches::Switches;
use crate::actor::Actor;
use crate::audit;
use crate::catalogue::Discoverer;
use crate::context::Context;
use crate::error::{Doing as _, Error, OrLog as _, Result};
use crate::stream::NewEvent;
use crate::target::{AddressPolicy, Targets, client};

/// Between two scrapes of a member, in milliseconds: a fault is to be seen while the person still looks.
const SCRAPE_MS: u32 = 1_000;

/// The demo fleet.
#[derive(Clone, Debug)]
pub struct Demo {
    context: Context,
    running: Option<Running>,
}

/// What there is in demo mode only.
#[derive(Clone, Debug)]
struct Running {
    http: reqwest::Client,
    supervisor: Supervisor,
}

impl Demo {
    /// Starts the fleet if demo mode is on; removes what was left of it if not.
    pub(crate) async fn start(context: Context, targets: Targets, discoverer: Discoverer) -> Result<Self> {
        targets.remove_simulated().await?;
        let config = &context.config.demo;
        if !config.enabled {
            return Ok(Self { context, running: None });
        }
        let unsaid =
            || Error::internal("starting the demo fleet", "demo mode is on, but PlatformConfig::demo.fleet is not set");
        let fleet = config.fleet.clone().ok_or_else(unsaid)?;
        let running = Running::start(&context, fleet, &targets, &discoverer).await?;
        Ok(Self { context, running: Some(running) })
    }

    /// No fleet, and nothing of one touched: for commands beside a serving process.
    pub(crate) fn absent(context: Context) -> Self {
        Self { context, running: None }
    }

    /// The fleet and the faults that are on; no services without demo mode.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub async fn status(&self, actor: &Actor) -> Result<DemoStatus> {
        actor.require(Permission::Observe)?;
        let Some(running) = &self.running else {
            return Ok(DemoStatus { is_enabled: false, services: Vec::new() });
        };
        let switches = running.switches();
        let views = running.supervisor.posts().iter().map(async |post| {
            let faults =
                if post.state().pid.is_some() { switches.list(post).await.or_log("listing faults") } else { None };
            view(post, faults.unwrap_or_default())
        });
        Ok(DemoStatus { is_enabled: true, services: join_all(views).await })
    }

    /// Switches a fault on.
    ///
    /// # Errors
    /// Without the permission to operate; when the service is not of the fleet, does not know the fault, or is not
    /// running at the moment.
    pub async fn inject(&self, actor: &Actor, input: InjectFault) -> Result<DemoService> {
        actor.require(Permission::Operate)?;
        input.validate()?;
        let (running, post) = self.find(&input.service)?;
        if !post.member.supported.contains(&input.fault) {
            let known: Vec<_> = post.member.supported.iter().map(|fault| fault.as_str()).collect();
            return Err(Error::field("fault", format!("{} can be given {}", input.service, known.join(", "))));
        }
        let faults = running.switches().inject(post, &input).await?;
        let detail = format!("{} at {} for {} s", input.fault, input.intensity, input.duration_secs);
        self.record(actor, "demo.fault_injected", post, &faults, detail).await
    }

    /// Switches one fault, or all faults, of a service off. Clearing what is not on is not an error.
    ///
    /// # Errors
    /// As for [`inject`](Self::inject).
    pub async fn clear(&self, actor: &Actor, input: ClearFault) -> Result<DemoService> {
        actor.require(Permission::Operate)?;
        let (running, post) = self.find(&input.service)?;
        let faults = running.switches().clear(post, input.fault).await?;
        let detail = input.fault.map_or("all", |fault| fault.as_str());
        self.record(actor, "demo.fault_cleared", post, &faults, detail.to_owned()).await
    }

    fn find(&self, service: &str) -> Result<(&Running, &Post)> {
        let off = || Error::Conflict { message: "demo mode is off; start with --demo to have a fleet".to_owned() };
        let running = self.running.as_ref().ok_or_else(off)?;
        let post = running.supervisor.post(service).ok_or(Error::NotFound { what: "demo service" })?;
        Ok((running, post))
    }

    async fn record(
        &self,
        actor: &Actor,
        event: &'static str,
        post: &Post,
        faults: &[ActiveFault],
        detail: String,
    ) -> Result<DemoService> {
        let name = &post.member.name;
        let service = view(post, faults.to_vec());
        let event = NewEvent::about(event, self.context.now(), Some(name.clone()), "demo_service", &service)?;
        let txn = self.context.db.write().begin().await.doing("recording a fault")?;
        audit::record(&self.context, &txn, actor, event.name(), name, detail).await?;
        self.context.bus.commit(txn, vec![event], "recording a fault").await?;
        Ok(service)
    }
}

impl Running {
    async fn start(context: &Context, mut fleet: Fleet, targets: &Targets, discoverer: &Discoverer) -> Result<Self> {
        let names: Vec<_> = fleet.members.iter().map(|member| member.name.as_str()).collect();
        let real = store::real_services(context.db.read(), &names).await?;
        for name in &real {
            tracing::warn!(service = name, "there is a real service of this name; the demo of it is not started");
        }
        fleet.members.retain(|member| !real.contains(&member.name));
        // The fleet is on loopback, whatever addresses people's targets may have.
        let http = client(AddressPolicy { allow_private: true })?;
        let supervisor = Supervisor::start(fleet, place(context), &context.tracker, &context.shutdown)
            .map_err(|e| Error::internal("starting the demo fleet", e))?;
        for post in supervisor.posts() {
            register(post, targets, discoverer).await?;
        }
        Ok(Self { http, supervisor })
    }

    fn switches(&self) -> Switches<'_> {
        Switches { http: &self.http, token: self.supervisor.token() }
    }
}

/// In the catalogue before the first sample arrives, so that no sample of it is ever taken for real.
async fn register(post: &Post, targets: &Targets, discoverer: &Discoverer) -> Result<()> {
    let member = &post.member;
    discoverer.heard(&member.name, 0, true).await?;
    discoverer.describe(&member.name, &member.description, &member.peers).await?;
    let target = CreateTarget {
        service: member.name.clone(),
        url: format!("{}/metrics", post.url()),
        interval_ms: SCRAPE_MS,
        timeout_ms: SCRAPE_MS,
        sample_limit: DEFAULT_SAMPLE_LIMIT,
        labels: BTreeMap::new(),
        is_enabled: true,
    };
    targets.put_simulated(target).await
}

/// Where ports are looked for: the same for one installation, most likely another for the next.
fn place(context: &Context) -> u16 {
    let config = &context.config;
    let digest = Sha256::digest(format!("{} {}", config.database.url, config.public_url));
    digest.iter().take(2).fold(0, |place, &byte| place << 8 | u16::from(byte))
}

fn view(post: &Post, faults: Vec<ActiveFault>) -> DemoService {
    let state = post.state();
    DemoService {
        name: post.member.name.clone(),
        description: post.member.description.clone(),
        url: post.url(),
        pid: state.pid,
        is_running: state.pid.is_some(),
        restarts: state.starts.saturating_sub(1),
        faults,
        supported: post.member.supported.clone(),
    }
}
