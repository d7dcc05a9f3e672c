//! The registry of providers: `configs/system/providers.yml`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Check, Field, Fields, Outcome, Question, Reach};
use crate::{Error, configs::Configs, error::Detail, org::OrgSlug};

/// Where the registry stands among the configs.
pub const PROVIDERS: &str = "system/providers.yml";

/// Folders of configs that are no providers.
const RESERVED: [&str; 4] = ["demo", "prices", "setup", "system"];

/// Something that can be connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name in paths.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it brings in.
    pub description: String,
    /// What parts of it have pipelines.
    pub domains: Vec<String>,
    /// The pipelines that read from it.
    pub pipelines: Vec<String>,
    /// How a connection is proved.
    pub check: Check,
    /// What a connection takes.
    pub fields: Vec<Field>,
}

/// Every provider that can be connected.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    list: Vec<Provider>,
    reach: Reach,
}

impl Providers {
    /// Reads the registry.
    ///
    /// # Errors
    ///
    /// Every mistake in it, each with where it stands.
    pub fn read(configs: &Configs) -> Result<Self, Vec<String>> {
        let text = configs.get(PROVIDERS).unwrap_or_default();
        let providers: Vec<Provider> =
            serde_saphyr::from_str(text).map_err(|error| vec![format!("{PROVIDERS}: {error}")])?;
        let mistakes = mistakes(&providers, configs);
        if mistakes.is_empty() {
            Ok(Self { list: providers, reach: Reach::default() })
        } else {
            Err(mistakes)
        }
    }

    /// The same, reached by other means than the usual.
    #[must_use]
    pub fn reached_by(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// What they are reached with.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// All of them, as they stand in the file.
    #[must_use]
    pub fn all(&self) -> &[Provider] {
        &self.list
    }

    /// Asks a provider whether it accepts a credential whose fields have the right forms.
    pub async fn prove(&self, provider: &Provider, org: &OrgSlug, fields: &Fields) -> Outcome {
        let Provider { id, check, .. } = provider;
        check.run(&Question { org, provider: id, fields, reach: &self.reach }).await
    }

    /// A provider of this id.
    ///
    /// # Errors
    ///
    /// 404, which says what there is.
    pub fn find(&self, id: &str) -> crate::Result<&Provider> {
        self.get(id).ok_or_else(|| {
            let known: Vec<_> = self.all().iter().map(|it| it.id.as_str()).collect();
            let known = known.join(", ");
            Error::NotFound(format!("there is no provider `{id}`; there are: {known}"))
        })
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.list.iter().find(|provider| provider.id == id)
    }
}

impl Provider {
    /// Every mistake in the form of a connection's fields. Texts of secrets are never repeated.
    #[must_use]
    pub fn mistakes(&self, given: &Fields) -> Vec<Detail> {
        let known = |name: &str| self.fields.iter().any(|field| field.name == name);
        let unknown = given.names().filter(|name| !known(name)).map(|name| {
            let names: Vec<_> = self.fields.iter().map(|field| field.name.as_str()).collect();
            (name.to_owned(), format!("{} takes {}", self.name, names.join(", ")))
        });
        let wrong = self.fields.iter().filter_map(|field| {
            let message = match given.get(&field.name) {
                Some(text) => field.form.mistake(text)?,
                None if field.required => format!("{} is needed: {}", field.name, field.example),
                None => return None,
            };
            Some((field.name.clone(), message))
        });
        let detail = |(name, message)| Detail { field: format!("credential.{name}"), message };
        unknown.chain(wrong).map(detail).collect()
    }
}

/// What [`is_source_name`] asks for, as a sentence.
pub const SOURCE_NAME: &str =
    "a source's name is 1 to 40 of a-z, 0-9, `_` and `-`, and begins with a letter or digit";

/// Whether a text can name a source.
#[must_use]
pub fn is_source_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let allowed = |c: char| plain(c) || c == '_' || c == '-';
    (1..=40).contains(&text.len()) && text.starts_with(plain) && text.chars().all(allowed)
}

fn mistakes(providers: &[Provider], configs: &Configs) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for provider in providers {
        let mut say =
            |message: String| found.push(format!("{PROVIDERS}: {}: {message}", provider.id));
        if !is_provider_id(&provider.id) {
            say("an id is lowercase letters, digits and _, and no folder of configs".to_owned());
        }
        if !seen.insert(&provider.id) {
            say("this id stands here twice".to_owned());
        }
        if provider.pipelines.is_empty() {
            say("a provider is listed when a pipeline reads from it".to_owned());
        }
        provider
            .pipelines
            .iter()
            .filter_map(|name| pipeline_mistake(provider, name, configs))
            .for_each(&mut say);
        provider.fields.iter().filter_map(field_mistake).for_each(&mut say);
    }
    found
}

fn is_provider_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.chars().all(allowed) && !RESERVED.contains(&text)
}

fn pipeline_mistake(provider: &Provider, pipeline: &str, configs: &Configs) -> Option<String> {
    // A pipeline that stands in the provider's folder itself is of the empty domain.
    let below = pipeline.strip_prefix(&format!("{}/", provider.id));
    match below.map(|rest| rest.rsplit_once('/').unwrap_or(("", rest))) {
        _ if configs.get(&format!("{pipeline}.yml")).is_none() => {
            Some(format!("there is no pipeline {pipeline}"))
        }
        Some((domain, _)) if provider.domains.iter().any(|known| known == domain) => None,
        Some((domain, _)) => {
            Some(format!("{pipeline} is of the domain {domain}, which is not listed"))
        }
        None => Some(format!("{pipeline} is not below configs/{}/", provider.id)),
    }
}

fn field_mistake(field: &Field) -> Option<String> {
    let wrong = field.form.mistake(&field.example)?;
    Some(format!("the example of {}: {wrong}", field.name))
}
