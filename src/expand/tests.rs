use std::borrow::Cow;
use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::strings::Citation;
use crate::testing::strings;

fn values(scope: &Json) -> super::Values {
    scope.as_object().cloned().unwrap_or_default().into()
}

fn source(text: &str) -> Source {
    Source { name: "t.md.hbs".into(), text: text.into(), first_line: 1, layer: 0, replaces: None }
}

/// Expands a template over `scope`: its plain text, or the messages.
fn expanded(text: &str, scope: Json) -> Result<Expanded, Vec<String>> {
    expanded_in("en-GB", text, scope)
}

/// The same in another language.
fn expanded_in(language: &str, text: &str, scope: Json) -> Result<Expanded, Vec<String>> {
    expanded_with(language, Json::Null, text, scope).map(|(expanded, _)| expanded)
}

/// The same with the forms of terms, and with those that were missing.
fn expanded_with(
    language: &str,
    terms: Json,
    text: &str,
    scope: Json,
) -> Result<(Expanded, Vec<forms::Missing>), Vec<String>> {
    let mut strings = strings();
    strings.speak(language).unwrap();
    strings.citations = ["clause", "duty"]
        .map(|one| Citation {
            catalogue: one.into(),
            one: one.into(),
            many: format!("{one}s"),
            except: Some("derived.left_out".into()),
        })
        .into();
    let topic = |ids: Json| Topic { ids: serde_json::from_value(ids).unwrap(), ..Topic::default() };
    let topics = BTreeMap::from([
        ("keys".to_owned(), topic(json!({"clause": ["5.3"], "duty": ["D.2", "D.4"]}))),
        ("doors".to_owned(), topic(json!({"duty": ["D.4", "D.1"]}))),
        ("bells".to_owned(), topic(json!({"duty": ["D.9"]}))),
    ]);
    let mut library = Library::default();
    library.partials.to_mut().insert("greet".into(), Source { name: "greet".into(), ..source("Hello {{name}}\n") });
    library.partials.to_mut().insert("a".into(), Source { name: "a".into(), ..source("{{> b}}") });
    library.partials.to_mut().insert("b".into(), Source { name: "b".into(), ..source("{{> a}}") });
    let tools = Arc::new(Tools {
        strings: Arc::new(strings),
        topics,
        keys: BTreeMap::new(),
        origins: Arc::new(Origins::new(scope.as_object().unwrap(), &|parts| parts.join(".").into())),
        articles: Arc::default(),
        forms: forms::Forms::new(serde_json::from_value(json!({"terms": terms})).unwrap_or_default()),
        documents: BTreeMap::new(),
    });
    let mut sink = Sink::new();
    let result = prepare(&source(text), &library, &mut sink).and_then(|prepared| {
        let shape = lint::Shape::of_value(&scope);
        lint::check(&prepared, &shape, &mut sink);
        let context = values(&scope);
        expand(&prepared, &registry(&tools), &tools, &context, &mut sink)
    });
    match result {
        Some(expanded) if !sink.has_faults() => Ok((expanded, tools.forms.missing())),
        _ => Err(sink.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()),
    }
}

fn plain(text: &str, scope: Json) -> String {
    plain_in("en-GB", text, scope)
}

fn plain_in(language: &str, text: &str, scope: Json) -> String {
    let expanded = expanded_in(language, text, scope);
    expanded.map(|expanded| marks::plain(&expanded.text)).unwrap_or_else(|problems| problems.join("\n"))
}

#[test]
fn topics_are_cited_together_and_without_those_that_are_left_out() {
    let scope = || json!({"derived": {"left_out": ["D.9", "D.1"]}});
    for (text, expected) in [
        (r#"{{cite "keys"}}"#, "clause 5.3 and dutys D.2 and D.4"),
        (r#"{{cite "keys" "doors"}}"#, "clause 5.3 and dutys D.2 and D.4"),
        (r#"doors{{cite "doors" open=" (" close=")"}}."#, "doors (duty D.4)."),
        (r#"bells{{cite "bells" open=" (" close=")"}}."#, "bells."),
        (r#"It answers {{cite "bells"}}."#, "It answers duty D.9."),
    ] {
        assert_eq!(plain(text, scope()), expected, "{text}");
    }
    assert_eq!(
        plain(r#"{{cite "keys" "dors"}}"#, scope()),
        "F323 `cite \"keys\" \"dors\"`: there is no topic `dors`; did you mean `doors`?"
    );
    assert_eq!(plain(r#"{{cite "keys" around="("}}"#, scope()), "F323 `cite` takes no `around=`");
}

#[test]
fn helpers_speak_the_language() {
    let text = "{{date day}}; {{share}}, {{number share}}, {{number many 1}}; {{money many \"EUR\"}}; {{words 3}}; \
                {{duration 90}}; {{ordinal 2}}; {{list names}}; {{cap \"ijs\"}}; {{year}} {{version}}";
    let scope = || {
        json!({"day": "2026-01-31", "share": 1234.5, "many": 1_234_567, "names": ["Ada", "Ben", 1.5], "year": 2026,
            "version": "1.10"})
    };
    for (language, expected) in [
        (
            "en-GB",
            "31 January 2026; 1234.5, 1,234.5, 1,234,567.0; €1,234,567; three; 90 minutes; 2nd; Ada, Ben and 1.5; Ijs; 2026 1.10",
        ),
        (
            "de-DE",
            "31. Januar 2026; 1234,5, 1.234,5, 1.234.567,0; 1.234.567\u{a0}€; drei; 90 Minuten; 2.; Ada, Ben und 1,5; Ijs; 2026 1.10",
        ),
        (
            "nl-NL",
            "31 januari 2026; 1234,5, 1.234,5, 1.234.567,0; €\u{a0}1.234.567; drie; 90 minuten; 2e; Ada, Ben en 1,5; IJs; 2026 1.10",
        ),
    ] {
        assert_eq!(plain_in(language, text, scope()), expected, "{language}");
    }
    assert!(plain("{{number name}}", json!({"name": "x"})).contains("\"x\" is not a number"));
    assert!(plain("{{number n 21}}", json!({"n": 1})).contains("at most 20 decimals"));
}

#[test]
fn a_word_has_the_form_that_its_number_asks_for() {
    let forms = "{{plural n one=\"dokument\" few=\"dokumenty\" many=\"dokumentów\" other=\"dokumentu\"}}";
    let said: Vec<String> = [1, 2, 5, 22].iter().map(|n| plain_in("pl-PL", forms, json!({"n": n}))).collect();
    assert_eq!(said, ["1 dokument", "2 dokumenty", "5 dokumentów", "22 dokumenty"]);
    assert_eq!(plain("{{plural n \"day\" \"days\"}}", json!({"n": 0})), "0 days");
    assert_eq!(plain_in("fr-FR", "{{plural n \"jour\" \"jours\"}}", json!({"n": 0})), "0 jour");
    let missing = plain_in("pl-PL", "{{plural n one=\"dokument\" few=\"dokumenty\"}}", json!({"n": 5}));
    assert!(missing.contains("the form `many` is missing: 5 needs it"), "{missing}");
    let unknown = plain_in("pl-PL", "{{plural n one=\"a\" lots=\"b\"}}", json!({"n": 5}));
    assert!(unknown.contains("there is no plural form `lots`; there are one, few, many, other"), "{unknown}");
}

#[test]
fn values_have_forms() {
    let terms = json!({"ciso": {"dative": "der ISB"}, "risk": {"nominative": "das Risiko", "plural": "die Risiken"}});
    let scope = |wording: &str, gender: &str| {
        json!({
            "wording": {"roles": wording},
            "people": [{"id": "ada", "name": "Ada", "gender": gender, "forms": {"genitive": "Adas"}}],
            "roles": [{"id": "ciso", "title": "Sicherheitsbeauftragter", "holder": "ada", "forms": {
                "genitive": "des Beauftragten", "feminine": "Sicherheitsbeauftragte", "neutral": "Sicherheitsstelle",
                "feminine-genitive": "der Beauftragten"}}],
            "suppliers": [{"id": "s", "name": "Bank", "forms": {"plural": "Banken"}}],
        })
    };
    let text = "{{role \"ciso\"}}, {{role \"ciso\" form=genitive}}, {{cap (role \"ciso\" form=\"dative\")}}, \
                {{holder \"ciso\" form=genitive}}, {{pick \"suppliers\" \"s\" \"name\" form=plural}}, \
                {{form \"risk\"}}, {{form \"risk\" \"plural\"}}, {{form \"risk\" \"genitive\"}}";
    for (wording, gender, expected, missing) in [
        ("title", "feminine", "Sicherheitsbeauftragter, des Beauftragten, Der ISB", "risk genitive"),
        (
            "holder",
            "feminine",
            "Sicherheitsbeauftragte, der Beauftragten, Sicherheitsbeauftragte",
            "ciso feminine-dative, risk genitive",
        ),
        ("holder", "masculine", "Sicherheitsbeauftragter, des Beauftragten, Der ISB", "ciso masculine, risk genitive"),
        (
            "neutral",
            "feminine",
            "Sicherheitsstelle, Sicherheitsstelle, Sicherheitsstelle",
            "ciso neutral-dative, ciso neutral-genitive, risk genitive",
        ),
    ] {
        let scope = scope(wording, gender);
        let (expanded, found) = expanded_with("de-DE", terms.clone(), text, scope).unwrap();
        let rest = "Adas, Banken, das Risiko, die Risiken, das Risiko";
        assert_eq!(marks::plain(&expanded.text), format!("{expected}, {rest}"), "{wording} {gender}");
        let mut found: Vec<String> = found.into_iter().map(|one| format!("{} {}", one.term, one.form)).collect();
        found.sort();
        assert_eq!(found.join(", "), missing, "{wording} {gender}");
    }
    let said = |text: &str| expanded_with("de-DE", terms.clone(), text, scope("title", "")).unwrap_err().join("\n");
    assert!(said("{{form \"rist\"}}").contains("has no term `rist`; did you mean `risk`?"));
    assert!(said("{{cap \"x\" form=genitive}}").contains("`cap` takes no `form=`"));
    assert!(said("{{role \"ciso\" case=genitive}}").contains("`role` takes no `case=`"));
    assert!(said("{{plural 3 one=wording other=\"x\"}}").contains("`one=` is followed by a text in quotes"));
}

#[test]
fn a_form_comes_from_where_it_stands() {
    let scope = json!({
        "wording": {"roles": "holder"}, "people": [{"id": "ada", "name": "Ada", "gender": "feminine"}],
        "roles": [{"id": "ciso", "title": "Leiter", "holder": "ada", "forms": {"genitive": "des Leiters", "feminine": "Leiterin", "feminine-genitive": "der Leiterin"}}],
    });
    let text = "{{role \"ciso\"}} {{role \"ciso\" form=genitive}} {{cap (role \"ciso\" form=genitive)}}";
    let (expanded, _) = expanded_with("de-DE", Json::Null, text, scope).unwrap();
    let said: Vec<String> = expanded
        .provenance
        .iter()
        .map(|from| format!("{}{}", if from.computed { "=" } else { "" }, from.paths.join(" ")))
        .collect();
    let why = "wording.roles people[0].gender";
    assert_eq!(
        said,
        [
            format!("roles[0].forms.feminine {why}"),
            format!("roles[0].forms.feminine-genitive {why}"),
            format!("=roles[0].forms.feminine-genitive {why}"),
        ]
    );
}

#[test]
fn rows_are_sorted_as_the_language_orders_them() {
    let text = "{{#each (sort rows \"name\")}}{{name}} {{/each}}";
    let rows = || json!({"rows": [{"name": "Zoll"}, {"name": "Ärger"}, {"name": "Apfel"}, {"name": "apfel"}]});
    assert_eq!(plain_in("de-DE", text, rows()), "apfel Apfel Ärger Zoll ");
    assert_eq!(plain_in("sv-SE", text, rows()), "apfel Apfel Zoll Ärger ");
}

#[test]
fn every_branch_of_a_chain_is_reached() {
    let text = "{{#if (eq k 1)}}one{{else if (eq k 2)}}two{{else if (eq k 3)}}three{{else}}many{{/if}}";
    for (k, expected) in [(1, "one"), (2, "two"), (3, "three"), (4, "many")] {
        assert_eq!(plain(text, json!({"k": k})), expected);
    }
}

#[test]
fn the_ways_a_template_goes_are_known() {
    let text =
        "{{#if a}}1{{#unless b}}2{{/unless}}{{else if c}}3{{/if}}{{#each rows}}{{n}}{{/each}}{{#with d}}4{{/with}}";
    let ways = |scope: Json| -> Vec<String> {
        let arms = expanded(text, scope).unwrap();
        let arms = arms.arms().filter(|arm| arm.text != "#with d");
        arms.map(|arm| format!("{}{}", if arm.otherwise { "not " } else { "" }, arm.text)).collect()
    };
    assert_eq!(
        ways(json!({"a": 1, "b": 1, "c": 0, "d": {"x": 1}, "rows": []})),
        ["#if a", "not #unless b", "not #each rows"]
    );
    assert_eq!(
        ways(json!({"a": 0, "b": 0, "c": 1, "d": {"x": 1}, "rows": [{"n": 1}, {"n": 2}]})),
        ["not #if a", "else if c", "#each rows"]
    );
    assert_eq!(
        ways(json!({"a": 0, "b": 0, "c": 0, "d": {"x": 1}, "rows": [{"n": 1}]})),
        ["not #if a", "not else if c", "#each rows"]
    );
    let prepared = prepare(&source(text), &Library::default(), &mut Sink::new()).unwrap();
    assert_eq!(prepared.ways().len(), 8, "`with` is no choice");
}

#[test]
fn provenance_follows_loops_and_block_parameters() {
    let scope = json!({"rows": [{"n": "x"}, {"n": "y"}], "top": "t"});
    let result = expanded("{{#each rows as |r|}}{{r.n}}{{@root.top}}{{/each}}", scope).unwrap();
    let paths: Vec<String> = result.provenance.iter().map(|source| source.paths.join("+")).collect();
    assert_eq!(paths, ["rows[0].n", "top", "rows[1].n", "top"]);
    assert_eq!(result.causes_at(0), ["rows"]);
}

/// The paths of each value that a template prints, and whether it is the value at the first as it stands.
fn sources(text: &str) -> Vec<String> {
    let scope = json!({
        "risks": [{"id": "a", "n": 2, "who": "x"}, {"id": "b", "n": 1, "who": "y"}, {"id": "c", "n": 3, "who": "x"}],
        "roles": [{"id": "x", "title": "Chief", "holder": "p"}, {"id": "y", "title": "clerk", "holder": "p"}],
        "people": [{"id": "p", "name": "Ann"}],
        "lead": "x",
        "names": {"one": "A", "two": "B"},
    });
    let result = expanded(text, scope).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let shown = |source: &Provenance| format!("{}{}", if source.computed { "=" } else { "" }, source.paths.join("+"));
    result.provenance.iter().map(shown).collect()
}

#[test]
fn helpers_say_where_their_values_come_from() {
    for (text, expected) in [
        ("{{role \"y\"}}", "roles[1].title"),
        ("{{role lead}}", "roles[0].title+lead"),
        ("{{cap (role \"y\")}}", "=roles[1].title"),
        ("{{cap (role lead)}}", "roles[0].title+lead"),
        ("{{holder lead}}", "people[0].name+roles[0].holder+lead"),
        ("{{pick \"risks\" \"b\" \"n\"}}", "risks[1].n"),
        ("{{count risks}}", "=risks[0]+risks[1]+risks[2]"),
        ("{{plural (count (where risks \"who\" \"x\")) \"risk\" \"risks\"}}", "=risks[0]+risks[2]"),
        ("{{list risks \"id\"}}", "=risks[0].id+risks[1].id+risks[2].id"),
        ("{{list (where risks \"n\" 1) \"id\"}}", "risks[1].id"),
        ("{{plural 2 \"risk\" \"risks\"}}", ""),
        ("{{#each names}}{{@key}} {{this}} {{/each}}", "=names.one names.one =names.two names.two"),
        ("{{#each risks as |risk at|}}{{at}}{{/each}}", "=risks[0] =risks[1] =risks[2]"),
    ] {
        assert_eq!(sources(text).join(" "), expected, "{text}");
    }
}

#[test]
fn loops_over_chosen_rows_know_the_rows() {
    for (text, plainly, from) in [
        (
            "{{#each (where risks \"who\" \"x\")}}{{id}}{{@index}}{{#if @last}}.{{/if}}{{/each}}",
            "a0c1.",
            "risks[0].id =risks[0] risks[2].id =risks[2]",
        ),
        ("{{#each (sort risks \"n\") as |risk|}}{{risk.id}}{{/each}}", "bac", "risks[1].id risks[0].id risks[2].id"),
        (
            "{{#each (sort (where risks \"who\" \"x\") \"n\") as |risk at|}}{{risk.id}}{{/each}}",
            "ac",
            "risks[0].id risks[2].id",
        ),
        ("{{#each (where risks \"who\" \"nobody\")}}{{id}}{{else}}none{{/each}}", "none", ""),
    ] {
        let scope = json!({"risks": [
            {"id": "a", "n": 2, "who": "x"}, {"id": "b", "n": 1, "who": "y"}, {"id": "c", "n": 3, "who": "x"},
        ]});
        assert_eq!(plain(text, scope), plainly, "{text}");
        assert_eq!(sources(text).join(" "), from, "{text}");
    }
    assert!(plain("{{#each (where n \"a\" 1)}}x{{/each}}", json!({"n": 3})).starts_with("F323"));
}

/// Expands a template with partials of its own, and with texts in place of its blocks.
fn with_files(text: &str, partials: &[(&str, &str)], overrides: &[(&str, &str)]) -> String {
    let named = |files: &[(&str, &str)]| {
        let file = |(name, text): &(&str, &str)| {
            (name.to_string(), Source { name: format!("{name}.md.hbs").into(), ..source(text) })
        };
        files.iter().map(file).collect()
    };
    let library = Library { partials: Cow::Owned(named(partials)), overrides: named(overrides), final_since: None };
    let scope = json!({"due": true, "off": false, "xs": [{"n": "1", "due": true}, {"n": "2", "due": true}]});
    let tools = Arc::new(Tools {
        strings: Arc::new(strings()),
        topics: BTreeMap::new(),
        keys: BTreeMap::new(),
        origins: Arc::new(Origins::new(scope.as_object().unwrap(), &|parts| parts.join(".").into())),
        articles: Arc::default(),
        forms: forms::Forms::default(),
        documents: BTreeMap::new(),
    });
    let mut sink = Sink::new();
    let made = prepare(&source(text), &library, &mut sink)
        .and_then(|prepared| expand(&prepared, &registry(&tools), &tools, &values(&scope), &mut sink));
    let said = || sink.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect::<Vec<_>>();
    made.map_or_else(|| said().join("\n"), |made| marks::plain(&made.text))
}

#[test]
fn the_line_end_of_a_file_does_not_count_within_a_line() {
    let state = [("state", "{{#if due}}due{{else}}here{{/if}}\n")];
    let lines = [("state", "{{!-- what it is --}}\n{{#if off}}\noff\n{{else if due}}\ndue\n{{else}}\nhere\n{{/if}}\n")];
    let nested = [("state", "{{> inner}}\n"), ("inner", "due\n")];
    let windows = [("state", "due\r\n")];
    for partials in [&state[..], &lines, &nested, &windows] {
        for (text, expected) in [
            ("| a | {{> state}} |\n", "| a | due |\n"),
            ("{{#each xs}}\n| {{n}} | {{> state}} |\n{{/each}}\n", "| 1 | due |\n| 2 | due |\n"),
            ("It is {{> state}}, or not.\n", "It is due, or not.\n"),
            ("- {{> state}}\n- more\n", "- due\n- more\n"),
            ("{{#if due}}It is {{> state}}{{/if}}.\n", "It is due.\n"),
        ] {
            assert_eq!(with_files(text, partials, &[]), expected, "{text}");
        }
    }
    // A file that stands by itself keeps its lines, as it always did.
    for (text, expected) in [
        ("{{> state}}\nmore\n", "due\nmore\n"),
        ("{{#if due}}{{> state}}{{/if}}\nmore\n", "due\n\nmore\n"),
        ("{{> state}}{{> state}}", "due\ndue\n"),
    ] {
        assert_eq!(with_files(text, &state, &[]), expected, "{text}");
    }
    let row = "| a | {{#block \"b\"}}own{{/block}} |\n";
    assert_eq!(with_files(row, &[], &[]), "| a | own |\n");
    assert_eq!(with_files(row, &[], &[("b", "other\n")]), "| a | other |\n");
    let alone = "{{#block \"b\"}}own{{/block}}\nmore\n";
    assert_eq!(with_files(alone, &[], &[("b", "other\n")]), "other\n\nmore\n");
}

#[test]
fn a_file_of_several_lines_in_a_row_of_a_table_is_named() {
    let said = "F350 `{{> state}}` stands in a row of a table, and `state.md.hbs` has several lines";
    for lines in ["one\ntwo\n", "one\n\n{{#if due}}two{{/if}}", "{{#each xs}}\n{{n}}\n{{/each}}\n"] {
        assert_eq!(with_files("| a | {{> state}} |\n", &[("state", lines)], &[]), said, "{lines}");
    }
    let row = "| {{#block \"b\"}}own{{/block}} |\n";
    let said = "F350 `{{#block \"b\"}}` stands in a row of a table, and `b.md.hbs` has several lines";
    assert_eq!(with_files(row, &[], &[("b", "one\ntwo\n")]), said);
    assert_eq!(
        with_files("| a |\n|---|\n{{> rows}}\n", &[("rows", "| 1 |\n| 2 |\n")], &[]),
        "| a |\n|---|\n| 1 |\n| 2 |\n"
    );
}

#[test]
fn the_links_of_a_chain_have_places_of_their_own() {
    let text = "x {{#if a}}1{{else if b}}2\n{{else if (eq c 1)}}{{#if d}}3{{/if}}{{else}}{{#if e}}4{{/if}}{{/if}}";
    let prepared = prepare(&source(text), &Library::default(), &mut Sink::new()).unwrap();
    let places: Vec<String> = prepared
        .ways()
        .iter()
        .filter(|way| !way.arm.otherwise)
        .map(|way| format!("{}:{} {}", way.arm.span.line, way.arm.span.column, way.arm.text))
        .collect();
    assert_eq!(places, ["1:3 #if a", "1:13 else if b", "2:1 else if (eq c 1)", "2:21 #if d", "2:46 #if e"]);
}

#[test]
fn a_place_in_the_text_is_known_in_its_file() {
    let result =
        expanded("first\n\n{{#if name}}\nthird {{name}}\n{{/if}}\n{{> greet}}\nlast\n", json!({"name": "N"})).unwrap();
    for (needle, file, line) in
        [("first", "t.md.hbs", 1), ("third", "t.md.hbs", 4), ("Hello", "greet", 1), ("last", "t.md.hbs", 7)]
    {
        let span = result.span_at(result.text.find(needle).unwrap()).unwrap();
        assert_eq!((span.file.as_str(), span.line), (file, line), "{needle}");
    }
}

#[test]
fn a_text_after_a_block_is_known_in_its_line() {
    for (text, line) in [
        ("{{#if name}}\nx\n{{/if}}\n\nlast\n", 5),
        ("{{#if name}}\nx\n{{/if}}\nlast\n", 4),
        ("{{#if name}}\nx\n{{/if}}\n\n\nlast\n", 6),
        ("{{#each rows}}\nx\n{{/each}}\n\nlast\n", 5),
        ("{{#if name}}\n{{#each rows}}\nx\n{{/each}}\n\n:::\n{{/if}}\n\nlast {{name}}\n", 9),
        ("a {{#if name}}x{{/if}}\nlast\n", 2),
        ("a {{#if name}}x{{/if}}\n\nlast\n", 3),
    ] {
        let result = expanded(text, json!({"name": "N", "rows": ["r"]})).unwrap();
        let span = result.span_at(result.text.find("last").unwrap()).unwrap();
        assert_eq!(span.line, line, "{text}");
    }
}

#[test]
fn what_cannot_be_expanded_is_said_all_at_once() {
    assert_eq!(
        plain("{{a.b}} {{lower gone}}", json!({"a": {}, "gone": null})),
        "F321 `a.b`: there is no `b`\nF322 `a.b` prints `a.b`, which the profile does not have\nF323 `lower gone`: `gone` has no value here"
    );
    for (text, code) in [
        ("{{#if typo}}x{{/if}}", "F321"),
        ("{{{name}}}", "F326"),
        ("{{> nobody}}", "F324"),
        ("{{> a}}", "F325"),
        ("{{#if name}}x", "F320"),
        ("{{shout name}}", "F323"),
        ("{{#shout name}}x{{/shout}}", "F323"),
        ("\u{E001}", "F328"),
        ("{{> greet name=name}}", "F326"),
    ] {
        let said = plain(text, json!({"name": "N"}));
        assert!(said.starts_with(code), "{text}: {said}");
    }
}

#[test]
fn an_expansion_ends() {
    let rows: Vec<usize> = (0..2_000).collect();
    let text = "{{#each rows}}{{#each @root.rows}}{{this}}{{/each}}{{/each}}";
    assert!(plain(text, json!({"rows": rows})).starts_with("F327"));
}

#[test]
fn helpers_speak() {
    let scope = json!({"l": ["a", "b", "c"], "n": 1, "m": 90, "d": "2026-11-24", "roles": [{"id": "x", "title": "it lead", "holder": "p"}],
        "people": [{"id": "p", "name": "Ann"}], "k": ["x"]});
    for (text, expected) in [
        ("{{list l}}", "a, b and c"),
        ("{{plural n \"day\" \"days\"}}", "1 day"),
        ("{{duration m}}", "90 minutes"),
        ("{{date d}}", "24 November 2026"),
        ("{{date \"2026-11\"}}, {{date \"2026\"}}", "November 2026, 2026"),
        (
            "{{duration \"4 h\"}}, {{duration \"1 working day\"}}, {{duration \"on change\"}}",
            "4 hours, 1 working day, on change",
        ),
        (
            "{{duration \"4 h\" form=dative}}",
            "F323 `duration \"4 h\" form=\"dative\"`: there is no form `dative` of durations in `en-GB`: give it in `formats.duration_forms`",
        ),
        ("{{#if (minutes \"0 h\")}}some{{else}}none{{/if}}, {{minutes \"2 h\"}}, {{minutes 5}}", "none, 120, 5"),
        (
            "{{every \"1 month\"}}, {{every \"6 weeks\"}}, {{every \"on change\"}}",
            "every month, every 6 weeks, on change",
        ),
        ("{{minutes \"soon\"}}", "F323 `minutes \"soon\"`: `soon` is no length of time"),
        ("{{period \"2026-01-01/2026-03-31\"}}", "1 January to 31 March 2026"),
        ("{{period \"soon\"}}", "F323 `period \"soon\"`: `soon` is no period"),
        ("{{cap (role \"x\")}}", "It lead"),
        ("{{holder \"x\"}}", "Ann"),
        ("{{picks \"roles\" k \"title\"}}", "it lead"),
        ("{{words (count l)}}", "three"),
        ("{{#if (and (gte m 90) (includes l \"b\"))}}yes{{/if}}", "yes"),
        ("{{date \"soon\"}}", "F323 `date \"soon\"`: `soon` is not a date YYYY-MM-DD"),
        ("{{role \"nobody\"}}", "F323 `role \"nobody\"`: `roles` has no row `nobody`"),
    ] {
        assert_eq!(plain(text, scope.clone()), expected, "{text}");
    }
}

#[test]
fn nothing_can_stand_where_nothing_is_found() {
    let scope = || {
        json!({"roles": [{"id": "lead", "title": "Lead", "holder": "ada"}, {"id": "free", "title": "Free"}],
            "people": [{"id": "ada", "name": "Ada"}], "keys": ["lead", "gone"], "none": "", "owner": "gone"})
    };
    for (text, expected) in [
        ("{{pick \"roles\" \"lead\" \"title\" else=\"-\"}}", "Lead"),
        ("{{pick \"roles\" owner \"title\" else=\"-\"}}", "-"),
        ("[{{pick \"roles\" \"free\" \"holder\" else=\"\"}}]", "[]"),
        ("{{#if (pick \"roles\" \"free\" \"holder\" else=\"\")}}a{{else}}b{{/if}}", "b"),
        ("{{cap (pick \"roles\" owner \"title\" else=\"nobody\")}}", "Nobody"),
        ("{{role owner else=\"a role that is not filled\"}}", "a role that is not filled"),
        ("{{holder \"free\" else=\"nobody\"}}", "nobody"),
        ("{{picks \"roles\" keys \"title\" else=\"not all\"}}", "not all"),
        (
            "{{pick \"rolls\" owner \"title\" else=\"-\"}}",
            "F323 `pick \"rolls\" owner \"title\" else=\"-\"`: there is no register `rolls`",
        ),
        ("{{pick \"roles\" owner \"title\"}}", "F323 `pick \"roles\" owner \"title\"`: `roles` has no row `gone`"),
    ] {
        assert_eq!(plain(text, scope()), expected, "{text}");
    }
}

#[test]
fn zero_is_a_value_and_rows_go_downwards() {
    let scope = || json!({"rows": [{"n": 2, "k": "a"}, {"n": 0, "k": "b"}, {"n": 3, "k": "c"}, {"k": "d"}], "zero": 0, "no": false});
    for (text, expected) in [
        ("{{#if zero}}{{zero}}{{else}}none{{/if}}", "none"),
        ("{{#if (has zero)}}{{zero}}{{else}}none{{/if}}", "0"),
        ("{{#each rows}}{{#if (has n)}}{{n}}{{else}}-{{/if}} {{/each}}", "2 0 3 - "),
        ("{{#if (has no)}}a{{/if}}{{#unless (has zero)}}b{{/unless}}", "a"),
        ("{{#each (where rows \"n\" 0)}}{{k}}{{/each}}", "b"),
        ("{{list (where rows \"n\" 0) \"n\"}}", "0"),
        ("{{#each (sort rows \"n\" \"descending\")}}{{k}}{{/each}}", "cabd"),
        ("{{#each (sort rows \"n\" \"ascending\")}}{{k}}{{/each}}", "dbac"),
        (
            "{{list (sort rows \"k\" \"down\") \"k\"}}",
            "F323 `list (sort rows \"k\" \"down\") \"k\"`: `down` is no order: write \"ascending\" or \"descending\"",
        ),
    ] {
        assert_eq!(plain(text, scope()), expected, "{text}");
    }
    let rows = "{{#each (sort rows \"n\" \"descending\")}}{{k}}{{/each}}";
    let paths: Vec<_> = expanded(rows, scope()).unwrap().provenance.into_iter().flat_map(|shown| shown.paths).collect();
    assert_eq!(paths, ["rows[2].k", "rows[0].k", "rows[1].k", "rows[3].k"]);
}

#[test]
fn a_condition_that_cannot_be_told_is_no_answer() {
    let scope = || json!({"few": 3, "word": "x", "gone": null});
    for (text, expected) in [
        // Of what is not there, nothing holds.
        ("{{#if (lt gone 30)}}a{{else}}b{{/if}}", "b"),
        ("{{#either (gte gone 30)}}a{{else}}b{{/either}}", "b"),
        ("{{#if (and few (lt gone 30))}}a{{else if (lt few 30)}}b{{/if}}", "b"),
        ("{{#unless (lt few 30)}}a{{else}}b{{/unless}}", "b"),
        ("{{#if (lt few word)}}a{{else}}b{{/if}}", "F323 `#if (lt few word)`: 3 and \"x\" do not compare"),
        ("{{#if (not (gt (count word) 1))}}a{{/if}}", "F323 `#if (not (gt (count word) 1))`: \"x\" is not a list"),
    ] {
        assert_eq!(plain(text, scope()), expected, "{text}");
    }
}
