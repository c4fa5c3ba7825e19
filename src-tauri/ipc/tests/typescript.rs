//! Keeps `ui/src/ipc/types.ts` the twin of this crate's types, all of them in one file.
//! It writes that file only when asked to with `GALLEY_REFRESH=1`.

use std::collections::BTreeMap;
use std::path::Path;

use galley_ipc::{Command, Event, Failure, Reply};
use ts_rs::{Config, TS, TypeVisitor};

struct Gather {
    config: Config,
    types: BTreeMap<String, String>,
}

impl TypeVisitor for Gather {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types without a file of their own are TypeScript's own (`string`, `Array`, …).
        if T::output_path().is_some() && !self.types.contains_key(&T::ident(&self.config)) {
            let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&self.config));
            self.types.insert(T::ident(&self.config), text);
        }
        if T::output_path().is_some() || T::name(&self.config).contains('<') {
            T::visit_generics(self);
        }
        T::visit_dependencies(&mut Once(self));
    }
}

/// Visits a type's parts unless the type is known already, so that the walk ends.
struct Once<'a>(&'a mut Gather);

impl TypeVisitor for Once<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.0.types.contains_key(&T::ident(&self.0.config)) {
            self.0.visit::<T>();
        }
    }
}

fn typescript() -> String {
    let mut gather = Gather { config: Config::new().with_large_int("number"), types: BTreeMap::new() };
    gather.visit::<Command>();
    gather.visit::<Reply>();
    gather.visit::<Failure>();
    gather.visit::<Event>();
    let mut text = String::from(
        "// The wire between the session and the window, made from src-tauri/ipc. Not edited by hand:\n\
         // GALLEY_REFRESH=1 cargo test -p galley-ipc\n",
    );
    for one in gather.types.values() {
        text.push('\n');
        text.push_str(one);
    }
    text
}

#[test]
fn the_committed_types_are_these_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc/types.ts");
    let made = typescript();
    if std::env::var_os("GALLEY_REFRESH").is_some() {
        std::fs::write(&file, &made).expect("write types.ts");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == made,
        "ui/src/ipc/types.ts differs from src-tauri/ipc; refresh it with: GALLEY_REFRESH=1 cargo test -p galley-ipc"
    );
}

#[test]
fn every_type_of_the_wire_is_there() {
    let made = typescript();
    for name in [
        "Command",
        "Reply",
        "Event",
        "Failure",
        "SiteView",
        "PreviewBlock",
        "PlanItem",
        "TestStep",
        "Severity",
        "Match",
    ] {
        assert!(made.contains(&format!("export type {name} = ")), "{name} is missing");
    }
}
