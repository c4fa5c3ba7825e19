//! Spelling by the language of a page, and the writer's own words, which outlive the session.

use crate::desk::{CONFIG, Desk, write};
use galley_session::ipc::{Command, Reply};

/// A desk whose machine has a German, a French and an English dictionary of a few words.
fn desk(files: &[(&str, &str)]) -> Desk {
    let desk = Desk::with(files);
    let folder = desk.home.path().join("hunspell");
    for (name, words) in [("de_DE", "Papier\nMühle\n"), ("fr", "papier\nmoulin\n"), ("en_US", "paper\nreceive\n")] {
        write(&folder, &format!("{name}.aff"), "SET UTF-8\nTRY abcdefghijklmnopqrstuvwxyz\n");
        write(&folder, &format!("{name}.dic"), &format!("2\n{words}"));
    }
    desk
}

/// Language, dictionary and what is misspelt.
async fn spell(desk: &Desk, path: &str, words: &[&str]) -> (String, Option<String>, Vec<String>) {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    match desk.call(Command::Spell { path: path.into(), words }).await {
        Ok(Reply::Spelt { language, dictionary, misspelt }) => (language, dictionary, misspelt),
        other => panic!("{other:?}"),
    }
}

async fn words(desk: &Desk, command: Command) -> Vec<String> {
    match desk.call(command).await {
        Ok(Reply::Words { words }) => words,
        other => panic!("{other:?}"),
    }
}

fn learn(word: &str) -> Command {
    Command::LearnWord { word: word.into() }
}

#[tokio::test]
async fn a_page_is_spelt_in_its_own_language() {
    let config = format!("default_language = \"en\"\n{CONFIG}[languages.fr]\n");
    let desk = desk(&[
        ("zola.toml", &config),
        ("content/one.md", "+++\n+++\npaper\n"),
        ("content/one.fr.md", "+++\n+++\npapier\n"),
        ("content/two.md", "---\nlang: de\n---\nPapier\n"),
        ("content/three.md", "---\nlang: eo\n---\npapero\n"),
    ]);
    desk.open().await;
    let asked = ["paper", "papier", "Papier"];
    let said = |language: &str, dictionary: &str, wrong: &[&str]| {
        let wrong = wrong.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        (language.to_owned(), Some(dictionary.to_owned()), wrong)
    };
    assert_eq!(spell(&desk, "content/one.md", &asked).await, said("en", "en_US", &["papier", "Papier"]));
    assert_eq!(spell(&desk, "content/one.fr.md", &asked).await, said("fr", "fr", &["paper"]));
    assert_eq!(spell(&desk, "content/two.md", &asked).await, said("de", "de_DE", &["paper", "papier"]));
    assert_eq!(spell(&desk, "content/three.md", &asked).await, ("eo".into(), None, vec![]));

    desk.page("content/one.md").await;
    desk.edit("content/one.md", 0, 4, 4, "lang = \"de\"\n").await;
    assert_eq!(spell(&desk, "content/one.md", &asked).await.0, "de", "as it is typed");
}

#[tokio::test]
async fn notes_that_say_no_language_are_spelt_in_the_systems() {
    let desk = desk(&[("note.md", "Papier\n")]);
    desk.open().await;
    let (language, dictionary, misspelt) = spell(&desk, "note.md", &["Papier", "paper"]).await;
    assert_eq!((language.as_str(), dictionary.as_deref()), ("de-AT", Some("de_DE")));
    assert_eq!(misspelt, ["paper"]);
}

#[tokio::test]
async fn the_writers_own_words_are_kept_in_a_file_that_can_be_edited() {
    let desk = desk(&[("zola.toml", CONFIG), ("content/one.md", "+++\n+++\n")]);
    desk.open().await;
    assert_eq!(words(&desk, Command::OwnWords).await, [""; 0]);
    assert_eq!(words(&desk, learn("quern")).await, ["quern"]);
    assert_eq!(words(&desk, learn(" quern ")).await, ["quern"], "once");
    assert_eq!(words(&desk, learn("gampi")).await, ["quern", "gampi"]);
    assert_eq!(spell(&desk, "content/one.md", &["quern", "qern"]).await.2, ["qern"]);
    for none in ["", "two words", "#note"] {
        desk.call(learn(none)).await.expect_err(none);
    }

    let file = desk.home.path().join("data/dictionary.txt");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "quern\ngampi\n");
    std::fs::write(&file, "# from the mill\nquern\ngampi\nkozo\n").expect("written by hand");
    let desk = desk.again();
    desk.open().await;
    assert_eq!(spell(&desk, "content/one.md", &["Kozo", "gampi"]).await.2, [""; 0]);
    assert_eq!(words(&desk, Command::ForgetWord { word: "gampi".into() }).await, ["quern", "kozo"]);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "# from the mill\nquern\nkozo\n");
    assert_eq!(spell(&desk, "content/one.md", &["gampi"]).await.2, ["gampi"]);
}

#[tokio::test]
async fn what_was_meant_is_suggested() {
    let desk = desk(&[("zola.toml", CONFIG), ("content/one.md", "+++\n+++\n")]);
    desk.open().await;
    let suggest = Command::Suggest { path: "content/one.md".into(), word: "recieve".into() };
    assert_eq!(words(&desk, suggest).await, ["receive"]);
}
