//! Write requests: what is sent is received, and damaged ones never panic.

use proptest::prelude::*;

use super::*;
use crate::{LabelError, LabelLimits, Labels, LabelsBuilder, Sample};

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::from_pairs(pairs.iter().copied()).unwrap()
}

/// Calls `look` with an uncompressed request.
fn parse<T>(message: &[u8], look: impl FnOnce(WriteRequest<'_>) -> T) -> Result<T, RemoteWriteError> {
    Decoder::default().decode_plain(message, &Limits::default()).map(look)
}

proptest! {
    #[test]
    fn what_is_sent_is_received(
        series in prop::collection::vec(
            (prop::collection::btree_map("[a-z_é]{1,4}", "[^\\x00]{1,9}", 0..5), prop::collection::vec((any::<i64>(), any::<u64>()), 0..5)),
            0..6,
        )
    ) {
        let mut encoder = Encoder::default();
        let expected: Vec<(Labels, Vec<Sample>)> = series.into_iter().map(|(mut map, samples)| {
            map.insert("__name__".to_owned(), "m".to_owned());
            let samples = samples.into_iter().map(|(ts, bits)| Sample::new(ts, f64::from_bits(bits))).collect();
            (Labels::from_pairs(map).unwrap(), samples)
        }).collect();
        for (labels, samples) in &expected {
            // The order of labels is the sender's.
            let mut pairs: Vec<_> = labels.iter().collect();
            pairs.reverse();
            encoder.push_raw(pairs, samples);
        }
        let (mut decoder, mut builder) = (Decoder::default(), LabelsBuilder::default());
        let body = encoder.finish().unwrap();
        let request = decoder.decode(&body, &Limits::default()).unwrap();
        let got: Vec<_> = request
            .series()
            .map(|s| (s.canonical(&mut builder, &LabelLimits::default()).unwrap(), s.samples().collect::<Vec<_>>()))
            .collect();
        prop_assert_eq!(request.n_series(), expected.len());
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn arbitrary_bytes_never_panic(body: Vec<u8>) {
        let _ = Decoder::default().decode(&body, &Limits::default());
        let _ = parse(&body, |request| {
            for series in request.series() {
                let _ = (series.key(0), series.labels().count());
                assert_eq!(series.samples().count(), series.n_samples);
            }
        });
    }

    #[test]
    fn a_damaged_request_never_panics(at: prop::sample::Index, flip in 1_u8..) {
        let mut encoder = Encoder::default();
        encoder.push(&labels(&[("__name__", "m"), ("a", "b")]), &[Sample::new(1, 2.0), Sample::new(3, 4.0)]);
        let mut body = encoder.finish().unwrap();
        let at = at.index(body.len());
        body[at] ^= flip;
        let mut decoder = Decoder::default();
        if let Ok(request) = decoder.decode(&body, &Limits::default()) {
            let samples: usize = request.series().map(|s| s.samples().count()).sum();
            prop_assert_eq!(samples, request.n_samples);
        }
    }
}

/// A series message by hand: label a=b, sample (1.0, 5), label c=d, an unknown field, an exemplar.
const SCATTERED: &[u8] = b"\x0a\x06\x0a\x01a\x12\x01b\x12\x0b\x09\0\0\0\0\0\0\xf0\x3f\x10\x05\x0a\x06\x0a\x01c\x12\x01d\x78\x01\x1a\x02\x10\x01";

#[test]
fn fields_in_any_order_are_one_series() {
    let request = [&[0x0a, SCATTERED.len() as u8], SCATTERED, b"\x1a\x02\x08\x01"].concat();
    parse(&request, |request| {
        let series = request.series().next().unwrap();
        assert_eq!(series.labels().collect::<Result<Vec<_>, _>>(), Ok(vec![("a", "b"), ("c", "d")]));
        assert_eq!(series.samples().collect::<Vec<_>>(), [Sample::new(5, 1.0)]);
        assert_eq!((series.n_samples, series.n_exemplars, series.n_histograms), (1, 1, 0));
        assert_eq!((request.n_series(), request.n_samples), (1, 1));
    })
    .unwrap();
}

#[test]
fn keys_tell_series_and_sources_apart() {
    let key = |pairs: &[(&str, &str)], source| {
        let mut encoder = Encoder::default();
        encoder.push_raw(pairs.iter().copied(), &[Sample::new(source as i64, 0.5)]);
        let body = encoder.finish().unwrap();
        let mut decoder = Decoder::default();
        decoder.decode(&body, &Limits::default()).unwrap().series().next().unwrap().key(source)
    };
    assert_eq!(key(&[("a", "b"), ("c", "d")], 1), key(&[("a", "b"), ("c", "d")], 1));
    assert_ne!(key(&[("a", "b"), ("c", "d")], 1), key(&[("a", "b"), ("c", "d")], 2));
    assert_ne!(key(&[("a", "b"), ("c", "d")], 1), key(&[("a", "bc"), ("c", "d")], 1));
}

#[test]
fn limits_and_wrong_bodies_are_named() {
    let mut encoder = Encoder::default();
    encoder.push(&labels(&[("__name__", "m")]), &[Sample::new(1, 2.0), Sample::new(3, 4.0)]);
    let body = encoder.finish().unwrap();
    let decode = |limits: Limits| Decoder::default().decode(&body, &limits).map(|r| r.n_samples);
    assert_eq!(decode(Limits::default()), Ok(2));
    assert_eq!(
        decode(Limits { max_samples: 1, ..Limits::default() }),
        Err(RemoteWriteError::TooManySamples { max: 1 })
    );
    let too_large = decode(Limits { max_decompressed: 10, ..Limits::default() }).unwrap_err();
    assert!(too_large.is_too_large() && too_large.to_string().contains("the limit is 10"), "{too_large}");
    let empty = Decoder::default().decode_plain(&[0x0a, 0].repeat(100_001), &Limits::default()).map(|r| r.n_series());
    assert_eq!(empty, Err(RemoteWriteError::TooManySamples { max: 100_000 }));
    assert!(matches!(Decoder::default().decode(b"{}", &Limits::default()), Err(RemoteWriteError::Snappy(_))));
    assert_eq!(parse(b"\x08\x01", |r| r.n_series()), Err(RemoteWriteError::Malformed("a series is not a message")));
    assert_eq!(parse(b"\x0a\x09", |r| r.n_series()), Err(RemoteWriteError::Malformed("a field is cut short")));
}

#[test]
fn only_remote_write_1_in_snappy_is_welcome() {
    let v1 = "application/x-protobuf";
    assert_eq!(check_headers(Some(v1), Some("snappy")), Ok(()));
    assert_eq!(check_headers(Some("application/x-protobuf;proto=prometheus.WriteRequest"), Some("snappy")), Ok(()));
    for other in [None, Some("application/json"), Some("application/x-protobuf;proto=io.prometheus.write.v2.Request")] {
        assert!(matches!(check_headers(other, Some("snappy")), Err(RemoteWriteError::ContentType(_))), "{other:?}");
    }
    assert!(matches!(check_headers(Some(v1), Some("gzip")), Err(RemoteWriteError::ContentEncoding(_))));
}

#[test]
fn a_label_that_is_no_pair_is_named() {
    let error =
        parse(b"\x0a\x04\x0a\x02\x08\x01", |r| r.series().next().unwrap().labels().next().unwrap().unwrap_err());
    assert_eq!(error, Ok(LabelError::Malformed));
}

#[test]
fn bad_labels_are_named() {
    let canonical = |pairs: &[(&str, &str)]| {
        let mut encoder = Encoder::default();
        encoder.push_raw(pairs.iter().copied(), &[]);
        let (body, mut decoder) = (encoder.finish().unwrap(), Decoder::default());
        let series = decoder.decode(&body, &Limits::default()).unwrap().series().next().unwrap();
        series.canonical(&mut LabelsBuilder::default(), &LabelLimits { max_labels: 2, ..LabelLimits::default() })
    };
    assert_eq!(canonical(&[("a", "b")]), Err(LabelError::NoMetricName));
    assert_eq!(canonical(&[("a", "b"), ("__name__", "m"), ("a", "c")]), Err(LabelError::TooMany { got: 3, max: 2 }));
    assert_eq!(canonical(&[("__name__", "m"), ("__name__", "m")]), Err(LabelError::Duplicate("__name__".into())));
    assert_eq!(canonical(&[("b", ""), ("__name__", "m")]).unwrap().to_string(), "m");
}
