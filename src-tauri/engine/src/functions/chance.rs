//! `get_random` and `shuffle`: chance that is the same each time.
//! With a seed they give what Zola gives; without one the seed is the page, what is asked for, and
//! how many times the page has asked, so that a page is the same however often it is built.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::sync::Arc;

use tera::value::{Key, Map};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::trace;

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_random", get_random);
    tera.register_filter("shuffle", shuffle);
}

fn get_random(kwargs: Kwargs, state: &State) -> TeraResult<i64> {
    let what = format!("{:?} {:?}", kwargs.get::<i64>("start")?, kwargs.get::<i64>("end")?);
    tera_contrib::rand::get_random(seeded(&kwargs, state, &what)?, state)
}

fn shuffle(list: Vec<Value>, kwargs: Kwargs, state: &State) -> TeraResult<Vec<Value>> {
    let what = format!("{} elements", list.len());
    let kwargs = seeded(&kwargs, state, &what)?;
    tera_contrib::rand::shuffle(list, kwargs, state)
}

/// The arguments, with a seed.
fn seeded(kwargs: &Kwargs, state: &State, what: &str) -> TeraResult<Kwargs> {
    let mut map: Map = kwargs.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let given = kwargs.get::<Value>("seed")?.filter(|seed| !seed.is_none());
    if given.is_none() {
        let page = state.get::<String>("current_path")?.unwrap_or_default();
        let seed = format!("{page} {what} {}", trace::draw());
        map.insert(Key::Str("seed"), Value::from(seed));
    }
    Ok(Kwargs::new(Arc::new(map)))
}
