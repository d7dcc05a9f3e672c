//! A bucket of its own for each test.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use convergence::{
    files::Bucket,
    org::OrgSlug,
    settings::{BackendUrl, Settings},
};
use integration_tests::faults::{Faults, hurried};
use serde_json::{Value, json};

/// A bucket and where it is.
pub(super) struct Place {
    pub(super) host: String,
    pub(super) name: String,
    /// Before it: Google's client leaves the port out of `Host`, and the stand-in makes the addresses
    /// of resumable uploads from that.
    pub(super) proxy: Faults,
}

impl Place {
    /// Makes a bucket that no other test uses.
    pub(super) async fn new(host: &str) -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let name = format!("files-{}", LAST.fetch_add(1, Ordering::Relaxed));
        let place = Self { host: host.to_owned(), name, proxy: Faults::before(host).await };
        let url = format!("http://{host}/storage/v1/b?project=demo");
        let made = http().post(url).json(&json!({ "name": place.name })).send().await.unwrap();
        assert!(made.status().is_success(), "{}", made.status());
        place
    }

    /// Files below a prefix.
    pub(super) fn files_below(&self, prefix: &str) -> Bucket {
        bucket(&format!("gs://{}/{prefix}", self.name), self.proxy.host()).unwrap()
    }

    pub(super) fn files(&self) -> Bucket {
        self.files_below("")
    }

    /// Files without the proxy, for a look that does not count.
    pub(super) fn uncounted(&self) -> Bucket {
        bucket(&format!("gs://{}", self.name), &self.host).unwrap()
    }

    /// What its objects are called.
    pub(super) async fn names(&self) -> Vec<String> {
        let url = format!("http://{}/storage/v1/b/{}/o", self.host, self.name);
        let listed: Value = http().get(url).send().await.unwrap().json().await.unwrap();
        let items = listed["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Writes an object, whatever it is called.
    pub(super) async fn put(&self, name: &str, bytes: &'static [u8]) {
        let url = format!("http://{}/upload/storage/v1/b/{}/o", self.host, self.name);
        let query = [("uploadType", "media"), ("name", name)];
        let put = http().post(url).query(&query).body(bytes).send().await.unwrap();
        assert!(put.status().is_success(), "{}", put.status());
    }
}

/// The bucket of a URL, of an emulator.
pub(super) fn bucket(url: &str, host: &str) -> anyhow::Result<Bucket> {
    let variables = [("FILES_URL", url), ("STORAGE_EMULATOR_HOST", host)];
    let variables: BTreeMap<_, _> =
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let url: BackendUrl = Settings::read("convergence", &variables)?.backends.files;
    Bucket::new(&url, hurried().access(&url))
}

pub(super) fn http() -> reqwest::Client {
    convergence::http::outgoing().no_proxy().build().unwrap()
}

pub(super) fn org(slug: &str) -> OrgSlug {
    OrgSlug::parse(slug).unwrap()
}
