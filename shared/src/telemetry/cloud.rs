//! Lines as Cloud Logging reads them: one JSON object each.
//!
//! <https://docs.cloud.google.com/logging/docs/structured-logging>

use std::{io::Write as _, sync::Arc};

use serde_json::{Map, Value, json};
use tracing::{
    Event, Level, Metadata, Subscriber,
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    fmt::MakeWriter,
    layer::Context,
    registry::{LookupSpan, Scope},
};

use super::fields::Fields;
use crate::{
    clock::Clock,
    settings::{CloudRun, Settings},
};

/// Makes Error Reporting collect a line.
const REPORTED: &str =
    "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent";

/// What every line says of the process.
#[derive(Debug, Clone)]
pub struct Process {
    /// Which function it is.
    pub function: String,
    /// The environment's name.
    pub environment: String,
    /// The project that traces belong to.
    pub project: Option<String>,
    /// What Cloud Run says of the process.
    pub cloud_run: CloudRun,
}

/// A layer that writes Cloud Logging's JSON.
pub struct CloudLogging<W> {
    writer: W,
    process: Process,
    clock: Arc<dyn Clock>,
}

impl Process {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            function: settings.function.to_owned(),
            environment: settings.environment.env.environment().to_owned(),
            project: settings.environment.project.clone(),
            cloud_run: settings.environment.cloud_run.clone(),
        }
    }

    /// What Error Reporting groups errors by: names as Cloud Run has them, ours elsewhere.
    fn service(&self) -> Value {
        let CloudRun { service, job, revision, .. } = &self.cloud_run;
        let service = service.as_ref().or(job.as_ref()).unwrap_or(&self.function);
        let version = revision.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
        json!({"service": service, "version": version})
    }

    fn trace(&self, id: &Value) -> Value {
        match (&self.project, id) {
            (Some(project), Value::String(id)) => json!(format!("projects/{project}/traces/{id}")),
            _ => id.clone(),
        }
    }
}

impl<W> CloudLogging<W> {
    /// Writes to `writer`, with times from `clock`.
    pub fn new(writer: W, process: Process, clock: Arc<dyn Clock>) -> Self {
        Self { writer, process, clock }
    }

    fn line(&self, metadata: &Metadata<'_>, mut event: Fields, mut spans: Fields) -> Value {
        let message = event.take("message").unwrap_or_default();
        let request = event.take_all("http.");
        // What the event says stands first: it cannot replace what follows.
        let mut line = event.0;
        let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
        put("severity", json!(severity(*metadata.level())));
        put("time", json!(self.clock.now().to_string()));
        put("message", message);
        if !request.is_empty() {
            put("httpRequest", http_request(request));
        }
        if let Some(trace) = spans.take("trace_id") {
            put("logging.googleapis.com/trace", self.process.trace(&trace));
        }
        if let Some(span) = spans.take("span_id") {
            put("logging.googleapis.com/spanId", span);
        }
        if let Some(sampled) = spans.take("trace_sampled") {
            put("logging.googleapis.com/trace_sampled", sampled);
        }
        put("logging.googleapis.com/labels", self.labels(spans));
        put("logging.googleapis.com/sourceLocation", source(metadata));
        if *metadata.level() == Level::ERROR {
            put("@type", json!(REPORTED));
            put("serviceContext", self.process.service());
        }
        Value::Object(line)
    }

    /// Labels are texts, so what spans say becomes text.
    fn labels(&self, spans: Fields) -> Value {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let mut labels: Map<String, Value> =
            spans.0.into_iter().map(|(name, value)| (name, text(value).into())).collect();
        for (name, value) in self.process.cloud_run.labels() {
            labels.insert(name.to_owned(), value.into());
        }
        labels.insert("function".to_owned(), self.process.function.clone().into());
        labels.insert("environment".to_owned(), self.process.environment.clone().into());
        Value::Object(labels)
    }
}

impl<S, W> Layer<S> for CloudLogging<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let line = self.line(event.metadata(), fields, spans(context.event_scope(event)));
        // Where the log cannot be written there is nowhere to say so.
        let _ = writeln!(self.writer.make_writer_for(event.metadata()), "{line}");
    }
}

/// What all spans around an event say; inner ones last.
fn spans<S: Subscriber + for<'a> LookupSpan<'a>>(scope: Option<Scope<'_, S>>) -> Fields {
    let mut all = Fields::default();
    for span in scope.into_iter().flat_map(Scope::from_root) {
        if let Some(Fields(fields)) = span.extensions().get::<Fields>() {
            all.0.extend(fields.clone());
        }
    }
    all
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

fn source(metadata: &Metadata<'_>) -> Value {
    let line = metadata.line().map(|line| line.to_string());
    json!({"file": metadata.file(), "line": line, "function": metadata.target()})
}

fn http_request(fields: Map<String, Value>) -> Value {
    let name = |ours: &str| match ours {
        "method" => "requestMethod",
        "path" => "requestUrl",
        "latency_seconds" => "latency",
        "address" => "remoteIp",
        "agent" => "userAgent",
        _ => "status",
    };
    let value = |ours: &str, value: Value| match (ours, value.as_f64()) {
        ("latency_seconds", Some(seconds)) => json!(format!("{seconds:.6}s")),
        _ => value,
    };
    fields.into_iter().map(|(ours, is)| (name(&ours).to_owned(), value(&ours, is))).collect()
}
