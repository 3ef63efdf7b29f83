//! How soon a page begins to arrive for people who are logged in.
//!
//! Always true: each person has a log-in and a connection of their own and asks as a browser does; a page that is not the
//! one that was asked for ends the measurement.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::user::Login;
use reqwest::header::{ACCEPT, COOKIE, SET_COOKIE};
use tokio::task::JoinSet;

use super::server::{Home, Server};
use super::spread::Spread;

const PASSWORD: &str = "bench bench bench bench";
const PAGE_LIMIT: Duration = Duration::from_secs(30);

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub(super) struct Person {
    client: reqwest::Client,
    cookie: String,
}

fn email(number: u32) -> String {
    format!("person-{number}@bench.local")
}

/// Makes people, before the server starts.
pub(super) async fn make_people(home: &Home, people: u32) -> anyhow::Result<()> {
    for number in 0..people {
        home.run(&["user", "create", "--email", &email(number), "--role", "admin"], PASSWORD).await?;
    }
    Ok(())
}

/// Logs them in.
pub(super) async fn log_in(server: &Server, people: u32) -> anyhow::Result<Vec<Person>> {
    let mut persons = Vec::new();
    for number in 0..people {
        let client = platform::outbound_client()?;
        let login = Login { email: email(number), password: PASSWORD.to_owned() };
        let answer = client.post(format!("{}/api/v1/auth/login", server.url)).json(&login).send().await?;
        let answer = answer.error_for_status().context("logging in")?;
        let cookie =
            answer.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()).context("no cookie came")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        persons.push(Person { client, cookie });
    }
    Ok(persons)
}

/// Everybody asks for the page, reads it, waits for the pause and asks again, until the time is over.
pub(super) async fn read_pages(
    persons: &[Person],
    url: &str,
    expected: &'static str,
    pause: Duration,
    during: Duration,
) -> anyhow::Result<Spread> {
    let (mut running, until) = (JoinSet::new(), Instant::now() + during);
    for (n, person) in (0_u32..).zip(persons) {
        let (person, url) = (person.clone(), url.to_owned());
        // Spread over the pause, as people are.
        let phase = pause * n / persons.len() as u32;
        running.spawn(async move {
            let mut waits = Vec::new();
            tokio::time::sleep(phase).await;
            while Instant::now() < until {
                waits.push(person.read(&url, expected).await?);
                tokio::time::sleep(pause).await;
            }
            anyhow::Ok(waits)
        });
    }
    let mut waits = Vec::new();
    while let Some(ended) = running.join_next().await {
        waits.append(&mut ended??);
    }
    Ok(Spread::new(waits))
}

impl Person {
    async fn read(&self, url: &str, expected: &str) -> anyhow::Result<Duration> {
        let request = self.client.get(url).header(ACCEPT, "text/html").header(COOKIE, &self.cookie).timeout(PAGE_LIMIT);
        let started = Instant::now();
        let answer = request.send().await?;
        let wait = started.elapsed();
        let (status, text) = (answer.status(), answer.text().await?);
        let is_right = status.is_success() && text.contains(expected);
        anyhow::ensure!(is_right, "{url} answered {status}, and not with the page");
        Ok(wait)
    }
}
