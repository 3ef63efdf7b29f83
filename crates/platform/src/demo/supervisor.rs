//! Keeps the processes of a fleet running.
//!
//! Always true: at most one process a member; one that ends is started again, on the same port, after a wait; cancelling
//! the token ends them all, and the tracker is done only when they are gone.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio::process::Child;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backoff::Backoff;
use super::child::{Launch, end, free_port};
use super::fleet::{Fleet, Member};

/// The posts of a running fleet.
#[derive(Clone, Debug)]
pub(super) struct Supervisor {
    fleet: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    executable: std::path::PathBuf,
    token: String,
    posts: Vec<Post>,
}

/// A member and its process.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) member: Member,
    pub(super) port: u16,
    state: Mutex<State>,
}

/// How the process of a member is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) pid: Option<u32>,
    pub(super) starts: u32,
}

impl Post {
    pub(super) fn state(&self) -> State {
        *self.state.lock()
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Supervisor {
    /// Gives every member a port and starts it. The same `place` gives the same ports if they are free, so that the
    /// series of a member, which carry its address, go on after a restart.
    pub(super) fn start(
        fleet: Fleet,
        place: u16,
        tracker: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> io::Result<Self> {
        let mut posts: Vec<Post> = Vec::new();
        for member in fleet.members {
            let taken: Vec<u16> = posts.iter().map(|post| post.port).collect();
            posts.push(Post { member, port: free_port(place, &taken)?, state: Mutex::default() });
        }
        let token = hex::encode(rand::random::<[u8; 32]>());
        let fleet = Arc::new(Running { executable: fleet.executable, token, posts });
        for index in 0..fleet.posts.len() {
            tracker.spawn(fleet.clone().keep(index, shutdown.clone()));
        }
        Ok(Self { fleet })
    }

    pub(super) fn posts(&self) -> &[Post] {
        &self.fleet.posts
    }

    pub(super) fn post(&self, name: &str) -> Option<&Post> {
        self.posts().iter().find(|post| post.member.name == name)
    }

    pub(super) fn token(&self) -> &str {
        &self.fleet.token
    }
}

impl Running {
    async fn keep(self: Arc<Self>, index: usize, shutdown: CancellationToken) {
        let Some(post) = self.posts.get(index) else { return };
        let mut backoff = Backoff::new();
        loop {
            let started = Instant::now();
            match self.launch(index, post) {
                Ok(child) => {
                    post.state.lock().starts += 1;
                    if watch(post, child, &shutdown).await {
                        return;
                    }
                }
                Err(error) => tracing::error!(service = post.member.name, %error, "demo service cannot be started"),
            }
            let wait = backoff.after(started.elapsed());
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    fn launch(&self, index: usize, post: &Post) -> io::Result<Child> {
        let port_of = |name: &String| self.posts.iter().find(|post| post.member.name == *name).map(|post| post.port);
        let peers = post.member.peers.iter().filter_map(|name| Some((name.as_str(), port_of(name)?))).collect();
        let launch = Launch {
            executable: &self.executable,
            name: &post.member.name,
            port: post.port,
            peers,
            seed: index + 1,
            token: &self.token,
        };
        launch.start()
    }
}

/// Until the process ends, or has been ended because of the shutdown: then true.
async fn watch(post: &Post, mut child: Child, shutdown: &CancellationToken) -> bool {
    let service = post.member.name.as_str();
    post.state.lock().pid = child.id();
    // Waiting for a child closes the input that it still holds, and that would tell the service to end.
    let life_line = child.stdin.take();
    let is_shutdown = tokio::select! {
        () = shutdown.cancelled() => true,
        ended = child.wait() => {
            match ended {
                Ok(status) => tracing::warn!(service, %status, "demo service ended"),
                Err(error) => tracing::error!(service, %error, "demo service cannot be watched"),
            }
            false
        }
    };
    drop(life_line);
    if is_shutdown && let Err(error) = end(child).await {
        tracing::error!(service, %error, "demo service cannot be stopped");
    }
    post.state.lock().pid = None;
    is_shutdown
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Duration;

    use super::*;

    /// Waits for its standard input to end, as a service does; a member called `broken` ends at once.
    const SCRIPT: &str = "#!/bin/sh\n[ \"$3\" = broken ] && exit 3\nwhile read -r _; do :; done\n";

    struct World {
        _folder: tempfile::TempDir,
        supervisor: Supervisor,
        tracker: TaskTracker,
        shutdown: CancellationToken,
    }

    fn member(name: &str) -> Member {
        Member { name: name.to_owned(), description: String::new(), peers: Vec::new(), supported: Vec::new() }
    }

    fn world(names: &[&str]) -> World {
        let folder = tempfile::tempdir().unwrap();
        let executable = folder.path().join("service");
        std::fs::write(&executable, SCRIPT).unwrap();
        std::fs::set_permissions(&executable, std::fs::Permissions::from_mode(0o755)).unwrap();
        let fleet = Fleet { executable, members: names.iter().map(|name| member(name)).collect() };
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let supervisor = Supervisor::start(fleet, place(), &tracker, &shutdown).unwrap();
        World { _folder: folder, supervisor, tracker, shutdown }
    }

    /// Tests run at the same time and must not look for ports at the same place.
    fn place() -> u16 {
        rand::random()
    }

    async fn until(post: &Post, is_wanted: impl Fn(State) -> bool) -> State {
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        let search = async {
            loop {
                looks.tick().await;
                if is_wanted(post.state()) {
                    return post.state();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), search)
            .await
            .unwrap_or_else(|_| panic!("still {:?}", post.state()))
    }

    fn is_alive(pid: u32) -> bool {
        std::path::Path::new(&format!("/proc/{pid}")).exists()
    }

    #[tokio::test]
    async fn a_process_that_is_killed_is_started_again() {
        let world = world(&["orders"]);
        let post = world.supervisor.post("orders").unwrap();
        let first = until(post, |state| state.pid.is_some()).await;
        let killed = std::process::Command::new("kill").args(["-9", &first.pid.unwrap().to_string()]).status().unwrap();
        assert!(killed.success());
        let second = until(post, |state| state.starts == 2 && state.pid.is_some()).await;
        assert_ne!(first.pid, second.pid);
        world.shutdown.cancel();
    }

    #[tokio::test]
    async fn a_process_that_never_lives_is_tried_again() {
        let world = world(&["broken"]);
        let post = world.supervisor.post("broken").unwrap();
        until(post, |state| state.starts >= 2).await;
        until(post, |state| state.pid.is_none()).await;
        world.shutdown.cancel();
    }

    #[tokio::test]
    async fn shutdown_ends_every_process_before_the_tracker_is_done() {
        let world = world(&["orders", "users"]);
        let mut pids = Vec::new();
        for post in world.supervisor.posts() {
            pids.extend(until(post, |state| state.pid.is_some()).await.pid);
        }
        assert!(pids.iter().all(|&pid| is_alive(pid)));
        world.shutdown.cancel();
        world.tracker.close();
        world.tracker.wait().await;
        assert!(!pids.iter().any(|&pid| is_alive(pid)));
    }

    #[tokio::test]
    async fn members_have_ports_of_their_own() {
        let world = world(&["orders", "users"]);
        assert_ne!(world.supervisor.posts()[0].port, world.supervisor.posts()[1].port);
        assert!(world.supervisor.post("billing").is_none());
        world.shutdown.cancel();
    }
}
