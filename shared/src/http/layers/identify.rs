//! Gives a request its id, its trace and its caller's address, and puts them on every log line.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::{Instrument as _, field};

use crate::{
    http::{RequestMeta, Trace, layers::visit::Visit},
    ids::Ids,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What it takes to tell who calls.
#[derive(Clone)]
pub(crate) struct Identify {
    pub(crate) ids: Arc<dyn Ids>,
    /// How many proxies before us append to `X-Forwarded-For`.
    pub(crate) trusted_proxies: usize,
}

/// The outermost layer: everything below runs in its span and sees its [`RequestMeta`].
pub(crate) async fn identify(
    State(with): State<Identify>,
    mut request: Request,
    next: Next,
) -> Response {
    let meta = RequestMeta {
        request_id: with.ids.new_id(),
        address: address(&request, with.trusted_proxies),
        trace: Trace::read(request.headers()),
    };
    let (span, visit) = (span(&meta), Visit::of(&request, &meta));
    let id = meta.request_id.to_string();
    request.extensions_mut().insert(meta);
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| visit.log(response.status()));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn span(meta: &RequestMeta) -> tracing::Span {
    let trace = meta.trace.as_ref();
    tracing::info_span!(
        "request",
        request_id = %meta.request_id,
        trace_id = trace.map(|trace| trace.trace_id.as_str()),
        span_id = trace.and_then(|trace| trace.span_id.as_deref()),
        trace_sampled = trace.map(|trace| trace.sampled),
        org_slug = field::Empty,
    )
}

/// The address that the outermost trusted proxy saw, else the one that is connected.
fn address(request: &Request, trusted_proxies: usize) -> Option<String> {
    let peer = || {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        peer.map(|ConnectInfo(peer)| peer.ip().to_string())
    };
    forwarded(request.headers(), trusted_proxies).or_else(peer)
}

/// Whatever stands further left was written by the caller and proves nothing.
fn forwarded(headers: &HeaderMap, trusted_proxies: usize) -> Option<String> {
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let at = hops.len().checked_sub(trusted_proxies.max(1)).filter(|_| trusted_proxies > 0)?;
    hops.get(at).and_then(|hop| hop.parse().ok()).map(|ip: std::net::IpAddr| ip.to_string())
}
