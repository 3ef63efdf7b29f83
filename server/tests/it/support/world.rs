//! A server without a socket: router, platform and a clock that stands until it is moved.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::access::{Role, Scope};
use domain::ids::UserId;
use domain::key::{CreateKey, CreatedKey};
use domain::user::{CreateUser, LoggedIn, Login};
use http::Method;
use parking_lot::Mutex;
use platform::Platform;
use platform::actor::Actor;
use platform::auth::ClientInfo;
use platform::clock::{Clock as _, ManualClock, SystemClock};
use server::config::Config;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Call, Caller};

/// Of every person in a world.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Everything of one test. Cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) router: axum::Router,
    pub(crate) platform: Platform,
    pub(crate) clock: ManualClock,
    config: Config,
    /// What gives another process the same configuration.
    pub(crate) environment: Vec<(String, String)>,
    people: Arc<Mutex<HashMap<Role, UserId>>>,
    /// Ends with the world.
    sockets: Arc<Mutex<JoinSet<()>>>,
}

impl World {
    /// A world with the defaults on this database.
    pub(crate) async fn start(url: &str) -> Self {
        Self::start_with(url, &[]).await
    }

    /// A world with these settings (`SECTION__KEY`).
    pub(crate) async fn start_with(url: &str, settings: &[(&str, &str)]) -> Self {
        let fixed = [
            ("DATABASE__URL", url),
            ("SERVER__ADDRESS", "127.0.0.1:0"),
            ("SECURITY__MASTER_KEY", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
            ("SCRAPE__HOST_INTERVAL_MS", "0"),
        ];
        let environment: Vec<_> = fixed
            .iter()
            .chain(settings)
            .map(|(key, value)| (format!("BELLWETHER__{key}"), (*value).to_owned()))
            .collect();
        let config = Config::load(None, environment.iter().cloned()).unwrap();
        Self::start_at(config, environment, ManualClock::at(SystemClock.now())).await
    }

    /// Another process on the same database, after this one has stopped.
    pub(crate) async fn restarted(&self) -> Self {
        self.platform.finish_stop().await;
        Self::start_at(self.config.clone(), self.environment.clone(), self.clock.clone()).await
    }

    async fn start_at(config: Config, environment: Vec<(String, String)>, clock: ManualClock) -> Self {
        let server = server::start(config.clone(), Some(Arc::new(clock.clone()))).await.unwrap();
        Self {
            router: server.router(),
            platform: server.platform().clone(),
            clock,
            config,
            environment,
            people: Arc::default(),
            sockets: Arc::default(),
        }
    }

    /// Where the database is.
    pub(crate) fn database_url(&self) -> &str {
        &self.config.platform.database.url
    }

    /// Also serves on a socket of this machine.
    pub(crate) async fn listen(&self) -> SocketAddr {
        self.serve_on(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// Serves something else on a socket of this machine, as long as the world lasts.
    pub(crate) async fn serve(&self, router: axum::Router) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = axum::serve(listener, router).into_future();
        self.sockets.lock().spawn(async { serving.await.unwrap() });
        address
    }

    /// Also serves on this socket.
    pub(crate) fn serve_on(&self, listener: TcpListener) -> SocketAddr {
        let address = listener.local_addr().unwrap();
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).into_future();
        self.sockets.lock().spawn(async { serving.await.unwrap() });
        address
    }

    /// Moves the clock.
    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// A request to be made.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call::new(self.router.clone(), method, path)
    }

    /// `GET`, as nobody.
    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// `POST`, as nobody.
    pub(crate) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// The e-mail of the person of this role.
    pub(crate) fn email(role: Role) -> String {
        format!("{role}@example.com")
    }

    /// The person of this role, made when first asked for.
    pub(crate) async fn person(&self, role: Role) -> UserId {
        if let Some(id) = self.people.lock().get(&role) {
            return *id;
        }
        let input = CreateUser {
            email: Self::email(role),
            name: String::new(),
            role,
            password: Some(PASSWORD.to_owned()),
            team_id: None,
        };
        let (user, _) = self.platform.users().create(&Actor::System, input).await.unwrap();
        self.people.lock().insert(role, user.id);
        user.id
    }

    /// A fresh log-in of the person of this role.
    pub(crate) async fn log_in(&self, role: Role) -> LoggedIn {
        self.person(role).await;
        let input = Login { email: Self::email(role), password: PASSWORD.to_owned() };
        self.platform.auth().log_in(input, &ClientInfo::default()).await.unwrap()
    }

    /// A program with a fresh log-in of the person of this role.
    pub(crate) async fn bearer(&self, role: Role) -> Caller {
        Caller::Bearer(self.log_in(role).await.token)
    }

    /// A browser with a fresh log-in of the person of this role.
    pub(crate) async fn browser(&self, role: Role) -> Caller {
        Caller::Cookie(self.log_in(role).await.token)
    }

    /// A new key.
    pub(crate) async fn created_key(&self, scopes: &[Scope]) -> CreatedKey {
        let input = CreateKey {
            name: "test".to_owned(),
            scopes: scopes.to_vec(),
            team_id: None,
            expires_at: None,
            rate_limit: None,
        };
        self.platform.keys().create(&Actor::System, input).await.unwrap()
    }

    /// A program with a new key.
    pub(crate) async fn key(&self, scopes: &[Scope]) -> Caller {
        Caller::Key(self.created_key(scopes).await.key)
    }
}
