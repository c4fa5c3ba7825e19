//! `load_data(url=…)`: the arguments as a question to another site.
//! It sends nothing itself, and says what to do where nothing may be fetched.

use std::sync::Arc;

use tera::{Error, Kwargs, TeraResult};

use crate::functions::{Here, required};
use crate::remote::Fetch;
use crate::trace::Ask;

/// The text that is found there; none where it is not there and need not be.
pub(super) fn text(here: &Here, kwargs: &Kwargs, url: &str) -> TeraResult<Option<Arc<str>>> {
    let fetch = Arc::new(question(kwargs, url)?);
    here.ask(Ask::Fetched(Arc::clone(&fetch)));
    match here.world.fetched(&fetch) {
        None => Err(Error::message(format!(
            "`{url}` is not fetched: templates load data from other sites only where you allow it, with `galley build --fetch`; \
             or save the data as a file of the site and use `path`"
        ))),
        Some(Err(why)) if required(kwargs)? => Err(Error::message(format!("cannot fetch `{url}`: {why}"))),
        Some(answer) => Ok(answer.ok()),
    }
}

fn question(kwargs: &Kwargs, url: &str) -> TeraResult<Fetch> {
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        return Err(Error::message(format!("`{url}` is no address of another site: it begins with `https://`")));
    }
    let method = kwargs.get::<String>("method")?.unwrap_or_else(|| "GET".into());
    let post = match method.to_ascii_uppercase().as_str() {
        "GET" => false,
        "POST" => true,
        _ => {
            return Err(Error::message(format!(
                "`load_data` has no `method` called `{method}`: it is `GET` or `POST`"
            )));
        }
    };
    let headers: Vec<String> = kwargs.get("headers")?.unwrap_or_default();
    Ok(Fetch {
        url: url.split('#').next().unwrap_or(url).to_owned(),
        post,
        body: kwargs.get::<String>("body")?.filter(|_| post),
        content_type: kwargs.get::<String>("content_type")?.filter(|_| post),
        headers: headers.iter().map(|header| pair(header)).collect::<TeraResult<_>>()?,
    })
}

/// `accept=text/html` as a name and a value.
fn pair(header: &str) -> TeraResult<(String, String)> {
    let (name, value) = header
        .split_once('=')
        .ok_or_else(|| Error::message(format!("`{header}` is no header: write it as `name=value`")))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
