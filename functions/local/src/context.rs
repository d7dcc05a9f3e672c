//! What a command works with: the screen, the functions, and on whose behalf it speaks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use convergence::settings::{Settings, keyfile};

use crate::{
    args::Global,
    client::{Caller, Client, Embedded, Remote},
    credentials::{self, Credentials},
    failure::{Failure, Result},
    server_file::ServerFile,
    view::Screen,
};

/// What every command gets.
pub(crate) struct Context {
    pub(crate) screen: Screen,
    pub(crate) settings: Arc<Settings>,
    global: Global,
}

/// An organization and the key that opens it.
pub(crate) struct Organization {
    pub(crate) slug: String,
    pub(crate) caller: Caller,
}

impl Context {
    /// Reads the settings.
    pub(crate) fn new(global: Global, settings: Settings) -> Self {
        Self { screen: Screen::new(global.json), settings: Arc::new(settings), global }
    }

    /// The same, with a sandbox in the place of providers, unless one was set.
    pub(crate) fn with_sandbox(&self, url: &str) -> Self {
        let mut settings = Settings::clone(&self.settings);
        settings.sandbox.url.get_or_insert_with(|| url.to_owned());
        Self { screen: self.screen, settings: Arc::new(settings), global: self.global.clone() }
    }

    /// Where the embedded backends keep their files.
    pub(crate) fn data_dir(&self) -> &Path {
        &self.settings.environment.data_dir
    }

    /// The running server, if there is one.
    pub(crate) async fn server(&self) -> Option<Client> {
        let remote = Remote::find(ServerFile::read(self.data_dir())?).await?;
        Some(Client::new(Box::new(remote)))
    }

    /// The functions: of the running server where there is one, else in this process.
    pub(crate) async fn client(&self) -> Result<Client> {
        match self.server().await {
            Some(client) => Ok(client),
            None => Ok(Client::new(Box::new(Embedded::open(&self.settings)?))),
        }
    }

    /// The operator. Ask after [`Context::client`]: the first start makes the root key.
    pub(crate) fn root(&self) -> Result<Caller> {
        if let Some(key) = &self.settings.auth.root_key {
            return Ok(Caller::Root(key.expose().to_owned()));
        }
        let key = keyfile::read(&self.data_dir().join("root.key"));
        key.map(|key| Caller::Root(key.to_string())).map_err(|error| {
            let advice = "set CA_ROOT_API_KEY, or run where the server's data folder is";
            Failure::advice(format!("there is no root key: {error:#}"), advice)
        })
    }

    /// The organization that is meant, and its key.
    pub(crate) fn organization(&self) -> Result<Organization> {
        let kept = Credentials::read(&self.credentials_file()?)?;
        let Some(slug) = self.global.org.clone().or_else(|| kept.default_org.clone()) else {
            return Err(Failure::advice(
                "no organization is named, and none was onboarded from here",
                "convergence onboard ORG --company NAME --email ADDRESS, or name one with --org",
            ));
        };
        let Some(key) = self.global.api_key.as_deref().or_else(|| kept.key(&slug)) else {
            return Err(Failure::advice(
                format!("no API key of {slug} is kept on this machine"),
                "set CONVERGENCE_API_KEY",
            ));
        };
        let caller = Caller::Key(key.to_owned());
        Ok(Organization { slug, caller })
    }

    /// The organization that was named, if one was.
    pub(crate) fn named_org(&self) -> Option<&str> {
        self.global.org.as_deref()
    }

    /// Keeps the key of an organization, which becomes the one that is meant.
    pub(crate) fn keep_key(&self, org: &str, api_key: &str) -> Result<PathBuf> {
        let path = self.credentials_file()?;
        Credentials::keep(&path, org, api_key)?;
        Ok(path)
    }

    /// The kept key of an organization.
    pub(crate) fn kept_key(&self, org: &str) -> Result<Option<String>> {
        let kept = Credentials::read(&self.credentials_file()?)?;
        Ok(kept.key(org).map(str::to_owned))
    }

    fn credentials_file(&self) -> Result<PathBuf> {
        match &self.global.credentials {
            Some(path) => Ok(path.clone()),
            None => Ok(credentials::default_path()?),
        }
    }
}
