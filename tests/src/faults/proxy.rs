//! A reverse proxy for HTTP/1.1 and, by prior knowledge, HTTP/2 with gRPC.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http::{
    HeaderMap, Request, Response, Uri, Version,
    header::{CONNECTION, CONTENT_TYPE, HOST, TRANSFER_ENCODING},
    uri::{Authority, PathAndQuery, Scheme},
};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::{TcpListener, TcpStream};

use super::{
    fault::{self, Fault},
    plan::Plan,
};

type Body = UnsyncBoxBody<Bytes, hyper::Error>;

/// Where calls go that are not to fail.
pub(super) struct Upstream {
    rest: String,
    grpc: String,
    plan: Arc<Plan>,
    http1: Client<HttpConnector, Incoming>,
    http2: Client<HttpConnector, Incoming>,
}

impl Upstream {
    pub(super) fn new(rest: &str, grpc: &str, plan: Arc<Plan>) -> Self {
        let mut client = Client::builder(TokioExecutor::new());
        let (http1, http2) = (client.build_http(), client.http2_only(true).build_http());
        Self { rest: rest.to_owned(), grpc: grpc.to_owned(), plan, http1, http2 }
    }

    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(self.clone().speak(stream));
        }
    }

    async fn speak(self: Arc<Self>, stream: TcpStream) {
        let answer = service_fn(move |request| self.clone().answer(request));
        let server = auto::Builder::new(TokioExecutor::new());
        // A fault that breaks a connection is an error here, and meant.
        let _: Result<(), _> = server.serve_connection(TokioIo::new(stream), answer).await;
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> anyhow::Result<Response<Body>> {
        let name = format!("{} {}", request.method(), request.uri().path());
        let is_grpc = is_grpc(request.headers());
        match self.plan.judge(name) {
            None => Ok(self.forward(request).await?.map(BodyExt::boxed_unsync)),
            Some(Fault::Answer { status, reason }) if is_grpc => {
                Ok(own(fault::grpc(status, reason)))
            }
            Some(Fault::Answer { status, reason }) => {
                // Else the client may find the connection closed before it has sent all.
                request.into_body().collect().await?;
                Ok(own(fault::rest(status, reason)))
            }
            Some(Fault::Lost) => {
                // The first part of the answer is the proof that the work is done.
                self.forward(request).await?.into_body().frame().await;
                bail!("the answer is lost")
            }
        }
    }

    async fn forward(&self, mut request: Request<Incoming>) -> anyhow::Result<Response<Incoming>> {
        let (host, version, client) = if is_grpc(request.headers()) {
            (&self.grpc, Version::HTTP_2, &self.http2)
        } else {
            (&self.rest, Version::HTTP_11, &self.http1)
        };
        *request.uri_mut() = at(host, request.uri())?;
        *request.version_mut() = version;
        for name in [HOST, CONNECTION, TRANSFER_ENCODING] {
            request.headers_mut().remove(name);
        }
        client.request(request).await.context("the emulator cannot be reached")
    }
}

/// What is answered here, as what comes from there.
fn own(answer: Response<Full<Bytes>>) -> Response<Body> {
    answer.map(|body| body.map_err(|never| match never {}).boxed_unsync())
}

fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"application/grpc"))
}

fn at(host: &str, uri: &Uri) -> anyhow::Result<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(host.parse::<Authority>()?);
    parts.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
    Ok(Uri::from_parts(parts)?)
}
