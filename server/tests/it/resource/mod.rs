//! What is administered: the catalogue, targets, teams, people; and how their lists are read.

mod catalogue;
mod pages;
mod target;
mod team;
mod user;

use http::Method;
use serde_json::Value;

use crate::support::{Answer, Caller, World};

/// `PUT` with a body.
async fn put(world: &World, path: &str, caller: &Caller, body: Value) -> Answer {
    world.call(Method::PUT, path).by(caller).json(&body).send().await
}

/// `POST` with a body.
async fn post(world: &World, path: &str, caller: &Caller, body: Value) -> Answer {
    world.post(path).by(caller).json(&body).send().await
}

/// `GET` that answers with JSON.
async fn get(world: &World, path: &str, caller: &Caller) -> Value {
    world.get(path).by(caller).send().await.expect(200).json()
}

/// `DELETE`, and then it is gone.
async fn delete(world: &World, path: &str, caller: &Caller) {
    world.call(Method::DELETE, path).by(caller).send().await.expect(204);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(world.call(method, path).by(caller).send().await.expect(404).code(), "not_found");
    }
}

/// One member of every item of a list.
fn each(list: &Value, name: &str) -> Vec<Value> {
    list["items"].as_array().unwrap().iter().map(|item| item[name].clone()).collect()
}
