//! From requests and expositions to samples.

use super::*;
use crate::{
    LabelLimits, SeriesId,
    exposition::{Format, MetricType, Options},
    remote_write::{Decoder, Encoder, Limits},
    sample::is_stale,
};

const ALWAYS: TimeBounds = TimeBounds { min: 0, max: 1_000 };

/// Labels as they are sent, and samples.
type Sent<'a> = (&'a [(&'a str, &'a str)], &'a [(i64, f64)]);

fn write(head: &Head, series: &[Sent<'_>]) -> (Batch, Collected) {
    let mut encoder = Encoder::default();
    for (labels, samples) in series {
        let samples: Vec<_> = samples.iter().map(|(ts, v)| Sample::new(*ts, *v)).collect();
        encoder.push_raw(labels.iter().copied(), &samples);
    }
    let (body, mut decoder, mut batch) = (encoder.finish().unwrap(), Decoder::default(), Batch::default());
    let request = decoder.decode(&body, &Limits::default()).unwrap();
    let also = Labels::from_pairs([("sender", "a")]).unwrap();
    let collected = head.collect_write(&request, 7, &also, &LabelLimits::default(), ALWAYS, &mut batch);
    (batch, collected)
}

#[test]
fn a_write_request_becomes_samples() {
    let head = head(10);
    let good: &[_] = &[("z", "1"), ("__name__", "m")];
    let bad: &[_] = &[("z", "1")];
    let request: &[Sent<'_>] = &[(good, &[(1, 1.0), (5_000, 2.0)]), (bad, &[(1, 1.0), (2, 2.0)]), (good, &[(2, 2.0)])];
    for round in 0..3 {
        let (batch, collected) = write(&head, request);
        assert_eq!((collected.samples, collected.rejected_samples), (2, 3));
        let reason = collected.first_rejection.unwrap().to_string();
        assert_eq!(reason, "the time 5000 ms of a sample is not between 0 and 1000 ms");
        assert_eq!(batch.new_series().len(), usize::from(round == 0), "known, then from the cache");
        let outcome = head.apply(round + 1, &batch);
        assert_eq!(outcome.accepted(), if round == 0 { 2 } else { 0 });
    }
    let id = head.select(&[Matcher::equal("sender", "a")])[0];
    assert_eq!(head.labels(id).unwrap().to_string(), r#"m{sender="a", z="1"}"#);
}

#[test]
fn the_cache_forgets_series_that_leave() {
    let head = head(10);
    let series: &[_] = &[("__name__", "m")];
    for seq in 1..4 {
        head.apply(seq, &write(&head, &[(series, &[(1, 1.0)])]).0);
    }
    head.seal_before(9);
    head.confirm(&head.sealed(9).unwrap());
    head.evict_idle(100);
    assert_eq!(head.evict_idle(100).len(), 1);
    let (batch, _) = write(&head, &[(series, &[(2, 1.0)])]);
    assert_eq!((batch.new_series().len(), head.apply(9, &batch).accepted()), (1, 1));
}

#[test]
fn series_beyond_the_limit_are_refused_and_the_others_stay() {
    let head = Head::new(HeadConfig { max_series: 2, ..HeadConfig::default() });
    let (mut batch, mut ids) = (Batch::default(), vec![]);
    for n in 0..2 {
        ids.push(head.resolve(&labels(n), &mut batch).unwrap());
    }
    assert_eq!(head.resolve(&labels(2), &mut batch), Err(ResolveError::Full { max: 2 }));
    assert_eq!(head.resolve(&labels(1), &mut batch), Ok(ids[1]), "the same again is no further series");
    head.apply(1, &batch);
    assert_eq!(head.resolve(&labels(2), &mut Batch::default()), Err(ResolveError::Full { max: 2 }));
    assert_eq!(head.resolve(&labels(0), &mut Batch::default()), Ok(ids[0]));
}

#[test]
fn one_id_for_two_label_sets_is_refused() {
    let head = head(10);
    let mut forged = Batch::default();
    // Nobody can find two sets with one hash in a test, so one set is registered under the hash of another.
    forged.add_series(labels(2).id(), &labels(1)).unwrap();
    forged.push(labels(2).id(), Sample::new(1, 1.0));
    head.apply(1, &forged);
    let error = head.resolve(&labels(2), &mut Batch::default()).unwrap_err();
    assert_eq!(error, ResolveError::Collision { known: labels(1), new: labels(2) });
    let mut concurrent = Batch::default();
    concurrent.add_series(labels(2).id(), &labels(2)).unwrap();
    concurrent.push(labels(2).id(), Sample::new(2, 2.0));
    let outcome = head.apply(2, &concurrent);
    assert_eq!((outcome.collisions, outcome.accepted()), (1, 0));
}

fn scrape(head: &Head, body: &str, ts: i64) -> (Batch, Scraped) {
    let (target, mut batch) = (Labels::from_pairs([("job", "j")]).unwrap(), Batch::default());
    let scrape = Scrape { source: 1, target: &target, ts, bounds: ALWAYS };
    let options = Options::new(Format::PrometheusText);
    let scraped = head.collect_scrape(body.as_bytes(), &options, &scrape, &LabelLimits::default(), &mut batch).unwrap();
    (batch, scraped)
}

#[test]
fn a_scrape_becomes_samples_and_what_is_gone_ends() {
    let head = head(10);
    let (batch, before) = scrape(&head, "# TYPE a counter\na 1\nb{x=\"y\"} 2\nc 3 50\nd 4 5000\n", 100);
    assert_eq!((before.series.len(), before.collected.samples, before.collected.rejected_samples), (2, 3, 1));
    assert_eq!(before.types, [("a".to_owned(), MetricType::Counter)]);
    head.apply(1, &batch);
    let (mut batch, now) = scrape(&head, "a 1\n", 200);
    assert_eq!(ended(&before.series, &now.series, 200, &mut batch), 1);
    head.apply(2, &batch);
    let last = |selector: &str| head.last(head.select(&[Matcher::equal("__name__", selector)])[0]).unwrap();
    assert_eq!((last("a"), last("c")), (Sample::new(200, 1.0), Sample::new(50, 3.0)));
    assert!(is_stale(last("b").value) && last("b").ts == 200);
    let ids: Vec<SeriesId> = head.select(&[Matcher::equal("job", "j")]);
    assert_eq!(ids.len(), 3);
}
