//! The trace a request is part of, and where it comes from.

use http::Method;
use integration_tests::As;
use serde_json::{Value, json};

use super::app;

async fn meta(settings: &[(&str, &str)], headers: &[(&'static str, &str)]) -> Value {
    let app = app(settings).await;
    let mut call = app.call(As::Nobody, Method::GET, "/test/meta");
    for (name, value) in headers {
        call = call.header(name, value);
    }
    call.send().await.json_of(200)
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn a_trace_is_read_from_either_header() {
    let w3c = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let expected = json!({"trace_id": TRACE, "span_id": "00f067aa0ba902b7", "sampled": true});
    assert_eq!(meta(&[], &[("traceparent", &w3c)]).await["trace"], expected);
    let cloud = format!("{TRACE}/67667974448284343;o=1");
    assert_eq!(meta(&[], &[("x-cloud-trace-context", &cloud)]).await["trace"], expected);
    let alone = json!({"trace_id": TRACE, "span_id": null, "sampled": false});
    assert_eq!(meta(&[], &[("x-cloud-trace-context", TRACE)]).await["trace"], alone);
}

#[tokio::test]
async fn what_has_another_form_is_no_trace() {
    let bad = [
        format!("00-{TRACE}-00f067aa0ba902b7"),
        format!("ff-{TRACE}-00f067aa0ba902b7-01"),
        format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
        format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
        format!("00-{TRACE}-00f067aa0ba902b7-01-extra"),
        "\"},{\"severity\":\"EMERGENCY\"".to_owned(),
    ];
    for header in bad {
        assert_eq!(meta(&[], &[("traceparent", &header)]).await["trace"], json!(null), "{header}");
    }
}

#[tokio::test]
async fn an_address_is_what_the_trusted_proxies_saw() {
    let hops = ("x-forwarded-for", "203.0.113.7, 198.51.100.2, 192.0.2.3");
    for (proxies, address) in [
        ("0", json!(null)),
        ("1", json!("192.0.2.3")),
        ("2", json!("198.51.100.2")),
        ("4", json!(null)),
    ] {
        let meta = meta(&[("TRUSTED_PROXIES", proxies)], &[hops]).await;
        assert_eq!(meta["address"], address, "{proxies}");
    }
    let garbage = [("x-forwarded-for", "<script>")];
    assert_eq!(meta(&[("TRUSTED_PROXIES", "1")], &garbage).await["address"], json!(null));
}
