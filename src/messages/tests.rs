use super::*;
use crate::language::Category;

fn english() -> Language {
    Language::new("en-GB").unwrap()
}

fn say(written: &str, slots: &[(&str, Slot)]) -> Result<String, String> {
    say_in(&english(), written, slots)
}

fn say_in(language: &Language, written: &str, slots: &[(&str, Slot)]) -> Result<String, String> {
    let message = Message::parse(written).map_err(|mistake| format!("{}: {}", mistake.at, mistake.problem))?;
    message.say(language, &|name| slots.iter().find(|(known, _)| *known == name).map(|(_, slot)| slot.clone()))
}

#[test]
fn slots_are_filled_in() {
    let slots = [
        ("name", Slot::Text("Ada".into())),
        ("n", Slot::Whole(3)),
        ("share", Slot::Real(12.5)),
        ("due", Slot::Text("2026-11-24".into())),
        ("ids", Slot::List(vec!["a".into(), "b".into(), "c".into()])),
        ("open", Slot::Flag(true)),
    ];
    for (written, said) in [
        ("no slots, {name}", "no slots, Ada"),
        ("{n, plural, one {# day} other {# days}}", "3 days"),
        ("{n, plural, =3 {three} one {one} other {more}}", "three"),
        ("{n, spellout} of {share}", "three of 12.5"),
        ("{n, duration}", "3 minutes"),
        ("due {due, date}, or {due}", "due 24 November 2026, or 2026-11-24"),
        ("{ids, list}; {ids}", "a, b and c; a, b, c"),
        ("{open, select, true {open} other {shut}}", "open"),
        ("{name, select, Ida {her} other {{n, plural, one {# it} other {# them, {name}}}}}", "3 them, Ada"),
        ("it''s '{'name'}', isn't it", "it's {name}, isn't it"),
        ("{n, plural, one {a} other {'#' and #}}", "# and 3"),
    ] {
        assert_eq!(say(written, &slots).as_deref(), Ok(said), "{written}");
    }
}

#[test]
fn languages_have_their_own_forms() {
    let polish = Language::new("pl-PL").unwrap();
    let written = "{n, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}}";
    for (n, said) in [(1, "1 plik"), (3, "3 pliki"), (5, "5 plików"), (22, "22 pliki")] {
        assert_eq!(say_in(&polish, written, &[("n", Slot::Whole(n))]).as_deref(), Ok(said));
    }
    let message = Message::parse("{n, plural, one {# plik} other {# pliki}}").unwrap();
    assert_eq!(
        message.lacking(&[Category::One, Category::Few, Category::Many, Category::Other]),
        [("n", vec![Category::Few, Category::Many])]
    );
}

#[test]
fn mistakes_are_named_where_they_are() {
    for (written, problem) in [
        ("a } b", "2: `}` closes nothing: write it as `'}'`"),
        ("a {n", "2: the slot that begins here is not closed: write it as `{name}`, and a brace as `'{'`"),
        ("a {} b", "3: a slot has a name of letters, digits, `-` and `_`"),
        (
            "{n, money}",
            "4: there is no format `money`; there are: date, duration, list, number, ordinal, plural, select, spellout",
        ),
        ("{n, plural}", "10: `plural` needs its forms: `{n, plural, other {…}}`"),
        (
            "x {n, plural, one {# day}}",
            "2: the choice that begins here has no `other {…}`, for all that it does not name",
        ),
        (
            "{n, plural, uno {a} other {b}}",
            "12: there is no form `uno` of a number: zero, one, two, few, many, other, or `=3`",
        ),
        ("{n, plural, other {a} other {b}}", "22: the form `other` stands twice"),
        ("{n, select, a x other {b}}", "14: the form `a` has its text in braces: `a {…}`"),
        ("'{ never ends", "0: the `'` that begins here, to quote a brace, does not end"),
    ] {
        assert_eq!(say(written, &[]).unwrap_err(), problem, "{written}");
    }
}

#[test]
fn what_is_not_given_or_does_not_fit_is_named() {
    let slots = [("n", Slot::Text("many".into())), ("d", Slot::Text("tomorrow".into()))];
    for (written, problem) in [
        ("{x}", "it has a slot `{x}`, and no `x` is given"),
        ("{n, plural, other {#}}", "`{n}` is to be a number, and is `many`"),
        ("{d, date}", "`{d}` is to be a date YYYY-MM-DD, and is `tomorrow`"),
        ("{n, list}{n, number}", "`{n}` is to be a number, and is `many`"),
    ] {
        assert_eq!(say(written, &slots).unwrap_err(), problem, "{written}");
    }
}

#[test]
fn messages_are_bounded() {
    assert!(Message::parse(&"x".repeat(MAX_BYTES + 1)).is_err());
    let deep = |depth: usize| format!("{}a{}", "{n, select, other {".repeat(depth), "}}".repeat(depth));
    assert!(Message::parse(&deep(4)).is_ok());
    assert!(Message::parse(&deep(5)).unwrap_err().problem.contains("nested deeper"));
}
