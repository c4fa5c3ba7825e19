//! Functions that templates call for data, hashes, chance, words of a language and addresses.
//! Expected values are what Zola's program writes for the same calls.

use crate::site::{CONFIG, Site};

const BIBLIOGRAPHY: &str = "@preamble{\"pre\" # \"amble\"}\n@comment{ A comment }\n@string(jan = \"January\")\n@article{key1,\n  Author = {A. {Bc} and D},\n  title = \"The {T}itle\",\n  month = jan,\n  note = \"Git: \" # jan,\n  year = 2020\n}\n@book{key2, title={B}}\n";

fn page(template: &str) -> Site {
    Site::of(&[
        (
            "zola.toml",
            &format!(
                "{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n[translations]\nhi = \"Hello\"\n[languages.fr]\ntaxonomies = [{{ name = \"tags\" }}]\n[languages.fr.translations]\nhi = \"Bonjour\"\n"
            ),
        ),
        ("templates/page.html", template),
        ("templates/index.html", ""),
        ("templates/taxonomy_list.html", ""),
        ("templates/taxonomy_single.html", ""),
        ("content/page.md", "+++\ntitle = \"P\"\n[taxonomies]\ntags = [\"a b\"]\n+++\n"),
        ("content/page.fr.md", "+++\ntitle = \"P\"\n+++\n"),
        (
            "data/a.toml",
            "title = \"x\"\ndate = 2024-01-02T03:04:05Z\nday = 2024-01-02\ntime = 03:04:05\nlocal = 2024-01-02T03:04:05\nn = 1\nf = 1.5\n[t]\na = [1, 2]\n[t.b]\nc = true\n",
        ),
        ("data/a.json", "{\"a\": 1, \"b\": [1.0, null, \"x\", true], \"c\": {\"d\": 1e3}}"),
        ("data/a.csv", "name,age\nAnn,3\n\"B, \"\"b\"\"\",\n"),
        ("data/a.bib", BIBLIOGRAPHY),
        ("data/a.yaml", "a: 1\nb: [x, 2.5, null, true]\nc:\n  d: 2024-01-02\n  e: \"s\"\n1: one\n"),
        (
            "data/a.xml",
            "<?xml version=\"1.0\"?>\n<root a=\"1\"><item id=\"x\">Text</item><item>2</item><empty/><mixed>a<b>c</b>d</mixed><n>007</n><bool>true</bool><f>1.50</f></root>\n",
        ),
        ("data/a.txt", "plain  text\nline\n"),
        ("data/a.foo", "weird"),
    ])
}

#[track_caller]
fn says(template: &str, wanted: &str) {
    let site = page(template);
    assert_eq!(site.codes(), [""; 0], "{template}: {:#?}", site.build.problems);
    assert_eq!(site.text("page/index.html"), wanted, "{template}");
}

#[track_caller]
fn fails(template: &str, wanted: &str) {
    let site = page(template);
    let found = site.build.problems.iter().any(|problem| problem.message.contains(wanted));
    assert!(found, "{template}: {:#?}", site.build.problems);
}

/// The value that a call of `load_data` gives, whatever the order of its keys.
#[track_caller]
fn loads(arguments: &str, wanted: &str) {
    let site = page(&format!("{{{{ load_data({arguments}) | json_encode | safe }}}}")).clean();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(json(site.text("page/index.html")), json(wanted), "{arguments}");
}

#[test]
fn load_data_reads_the_format_that_the_name_ends_in() {
    loads(
        "path='data/a.toml'",
        r#"{"time":"03:04:05","day":"2024-01-02","f":1.5,"title":"x","t":{"b":{"c":true},"a":[1,2]},"local":"2024-01-02T03:04:05","n":1,"date":"2024-01-02T03:04:05Z"}"#,
    );
    loads("path='data/a.json'", r#"{"a":1,"b":[1.0,null,"x",true],"c":{"d":1000.0}}"#);
    loads("path='data/a.csv'", r#"{"headers":["name","age"],"records":[["Ann","3"],["B, \"b\"",""]]}"#);
    loads("path='data/a.yaml'", r#"{"a":1,"b":["x",2.5,null,true],"c":{"d":"2024-01-02","e":"s"},"1":"one"}"#);
    loads(
        "path='data/a.xml'",
        r##"{"root":{"empty":{},"@a":1,"mixed":"a","n":7,"bool":true,"f":1.5,"item":[{"#text":"Text","@id":"x"},2]}}"##,
    );
    loads("path='data/a.txt'", r#""plain  text\nline\n""#);
    loads("path='data/a.foo'", r#""weird""#);
    // A bibliography is one only when the template says so.
    loads("path='data/a.bib'", &serde_json::to_string(BIBLIOGRAPHY).unwrap());
    loads("path='/data/a.foo'", r#""weird""#);
    loads("path='data/a.foo', format='plain'", r#""weird""#);
}

#[test]
fn load_data_reads_the_format_that_is_said() {
    loads(
        "path='data/a.bib', format='bibtex'",
        r#"{"preambles":["preamble"],"variables":{"jan":"January"},"comments":["A comment"],"bibliographies":[{"tags":{"title":"The {T}itle","month":"January","year":"2020","author":"A. {Bc} and D","note":"Git: January"},"entry_type":"article","citation_key":"key1"},{"tags":{"title":"B"},"citation_key":"key2","entry_type":"book"}]}"#,
    );
    loads(
        "path='data/a.json', format='plain'",
        r#""{\"a\": 1, \"b\": [1.0, null, \"x\", true], \"c\": {\"d\": 1e3}}""#,
    );
    fails("{{ load_data(path='data/a.json', format='toml') }}", "`data/a.json` is not valid toml");
    fails(
        "{{ load_data(path='data/a.json', format='jsn') }}",
        "`load_data` knows no format `jsn`; did you mean `json`?",
    );
}

#[test]
fn load_data_reads_a_literal() {
    loads("literal='a = 1', format='toml'", r#"{"a":1}"#);
    loads("literal='a = 1'", r#""a = 1""#);
    loads("literal='', format='csv'", r#"{"headers":[],"records":[]}"#);
    loads("literal='[1, 2]', format='json'", "[1,2]");
    loads("literal='- 1\n- {a: b}', format='yaml'", r#"[1,{"a":"b"}]"#);
    loads("literal='a: ~\nb: !!str 1\nc: 0x10\n', format='yml'", r#"{"a":null,"b":"1","c":16}"#);
    loads(
        "literal=\"<a><b/><b>1</b><c x='1' y='z'>t<d>u</d>v</c></a>\", format='xml'",
        r##"{"a":{"b":[{},1],"c":{"#text":"t","@y":"z","@x":1}}}"##,
    );
    loads("literal='<a>  </a>', format='xml'", r#"{"a":{}}"#);
    fails("{{ load_data(literal='a,b\n1,2,3', format='csv') }}", "`literal` is not valid csv");
}

#[test]
fn load_data_may_find_nothing() {
    says("{{ load_data(path='data/none.toml', required=false) is none }}", "true");
    fails("{{ load_data(path='data/none.toml') }}", "cannot find file `data/none.toml`");
    fails("{{ load_data() }}", "`load_data` needs `path`, `url` or `literal`");
    fails("{{ load_data(url='https://example.com/a.json') }}", "`https://example.com/a.json` is not fetched");
}

#[test]
fn get_hash() {
    says(
        "{{ get_hash(literal='hello') }} {{ get_hash(literal='hello', sha_type=256, base64=false) }}",
        "WeF0h3dEjGnea4ANejO7+5/xtGPkQ1TDVTvNucZm+pASWjx5+QOXvfX2oT3oKGhP 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    );
    says(
        "{{ get_hash(path='data/a.txt', sha_type=512) }}",
        "MiDzQqZCZb/T3oR1gwMklaBeYi/gKRJMYbgMKtzZ1zFXvCodt07T5GdjSoM/omSvMRT4/4GjMgHDGve8cOKbsQ==",
    );
    says(
        "{{ get_hash(path='data/a.txt', sha_type=256, base64=false) }}",
        "a033b85908c5bae26a0aca085573bfda6f0736ed1295fb83bb09daefbdbcd580",
    );
    fails("{{ get_hash(literal='x', sha_type=1) }}", "`sha_type` must be 256, 384 or 512, not 1");
    fails("{{ get_hash() }}", "`get_hash` needs `path` or `literal`");
    fails("{{ get_hash(path='data/none') }}", "cannot find file `data/none`");
}

#[test]
fn get_random() {
    // With a seed it is Zola's own number.
    says(
        "{{ get_random(start=1, end=100, seed='x') }} {{ get_random(start=1, end=100, seed=42) }} {{ get_random(start=-5, end=5, seed='page') }}",
        "67 90 0",
    );
    fails("{{ get_random(start=1, end=1) }}", "must be less than");
    let numbers = "{% for i in range(end=20) %}{{ get_random(start=0, end=1000) }} {% endfor %}";
    let (one, two) = (page(numbers).clean(), page(numbers).clean());
    assert_eq!(one.text("page/index.html"), two.text("page/index.html"), "a page is the same each time");
    let drawn: std::collections::BTreeSet<&str> = one.text("page/index.html").split_whitespace().collect();
    assert!(drawn.len() > 10, "{drawn:?}");
    assert!(drawn.iter().all(|number| (0..1000).contains(&number.parse::<i64>().unwrap())));
    assert_ne!(one.text("page/index.html"), one.text("fr/page/index.html"), "each page has its own");
}

#[test]
fn trans() {
    says("{{ trans(key='hi') }} {{ trans(key='hi', lang='fr') }}", "Hello Bonjour");
    let site = page("{{ trans(key='hi') }} {{ trans(key='hi', lang='en') }}");
    assert_eq!(site.text("fr/page/index.html"), "Bonjour Hello");
    fails("{{ trans(key='nope') }}", "has no translation `nope`");
}

#[test]
fn get_taxonomy_url() {
    says(
        "{{ get_taxonomy_url(kind='tags', term='a b', lang='en') }} {{ get_taxonomy_url(kind='tags', name='a b', lang='en') }}",
        "https://example.org/tags/a-b/ https://example.org/tags/a-b/",
    );
    says("{{ get_taxonomy_url(kind='tags', term='zz', required=false) }}", "");
    fails("{{ get_taxonomy_url(kind='tags', term='zz') }}", "cannot find `zz` in taxonomy `tags`");
}

#[test]
fn text_direction() {
    says("{{ text_direction() }} {{ text_direction(lang='ar') }}", "ltr rtl");
    // A script that is named goes before that of the language.
    says(
        "{{ text_direction(lang='az-Arab') }} {{ text_direction(lang='ar-Latn') }} {{ text_direction(lang='fa-IR') }}",
        "rtl ltr rtl",
    );
}

#[test]
fn now() {
    let site = page("{{ now() }} {{ now(timestamp=true) }} {{ now(utc=true) }}").clean();
    assert_eq!(site.text("page/index.html"), "1970-01-01T00:00:00Z 0 1970-01-01T00:00:00Z", "the day is an input");
}

#[test]
fn range_and_throw() {
    says("{{ range(end=3) }} {{ range(start=1, end=6, step_by=2) }}", "[0, 1, 2] [1, 3, 5]");
    fails("{{ range(start=5, end=1) }}", "`range` needs");
    fails("{{ range(end=5, step_by=0) }}", "`range` needs");
    fails("{{ throw(message='stop') }}", "stop");
}
