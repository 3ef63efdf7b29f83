//! The one handle to everything, and how it comes to life.
//!
//! Always true: what is stored is loaded before anything new is taken in; tasks start last; stopping ends streams, then
//! tasks, then writes what is in memory, then closes the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::AnomalyId;
use domain::system::ConfigLine;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::anomaly::{Anomalies, Judge, Missing, Open, Recorder, States};
use crate::audit::Audit;
use crate::auth::{Auth, SessionCache, TokenKey, password::Hasher};
use crate::catalogue::{Catalogue, Discoverer, HealthReader, Known};
use crate::clock::Clock;
use crate::config::PlatformConfig;
use crate::context::{Context, Ground};
use crate::database::{Access, Database};
use crate::demo::Demo;
use crate::error::{OrLog as _, Result};
use crate::gateway::{Gateway, Traffic};
use crate::key::Keys;
use crate::metric::{self, Checkpoint, Dirty, Engine, Host, Metrics, Retention, Signals, Writer};
use crate::overview::{Overviews, Parts};
use crate::secret::Secrets;
use crate::stream::{Bus, Stream};
use crate::system::{Housekeeping, System};
use crate::target::{AddressPolicy, Reports, ScrapeContext, Scraping, Targets, client};
use crate::task::{Driver, Tasks};
use crate::team::Teams;
use crate::user::Users;

/// Applied batches that wait to be judged.
const JUDGE_QUEUE: usize = 64;
/// What a process is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Everything.
    Serve,
    /// A command beside a serving process: no samples in memory, no tasks, no fleet.
    Administer,
}

/// How long stopping may take.
const GRACE: Duration = Duration::from_secs(20);

/// The product. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Platform {
    context: Context,
    auth: Auth,
    users: Users,
    teams: Teams,
    keys: Keys,
    catalogue: Catalogue,
    targets: Targets,
    metrics: Metrics,
    anomalies: Anomalies,
    overview: Overviews,
    gateway: Gateway,
    demo: Demo,
    stream: Stream,
    system: System,
    audit: Audit,
    states: Arc<tokio::sync::Mutex<States>>,
}

impl Platform {
    /// Opens the database, loads what was in memory and starts the background tasks.
    ///
    /// # Errors
    /// When the database, the master key or what is stored does not allow it.
    pub async fn start(config: PlatformConfig, clock: Arc<dyn Clock>, config_lines: Vec<ConfigLine>) -> Result<Self> {
        Self::build(config, clock, config_lines, Purpose::Serve).await
    }

    /// The platform for a command that administers it; harmless beside a serving process.
    ///
    /// # Errors
    /// As for [`Platform::start`].
    pub async fn for_administration(config: PlatformConfig, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::build(config, clock, Vec::new(), Purpose::Administer).await
    }

    async fn build(
        config: PlatformConfig,
        clock: Arc<dyn Clock>,
        config_lines: Vec<ConfigLine>,
        purpose: Purpose,
    ) -> Result<Self> {
        let access = match purpose {
            Purpose::Serve => Access::Alone,
            Purpose::Administer => Access::Beside,
        };
        let db = Database::open(&config.database, access).await?;
        let secrets = Secrets::open(&db, &config.database, &config.security.master_key).await?;
        let token_key = TokenKey::new(&secrets.token_key(&db).await?);
        let context = Context::from(Ground {
            bus: Bus::load(db.read()).await?,
            db,
            clock,
            tasks: Tasks::default(),
            config: Arc::new(config),
            tracker: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        });
        let sessions = Arc::new(SessionCache::default());
        let hasher = Hasher::new().await?;
        let keys = Keys::new(context.clone());
        let auth = Auth::new(context.clone(), token_key, Arc::clone(&sessions), hasher.clone(), keys.clone());

        let (open, known) = (Open::default(), Known::default());
        let discoverer = Discoverer::new(context.clone(), known.clone());
        discoverer.load().await?;
        let engine = Arc::new(Engine::new(&context.config.metrics));
        let loaded = match purpose {
            Purpose::Serve => metric::load(&context, &engine).await?,
            Purpose::Administer => metric::Loaded::default(),
        };
        let judge = Arc::new(Judge::new(context.config.detection.clone(), open.clone(), known.clone()));
        let silent = match purpose {
            Purpose::Serve => judge.load(&context, &engine).await?,
            Purpose::Administer => HashMap::new(),
        };

        let (applied, judged) = mpsc::channel(JUDGE_QUEUE);
        let writer = Writer::start(&context, Arc::clone(&engine), loaded.last_seq, applied);
        let judging =
            Arc::clone(&judge).run(context.clone(), judged, Recorder::new(context.clone()), discoverer.clone());
        context.tracker.spawn(judging);

        let driver = Driver::new(context.tracker.clone(), context.shutdown.clone(), Arc::clone(&context.clock));
        let dirty = Dirty::new(context.tasks.signals.clone());
        let reports = Reports::default();
        let policy = AddressPolicy { allow_private: context.config.scrape.allow_private_addresses };
        let scrape = ScrapeContext {
            context: context.clone(),
            engine: Arc::clone(&engine),
            writer: writer.clone(),
            client: client(policy)?,
            reports: reports.clone(),
            discoverer: discoverer.clone(),
            dirty: dirty.clone(),
        };
        let health = HealthReader::new(context.clone(), Arc::clone(&engine), open.clone(), known.clone());
        let catalogue = Catalogue::new(context.clone(), known, health.clone());
        let targets = Targets::new(context.clone(), reports);
        let metrics = Metrics::new(context.clone(), Arc::clone(&engine), writer.clone(), dirty.clone());
        let anomalies = Anomalies::new(context.clone(), Arc::clone(&judge), open.clone());
        let stream = Stream::new(context.clone());
        let gateway = Gateway::start(context.clone(), secrets).await?;
        let parts = Parts {
            metrics: metrics.clone(),
            anomalies: anomalies.clone(),
            catalogue: catalogue.clone(),
            targets: targets.clone(),
            gateway: gateway.clone(),
            open,
            judge: Arc::clone(&judge),
            health,
        };
        let demo = match purpose {
            Purpose::Serve => Demo::start(context.clone(), targets.clone(), discoverer.clone()).await?,
            Purpose::Administer => Demo::absent(context.clone()),
        };
        let retention = Retention::new(context.clone(), Arc::clone(&engine));
        if purpose == Purpose::Serve {
            let (discoverer, to_compute) = (discoverer.clone(), dirty.clone());
            let traffic = Traffic::new(&gateway, Arc::clone(&engine), writer.clone(), discoverer, to_compute);
            driver.run(traffic, context.tasks.traffic.clone());
            driver.run(retention.clone(), context.tasks.retention.clone());
            Self::run_tasks(&driver, &context, &engine, &writer, &judge, silent, scrape, dirty)?;
        }
        Ok(Self {
            users: Users::new(context.clone(), sessions, hasher),
            teams: Teams::new(context.clone()),
            system: System::new(context.clone(), engine, stream.clone(), driver, retention, config_lines),
            audit: Audit::new(context.clone()),
            gateway,
            overview: Overviews::new(context.clone(), parts),
            states: Arc::new(tokio::sync::Mutex::new(States::new(context.clone(), judge))),
            auth,
            keys,
            catalogue,
            targets,
            metrics,
            anomalies,
            demo,
            stream,
            context,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all tasks meet what they work on")]
    fn run_tasks(
        driver: &Driver,
        context: &Context,
        engine: &Arc<Engine>,
        writer: &Writer,
        judge: &Arc<Judge>,
        silent: HashMap<String, AnomalyId>,
        scrape: ScrapeContext,
        dirty: Dirty,
    ) -> Result<()> {
        let tasks = &context.tasks;
        let discoverer = scrape.discoverer.clone();
        let signals = Signals::new(context.clone(), Arc::clone(engine), writer.clone(), dirty)?;
        driver.run(Scraping::new(scrape), tasks.scraping.clone());
        driver.run(signals, tasks.signals.clone());
        driver.run(Missing::new(context.clone(), Arc::clone(judge), silent), tasks.missing.clone());
        driver.run(States::new(context.clone(), Arc::clone(judge)), tasks.detector_states.clone());
        driver.run(Checkpoint::new(context.clone(), Arc::clone(engine)), tasks.checkpoint.clone());
        driver.run(Housekeeping::new(context.clone()), tasks.housekeeping.clone());
        if context.config.scrape.host_interval_ms > 0 {
            driver.run(Host::new(context.clone(), Arc::clone(engine), writer.clone(), discoverer)?, tasks.host.clone());
        }
        Ok(())
    }

    /// Tells streams and tasks to end, without waiting.
    pub fn begin_stop(&self) {
        self.context.shutdown.cancel();
        self.context.tracker.close();
    }

    /// Waits until everything has ended, then writes what is in memory and closes the database.
    pub async fn finish_stop(&self) {
        self.begin_stop();
        if tokio::time::timeout(GRACE, self.context.tracker.wait()).await.is_err() {
            tracing::warn!(tasks = self.context.tracker.len(), "stopping although some tasks still run");
        }
        self.states.lock().await.save().await.or_log("saving detectors");
        self.gateway.keep_experiments().await.or_log("keeping experiments");
        self.context.db.close().await;
    }

    /// Where everything that is spawned is tracked.
    #[must_use]
    pub fn tracker(&self) -> TaskTracker {
        self.context.tracker.clone()
    }

    /// Now, by the clock in use.
    #[must_use]
    pub fn now(&self) -> domain::Time {
        self.context.now()
    }

    /// The clock in use.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.context.clock)
    }

    /// The configuration in force.
    #[must_use]
    pub fn config(&self) -> &PlatformConfig {
        &self.context.config
    }
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        impl Platform {
            $($(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> &$type {
                &self.$name
            })*
        }
    };
}

capabilities! {
    /// Who somebody is.
    auth: Auth,
    /// People.
    users: Users,
    /// Teams.
    teams: Teams,
    /// API keys.
    keys: Keys,
    /// Services.
    catalogue: Catalogue,
    /// Scrape targets.
    targets: Targets,
    /// Samples and queries.
    metrics: Metrics,
    /// Findings.
    anomalies: Anomalies,
    /// Pages' data.
    overview: Overviews,
    /// Calls to models.
    gateway: Gateway,
    /// The demo fleet.
    demo: Demo,
    /// The event stream.
    stream: Stream,
    /// Bellwether itself.
    system: System,
    /// Who did what.
    audit: Audit,
}
