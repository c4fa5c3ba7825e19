//! The requests of Netlify's API that a publish is made of.
//! The token goes into one header and nowhere else.

use std::collections::BTreeMap;

use galley_engine::SitePath;
use serde_json::Value;

use super::seen;
use crate::config::NetlifyHost;
use crate::error::{ErrorKind, PublishError, Result};
use crate::http::{Ask, Client, Got, Payload, escaped};
use crate::plan::Seen;

/// Netlify, for one site.
pub(super) struct Api {
    pub base: String,
    pub client: Client,
    site: String,
    token: String,
}

impl Api {
    pub fn new(settings: &NetlifyHost, token: &str) -> Result<Self> {
        let site = settings.site.trim().trim_start_matches("https://").trim_end_matches('/');
        Ok(Self {
            base: settings.api.clone(),
            client: Client::new("Netlify", None)?,
            site: escaped(site),
            token: format!("Bearer {}", token.trim()),
        })
    }

    async fn ask(&self, ask: Ask) -> Result<Value> {
        let what = format!("{} {}", ask.method, ask.url.strip_prefix(&self.base).unwrap_or_default());
        let got = self.client.ask(ask.header("authorization", &self.token)).await?;
        if got.is_fine() { Ok(got.json()) } else { Err(self.refused(&what, &got)) }
    }

    fn refused(&self, what: &str, got: &Got) -> Box<PublishError> {
        let said = got.json()["message"].as_str().map_or(String::new(), |said| format!(": {said}"));
        match got.status {
            401 => PublishError::new(
                ErrorKind::WrongSecret,
                "Netlify refuses the access token: it is wrong, has expired or was revoked.",
                "Make a new token at Netlify, and enter it.",
            ),
            403 => PublishError::new(
                ErrorKind::Denied,
                format!("Netlify does not permit this with the access token{said}."),
                "Use a token of somebody who may publish the site.",
            ),
            404 => PublishError::new(
                ErrorKind::Config,
                format!("Netlify knows no site `{}` that this token may see.", self.site),
                "Check the site's name or id; it is under Site configuration at Netlify.",
            ),
            status => PublishError::new(
                ErrorKind::Host,
                format!("Netlify answers {status} to `{what}`{said}."),
                "Publish again; if it happens again, look at Netlify's status page.",
            ),
        }
    }

    pub async fn site(&self) -> Result<Value> {
        self.ask(Ask::new("GET", format!("{}/sites/{}", self.base, self.site))).await
    }

    pub async fn files(&self) -> Result<BTreeMap<SitePath, Seen>> {
        let files = self.ask(Ask::new("GET", format!("{}/sites/{}/files", self.base, self.site))).await?;
        Ok(files.as_array().into_iter().flatten().filter_map(seen).collect())
    }

    pub async fn deploys(&self, most: usize) -> Result<Vec<Value>> {
        let url = format!("{}/sites/{}/deploys?per_page={most}", self.base, self.site);
        let deploys = self.ask(Ask::new("GET", url)).await?;
        Ok(deploys.as_array().cloned().unwrap_or_default())
    }

    pub async fn deploy(&self, id: &str) -> Result<Value> {
        self.ask(Ask::new("GET", format!("{}/deploys/{}", self.base, escaped(id)))).await
    }

    pub async fn create(&self, title: &str, body: &Value) -> Result<Value> {
        let url = format!("{}/sites/{}/deploys?title={}", self.base, self.site, escaped(title));
        self.ask(Ask::new("POST", url).json(body)).await
    }

    pub async fn upload(&self, deploy: &str, path: &str, payload: Payload) -> Result<()> {
        let url = format!("{}/deploys/{}/files/{}", self.base, escaped(deploy), escaped(path));
        let ask = Ask::new("PUT", url).header("content-type", "application/octet-stream").send(payload);
        self.ask(ask).await.map(drop)
    }

    /// Makes a deploy live; asking twice does no more than asking once.
    pub async fn restore(&self, deploy: &str) -> Result<()> {
        let url = format!("{}/sites/{}/deploys/{}/restore", self.base, self.site, escaped(deploy));
        self.ask(Ask::new("POST", url).safe()).await.map(drop)
    }

    pub async fn forget(&self, deploy: &str) -> Result<()> {
        self.ask(Ask::new("DELETE", format!("{}/deploys/{}", self.base, escaped(deploy)))).await.map(drop)
    }
}

/// A text of an object; empty where it has none.
pub(super) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
