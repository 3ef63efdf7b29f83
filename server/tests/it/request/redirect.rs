//! Redirects are real ones, and lead to this site only.

use domain::access::Role;

use crate::support::World;

on_both_databases!(
    whoever_is_not_in_is_sent_to_the_log_in_whatever_they_accept,
    a_log_in_goes_on_to_paths_of_this_site_only,
    a_plain_form_is_answered_with_a_redirect,
);

async fn whoever_is_not_in_is_sent_to_the_log_in_whatever_they_accept(world: World) {
    world.person(Role::Viewer).await;
    for accept in ["*/*", "text/html", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"] {
        for (path, place) in [
            ("/", "/login"),
            ("/services", "/login?next=%2Fservices"),
            ("/anomalies?status=open&x=%2F", "/login?next=%2Fanomalies%3Fstatus%3Dopen%26x%3D%252F"),
        ] {
            let answer = world.get(path).header("accept", accept).send().await.expect(302);
            assert_eq!(answer.header("location"), Some(place), "{path} with {accept}");
            assert!(answer.header("serverfnredirect").is_none());
        }
    }
    world.get("/").send().await.expect(302);
    world.call(http::Method::HEAD, "/").send().await.expect(302);
}

async fn a_log_in_goes_on_to_paths_of_this_site_only(world: World) {
    world.person(Role::Viewer).await;
    let browser = world.browser(Role::Viewer).await;
    for (next, place) in [
        ("", "/"),
        ("%2Fservices%3Frange%3D1h", "/services?range=1h"),
        ("https%3A%2F%2Fevil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("%2F%0D%0ASet-Cookie%3A+a%3Db", "/"),
        ("%2F%00", "/"),
        ("%2F%7F", "/"),
        ("%2F%09%2Fevil.example", "/"),
    ] {
        let form = format!("input[email]=viewer@example.com&input[password]=correct+horse+battery&next={next}");
        let answer = world.post("/rpc/log_in").header("accept", "text/html").form(&form).send().await.expect(302);
        assert_eq!(answer.header("location"), Some(place), "{next}");
        assert!(answer.cookies().iter().any(|cookie| cookie.starts_with("bellwether_session=ey")));
        let page = world.get(&format!("/login?next={next}")).by(&browser).send().await.expect(302);
        assert_eq!(page.header("location"), Some(place), "{next}");
    }
    let form = "input[email]=viewer@example.com&input[password]=correct+horse+battery&next=/%C3%A9%E2%82%AC";
    world.post("/rpc/log_in").header("accept", "text/html").form(form).send().await.expect(302);
}

async fn a_plain_form_is_answered_with_a_redirect(world: World) {
    let browser = world.browser(Role::Admin).await;
    let post = |form: &str| {
        let call = world.post("/rpc/create_team").by(&browser).header("accept", "text/html,*/*;q=0.8");
        call.header("referer", "http://127.0.0.1:3000/settings/users").form(form).send()
    };
    let made = post("input[name]=platform").await.expect(302);
    assert_eq!(made.header("location").unwrap().trim_end_matches('?'), "http://127.0.0.1:3000/settings/users");
    // A refusal is shown in the same place: it travels in the address, and says no more than any refusal.
    let refused = post("input[name]=platform").await.expect(302);
    let place = refused.header("location").unwrap();
    assert!(place.starts_with("http://127.0.0.1:3000/settings/users?__path="), "{place}");
    let page = world.get(place.strip_prefix("http://127.0.0.1:3000").unwrap()).by(&browser).send().await.expect(200);
    assert!(page.text().contains("there is a team with this name already"), "{}", page.text());
}
