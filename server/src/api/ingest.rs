//! Samples in: JSON push and Prometheus remote-write.

use axum::Json;
use axum::extract::State;
use domain::error::ErrorCode;
use domain::metric::{IngestReport, PushSamples};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use metrics::remote_write::check_headers;
use platform::Platform;
use utoipa::ToSchema;

use super::responses::Refusals;
use crate::error::{Answer, Refusal};
use crate::extract::{Body, Who, WriteBody};

/// Push samples.
///
/// The answer comes after the commit and counts every sample.
#[utoipa::path(post, path = "/api/v1/ingest/samples", tag = "Ingest", request_body = PushSamples, responses((status = 200, body = IngestReport), Refusals))]
pub(crate) async fn push(
    State(platform): State<Platform>,
    Who(actor): Who,
    Body(input): Body<PushSamples>,
) -> Answer<Json<IngestReport>> {
    Ok(Json(platform.metrics().push(&actor, input).await?))
}

/// A remote-write request: protobuf, compressed.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "documentation only: the bytes are read as they come")]
pub(crate) struct WriteRequest(Vec<u8>);

/// How a remote-write request is compressed.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "documentation only: read by `check_headers`")]
pub(crate) enum WriteEncoding {
    Snappy,
}

/// Prometheus remote-write 1.0.
///
/// Snappy-compressed protobuf. Answers after the commit: 204 when all samples were taken (duplicates included), 400 with
/// the reason when some can never be, so that the sender does not send them again.
#[utoipa::path(post, path = "/api/v1/write", tag = "Ingest", params(("Content-Encoding" = inline(WriteEncoding), Header)), request_body(content = WriteRequest, content_type = "application/x-protobuf"), responses((status = 204), Refusals))]
pub(crate) async fn remote_write(
    State(platform): State<Platform>,
    Who(actor): Who,
    headers: HeaderMap,
    WriteBody(body): WriteBody,
) -> Answer<StatusCode> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    actor.require(domain::access::Permission::Ingest)?;
    check_headers(text(CONTENT_TYPE), text(CONTENT_ENCODING))
        .map_err(|e| Refusal::new(ErrorCode::UnsupportedMediaType, e.to_string()))?;
    let outcome = platform.metrics().remote_write(&actor, &body).await?;
    match outcome.first_rejection {
        Some(why) => {
            Err(Refusal::new(ErrorCode::MalformedRequest, format!("{} samples were refused: {why}", outcome.rejected)))
        }
        None => Ok(StatusCode::NO_CONTENT),
    }
}
