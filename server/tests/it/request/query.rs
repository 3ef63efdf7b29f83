//! Query strings that hold what is not acceptable.

use domain::access::Scope;

use crate::support::World;

on_both_databases!(a_wrong_parameter_is_named);

async fn a_wrong_parameter_is_named(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    for (path, field) in [
        ("/api/v1/anomalies?limit=0", "limit"),
        ("/api/v1/anomalies?limit=501", "limit"),
        ("/api/v1/anomalies?limit=-1", "limit"),
        ("/api/v1/anomalies?limit=99999999999999999999999", "limit"),
        ("/api/v1/anomalies?limit=ten", "limit"),
        ("/api/v1/anomalies?limit=", "limit"),
        ("/api/v1/anomalies?severity=terrible", "severity"),
        ("/api/v1/anomalies?status=closed", "status"),
        ("/api/v1/anomalies?cursor=x", "cursor"),
        ("/api/v1/anomalies?cursor=usr_0190a0a0a0a07000800000000000000f", "cursor"),
        ("/api/v1/anomalies?service=%00", "service"),
        ("/api/v1/requests?service=%00", "service"),
        ("/api/v1/requests?q=%00", "q"),
        ("/api/v1/requests?model=%00", "model"),
        ("/api/v1/requests?status=%00", "status"),
        ("/api/v1/requests?cursor=%00", "cursor"),
        ("/api/v1/requests?from=noon", "from"),
        ("/api/v1/anomalies?sevrity=error", "sevrity"),
        ("/api/v1/audit?cursor=%00", "cursor"),
        ("/api/v1/audit?limit=0", "limit"),
        ("/api/v1/overview?range=2h", "range"),
        ("/api/v1/overview?rnge=1h", "rnge"),
        ("/api/v1/query", "query"),
        ("/api/v1/query?query=", "query"),
        ("/api/v1/query?query=up(", "query"),
        ("/api/v1/query?query=up&time=noon", "time"),
        ("/api/v1/query?query=up&time=1e300", "time"),
        ("/api/v1/query?query=up&time=NaN", "time"),
        ("/api/v1/query_range?query=up&end=1&step=1", "start"),
        ("/api/v1/query_range?query=up&start=0&end=1", "step"),
        ("/api/v1/query_range?query=up&start=0&end=1&step=0", "step"),
        ("/api/v1/query_range?query=up&start=0&end=1&step=-5", "step"),
        ("/api/v1/query_range?query=up&start=2&end=1&step=1", "start"),
        ("/api/v1/query_range?query=up&start=0&end=9000000000&step=0.001", "query"),
        ("/api/v1/series", "match[]"),
        ("/api/v1/series?match[]=", "match[]"),
        ("/api/v1/series?match[]={}", "match[]"),
        ("/api/v1/labels?match[]=1%2B1", "match[]"),
        ("/stream/events?after=x", "after"),
        ("/stream/events?aftr=1", "aftr"),
    ] {
        let refused = world.get(path).by(&admin).send().await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text());
        assert_eq!(refused.fields(), [field], "{path}: {}", refused.text());
        assert_eq!(refused.code(), "invalid_input");
    }
    // What is not UTF-8 is read as something that is, and found wrong or not there; nothing is ever half read.
    for path in ["/api/v1/anomalies?service=%FF", "/api/v1/anomalies?service=a%26b", "/api/v1/query?query=up&x=y"] {
        world.get(path).by(&admin).send().await.expect(200);
    }
}
