//! Filters and tests: Zola's own, those of tera-contrib and those of Tera, with their arguments.
//! Expected values are what Zola's program writes for the same expressions.

use crate::site::{CONFIG, Site};

/// What an expression writes on a page.
#[track_caller]
fn says(expression: &str, wanted: &str) {
    let site = page(expression);
    assert_eq!(site.codes(), [""; 0], "{expression}: {:#?}", site.build.problems);
    assert_eq!(site.text("page/index.html"), wanted, "{expression}");
}

/// What is wrong with an expression.
#[track_caller]
fn fails(expression: &str, wanted: &str) {
    let site = page(expression);
    let found = site.build.problems.iter().any(|problem| problem.message.contains(wanted));
    assert!(found, "{expression}: {:#?}", site.build.problems);
}

fn page(expression: &str) -> Site {
    Site::of(&[
        ("zola.toml", &format!("{CONFIG}[markdown]\ninsert_anchor_links = \"left\"\n")),
        ("templates/page.html", expression),
        ("templates/index.html", ""),
        ("content/page.md", "+++\ntitle = \"P\"\n+++\n"),
    ])
}

#[test]
fn markdown() {
    says(
        "{{ 'a **b** [l](@/page.md)' | markdown | safe }}",
        "<p>a <strong>b</strong> <a href=\"https://example.org/page/\">l</a></p>\n",
    );
    says("{{ 'a **b**' | markdown(inline=true) | safe }}", "a <strong>b</strong>");
    says("{{ '# H\n\npara\n\nsecond' | markdown(inline=true) | safe }}", "<h1 id=\"h\">H</h1>\n<p>para</p>\n<p>second");
    says("{{ 'x' | markdown }}", "&lt;p&gt;x&lt;/p&gt;\n");
}

#[test]
fn num_format() {
    for (locale, wanted) in [
        ("fr", "1\u{202f}234\u{202f}567"),
        ("de", "1.234.567"),
        ("hi", "12,34,567"),
        ("en-IN", "12,34,567"),
        ("es", "1.234.567"),
        ("de-CH", "1’234’567"),
        ("bg", "1\u{a0}234\u{a0}567"),
    ] {
        says(&format!("{{{{ 1234567 | num_format(locale='{locale}') }}}}"), wanted);
    }
    says(
        "{{ 1234567 | num_format }} {{ -1234 | num_format }} {{ 1234567.0 | num_format }}",
        "1,234,567 -1,234 1,234,567",
    );
    fails("{{ 1 | num_format(locale='pt-BR') }}", "`num_format` knows no locale `pt-BR`; did you mean `pt`?");
    fails("{{ 1.5 | num_format }}", "expected `i128`");
}

#[test]
fn base64() {
    says("{{ 'a.b' | base64_encode }} {{ 'YS5i' | base64_decode }}", "YS5i a.b");
    says("{{ 'a>>?' | base64_encode(url_safe=true) }} {{ 'a' | base64_encode(padded=false) }}", "YT4-Pw== YQ");
    says("{{ 'YT4-Pw==' | base64_decode(url_safe=true) | safe }} {{ 'YQ' | base64_decode(padded=false) }}", "a>>? a");
}

#[test]
fn regex_replace_and_matching() {
    says("{{ 'World Hello' | regex_replace(pattern='([a-zA-Z]+) ([a-zA-Z]+)', rep='$2 $1') }}", "Hello World");
    says("{{ 'abc' is matching(pat='^a.c$') }} {{ 'abd' is matching(pat='^a.c$') }}", "true false");
    fails("{{ 'a' is matching(pat='[') }}", "nvalid regex");
}

#[test]
fn striptags_and_spaceless() {
    says("{{ '<b>x</b> y' | striptags }}", "x y");
    says("{{ '<p> <b>x</b> </p>' | spaceless | safe }}", "<p><b>x</b></p>");
}

#[test]
fn urlencode() {
    says("{{ 'a b/c?d=é' | urlencode }}", "a%20b/c%3Fd%3D%C3%A9");
    says("{{ 'a b/c' | urlencode_strict }}", "a%20b%2Fc");
}

#[test]
fn json_encode() {
    says("{{ {'a': 1} | json_encode | safe }}", "{\"a\":1}");
    says("{{ {'a': 1} | json_encode(pretty=true) | safe }}", "{\n  \"a\": 1\n}");
}

#[test]
fn filesizeformat() {
    says(
        "{{ 1500 | filesizeformat }} {{ 1500 | filesizeformat(binary=true) }} {{ 1500 | filesizeformat(binary=false) }} {{ 0 | filesizeformat }}",
        "1.46 KiB 1.46 KiB 1.50 kB 0 B",
    );
}

#[test]
fn format() {
    says(
        "{{ 5 | format(spec='04') }} {{ 3.14159 | format(spec='.2') }} {{ 'a' | format(spec='>3') }} {{ 5 | format(spec='+') }}",
        "0005 3.14   a +5",
    );
}

#[test]
fn slugify() {
    says("{{ 'Héllo Wörld' | slugify }}", "hello-world");
}

#[test]
fn date() {
    says("{{ '2024-03-05' | date }} {{ 1700000000 | date }}", "2024-03-05 2023-11-14");
    says(
        "{{ '2024-03-05' | date(format='%d %B %Y') }} {{ '2024-03-05' | date(format='%A %e %b %Y') }}",
        "05 March 2024 Tuesday  5 Mar 2024",
    );
    says("{{ '2024-03-05T10:00:00+02:00' | date(format='%H:%M %z') }}", "10:00 +0200");
    says("{{ '2024-03-05T12:00:00Z' | date(format='%H:%M', timezone='Europe/Paris') }}", "13:00");
    // The locale's patterns are those of Unicode's UTS 35; the values are its documentation's.
    says("{{ '2026-08-24' | date(format='d MMMM y', locale='fr') }}", "24 août 2026");
    says("{{ '2026-08-24' | date(format='EEEE d MMMM y', locale='fr_FR') }}", "lundi 24 août 2026");
    says("{{ '2026-08-24' | date(format='y年M月d日', locale='ja') }}", "2026年8月24日");
    fails("{{ '2026-08-24' | date(format='%s', locale='fr') }}", "UTS-35");
    fails("{{ 'nodate' | date }}", "cannot be read as a date");
    fails("{{ '2024-03-05' | date(timezone='Nowhere') }}", "there is no time zone `Nowhere`");
    fails("{{ '2024-03-05' | date(timezone='Europe/Pari') }}", "did you mean `Europe/Paris`?");
    // Summer time, a date that names its own zone, and a name of the zone in a pattern.
    says("{{ '2024-07-05T12:00:00Z' | date(format='%H:%M %Z', timezone='Europe/Paris') }}", "14:00 CEST");
    says("{{ '2024-07-05T12:00:00[Asia/Tokyo]' | date(format='%H:%M', timezone='UTC') }}", "03:00");
    says("{{ '2024-07-05' | date(format='%F %T %:z', timezone='America/New_York') }}", "2024-07-05 00:00:00 -04:00");
    says("{{ 1720180800 | date(format='%H:%M', timezone='Asia/Kolkata') }}", "17:30");
    says(
        "{{ '2024-07-05T22:30:00Z' | date(format='d. MMMM, HH:mm', locale='de', timezone='Europe/Berlin') }}",
        "6. Juli, 00:30",
    );
}

#[test]
fn before_and_after() {
    says(
        "{{ '2024-01-01' is before(other='2024-01-02') }} {{ '2024-01-02' is before(other='2024-01-02') }}",
        "true false",
    );
    says("{{ '2024-01-02' is before(other='2024-01-02', inclusive=true) }}", "true");
    says(
        "{{ '2024-01-02' is after(other='2024-01-02') }} {{ '2024-01-03' is after(other='2024-01-02') }}",
        "false true",
    );
    says("{{ '2024-01-02' is after(other='2024-01-02', inclusive=true) }}", "true");
}

#[test]
fn shuffle() {
    // The seed's order is Zola's own.
    says(
        "{{ [1,2,3,4,5,6,7] | shuffle(seed='x') | json_encode }} {{ range(end=5) | shuffle(seed=1) | json_encode }} {{ [] | shuffle }}",
        "[4,5,7,1,2,6,3] [0,2,3,1,4] []",
    );
    let lists = "{{ range(end=30) | shuffle | json_encode }}\n{{ range(end=30) | shuffle | json_encode }}";
    let (one, two) = (page(lists).clean(), page(lists).clean());
    assert_eq!(one.text("page/index.html"), two.text("page/index.html"), "a page is the same each time");
    let (a, b) = one.text("page/index.html").split_once('\n').unwrap();
    assert_ne!(a, b, "and yet each list has an order of its own");
    let mut numbers: Vec<i64> = serde_json::from_str(a).unwrap();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..30).collect::<Vec<_>>());
}

#[test]
fn letters_and_words() {
    says(
        "{{ 'aé' | upper }} {{ 'AÉ' | lower }} {{ 'aBC dEF' | capitalize }} {{ 'a bC d' | title }}",
        "AÉ aé Abc def A Bc D",
    );
    says("{{ 'a b  c' | wordcount }} {{ 'abc' | length }} {{ 'abc' | reverse }}", "3 3 cba");
    says(
        "{{ 'abcdef' | truncate(length=3) }} {{ 'abcdef' | truncate(length=3, end='!') }} {{ 'abc' | truncate(length=5) }}",
        "abc… abc! abc",
    );
    says("{{ 'abc' | replace(from='b', to='x') }} {{ 'a,b' | split(pat=',') | join(sep=' ') }}", "axc a b");
    says("{{ 1 | pluralize }}|{{ 2 | pluralize }}|{{ 2 | pluralize(singular='y', plural='ies') }}", "|s|ies");
}

#[test]
fn trimming_and_indenting() {
    says("[{{ ' a ' | trim }}][{{ ' a ' | trim_start }}][{{ ' a ' | trim_end }}]", "[a][a ][ a]");
    says(
        "[{{ 'xxaxx' | trim(pat='x') }}][{{ 'xxa' | trim_start(pat='x') }}][{{ 'axx' | trim_end(pat='x') }}]",
        "[a][a][a]",
    );
    says(
        "{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(width=2, first=true) }}|{{ 'a\n\nb' | indent(width=2, blank=true) }}",
        "a\n    b\n\n    c|  a\n  b|a\n  \n  b",
    );
}

#[test]
fn escaping() {
    says("{{ '<&\\'\"/' | escape_html | safe }}", "&lt;&amp;&#39;&quot;/");
    says("{{ '<&\\'\"/' | escape_xml | safe }}", "&lt;&amp;&apos;&quot;/");
    says("{{ '<b>' | escape | safe }} {{ '<' | safe }} {{ '<' }}", "&lt;b&gt; < &lt;");
    says("{{ 'a\nb' | newlines_to_br | safe }}", "a<br>b");
}

#[test]
fn numbers() {
    says(
        "{{ 1 | str }} {{ '12' | int }} {{ 'ff' | int(base=16) }} {{ '1.5' | float }} {{ 2.0 | int }}",
        "1 12 255 1.5 2",
    );
    says(
        "{{ -3 | abs }} {{ 2.5 | round }} {{ 2.41 | round(method='ceil', precision=1) }} {{ 2.49 | round(method='floor') }}",
        "3 3.0 2.5 2.0",
    );
    fails("{{ 1.9 | int }}", "cannot be converted to an int");
}

#[test]
fn lists() {
    says(
        "{{ [1,2] | first }} {{ [1,2] | last }} {{ [1,2,3] | nth(n=1) }} {{ [1,2] | length }} {{ [1,2] | reverse }}",
        "1 2 2 2 [2, 1]",
    );
    says(
        "{{ [1,2] | join }} {{ [1,2] | join(sep=', ') }} {{ [3,1,2] | sort }} {{ [1,1,2] | unique }}",
        "12 1, 2 [1, 2, 3] [1, 2]",
    );
    says("{{ [{'a':2},{'a':1}] | sort(attribute='a') | json_encode | safe }}", "[{\"a\":1},{\"a\":2}]");
    // Groups in the order in which they appear, so that a page is the same each time.
    let groups =
        "{% for k, v in [{'y':2026},{'y':2024},{'y':2025},{'y':2024},{'y':none},{'y':2023},{'y':2022},{'y':2021}]";
    says(
        &format!("{groups} | group_by(attribute='y') %}}{{{{ k }}}}:{{{{ v | length }}}} {{% endfor %}}"),
        "2026:1 2024:2 2025:1 2023:1 2022:1 2021:1 ",
    );
    says("{{ [{'f':true},{'f':false}] | group_by(attribute='f') | length }}", "2");
    fails("{{ [{'y':1.5}] | group_by(attribute='y') }}", "ot a valid key type");
    fails("{{ [{'y':1}] | group_by(attribute='z') }}", "does not have an attribute");
    says("{{ [{'a':1,'b':2}] | group_by(attribute='a') | safe }}", "{1: [{\"a\": 1, \"b\": 2}]}");
}

#[test]
fn tables() {
    says("{{ {'a': 1} | get(key='a') }} {{ {'a': 1} | get(key='b', default=2) }}", "1 2");
    says(
        "{{ {'a': 1} | values }} {{ {'a': 1} | keys | safe }} {{ {'a': 1} | pairs | safe }}",
        "[1] [\"a\"] [[\"a\", 1]]",
    );
}

#[test]
fn default() {
    says("{{ 1 | default(value=2) }} {{ x | default(value='y') }} [{{ none | default(value='b') }}]", "1 y []");
    says(
        "{{ '' | default(value='b', boolean=true) }} {{ none | default(value='b', boolean=true) }} {{ false | default(value=1, boolean=true) }}",
        "b b 1",
    );
}

#[test]
fn the_tests_of_kinds() {
    for (is, is_not) in [
        ("'a' is string", "1 is string"),
        ("1 is number", "'1' is number"),
        ("{} is map", "[] is map"),
        ("true is bool", "1 is bool"),
        ("[] is array", "{} is array"),
        ("1 is integer", "1.5 is integer"),
        ("1.5 is float", "1 is float"),
        ("none is none", "1 is none"),
        ("[] is iterable", "1 is iterable"),
        ("page is defined", "x is defined"),
        ("x is undefined", "page is undefined"),
        ("3 is odd", "2 is odd"),
        ("2 is even", "3 is even"),
        ("6 is divisible_by(divisor=3)", "7 is divisible_by(divisor=3)"),
        ("'abc' is starting_with(pat='a')", "'abc' is starting_with(pat='b')"),
        ("'abc' is ending_with(pat='c')", "'abc' is ending_with(pat='b')"),
        ("'abc' is containing(pat='b')", "'abc' is containing(pat='x')"),
        ("[1,2] is containing(pat=2)", "[1,2] is containing(pat=3)"),
    ] {
        says(&format!("{{{{ {is} }}}} {{{{ {is_not} }}}}"), "true false");
    }
}

/// What a template of a page of 4 March 2026 writes.
fn in_a_page(template: &str) -> String {
    let page = "+++\ndate = 2026-03-04\n+++\n";
    let files =
        [("zola.toml", CONFIG), ("templates/page.html", template), ("content/p.md", page), ("content/a.md", page)];
    Site::of(&files).clean().text("p/index.html").to_owned()
}

#[test]
fn s12_the_markdown_filter_marks_links_that_leave_the_site() {
    assert_eq!(
        in_a_page("{{ \"[x](https://x.org) [y](@/a.md)\" | markdown(inline=true) | safe }}"),
        "<a rel=\"external\" href=\"https://x.org\">x</a> <a href=\"https://example.org/a/\">y</a>"
    );
}

#[test]
fn s22_a_date_with_a_locale_takes_both_kinds_of_format() {
    let french = in_a_page("{{ page.date | date(format=\"d MMMM y\", locale=\"fr\") }}");
    assert_eq!(french, "4 mars 2026");
    assert_eq!(in_a_page("{{ page.date | date(format=\"%-d %B %Y\", locale=\"fr\") }}"), french);
    assert_eq!(in_a_page("{{ page.date | date(format=\"%A, %d %b\", locale=\"en-US\") }}"), "Wednesday, 04 Mar");
    assert_eq!(in_a_page("{{ page.date | date(format=\"%B %d, %Y\", locale=\"en_US\") }}"), "March 04, 2026");
}
