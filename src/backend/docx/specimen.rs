//! Documents made in Rust that show every variant of the model: what the tests write and what one looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::*;

use crate::model::specimen::{B, I, callout, items};
pub(super) use crate::model::specimen::{block, data, heading, p, text};
pub(super) use crate::testing::{strings, theme};

fn party(role: &str, name: Option<&str>, key: &str) -> Party {
    crate::model::specimen::party(key, role, name.map(|name| ("somebody", name)))
}

pub(super) fn control() -> Control {
    Control {
        approver: party("Managing director", Some("Hanna Quill"), "md"),
        approvals: Vec::new(),
        effective: None,
        satisfies: vec!["Control A.9.1.1".into(), "Control A.9.2.6".into()],
        ..crate::model::specimen::control()
    }
}

pub(super) fn list(ordered: bool, items: Vec<Vec<B>>) -> B {
    block(Node::List(List { ordered, start: 1, items }))
}

fn strong(content: &str) -> I {
    Inline::Strong { content: vec![text(content)] }
}

fn reference(label: &str, shown: &str, field: &str) -> I {
    Inline::Reference(Reference {
        document: None,
        label: Some(label.into()),
        text: shown.into(),
        field: (!field.is_empty()).then(|| field.into()),
    })
}

fn status(tone: Tone, word: &str) -> I {
    Inline::Status { tone, text: Text::literal(word) }
}

fn column(width: f64, align: Align) -> Column {
    Column { width, align }
}

fn row(cells: Vec<Vec<I>>) -> Row<Reference> {
    Row { band: false, source: None, origin: Origin::default(), cells }
}

fn table(id: &str, number: u32, caption: &str, columns: Vec<Column>, header: &[&str], rows: Vec<Row<Reference>>) -> B {
    block(Node::Table(Table {
        id: Some(id.into()),
        number: Some(number),
        caption: Some(vec![text(caption)]),
        columns,
        header: header.iter().map(|word| vec![text(word)]).collect(),
        rows,
    }))
}

const LOREM: &str = "The owner of a system approves each access before it is granted. The service desk grants it \
    within one working day, for the profile of the role and nothing more, and files the approval with the request. \
    Access that nobody asked for again at the quarterly review ends on the last day of that quarter.";

pub(super) const LOGO_SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="40" height="40" rx="8" fill="#1f3a5f"/><path d="M10 30 V10 L30 30 V10" stroke="#fff" stroke-width="5" fill="none"/><text x="48" y="28" font-family="Carlito" font-weight="700" font-size="22" fill="#1f3a5f">Nw</text></svg>"##;

const CHART_SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 160"><rect width="480" height="160" fill="#eef2f6"/><g font-family="Carlito, sans-serif" font-size="13" fill="#1d2329"><rect x="110" y="20" width="300" height="24" fill="#2b7a4b"/><rect x="110" y="60" width="140" height="24" fill="#b7791f"/><rect x="110" y="100" width="60" height="24" fill="#b3372f"/><text x="14" y="37">Implemented</text><text x="14" y="77">In progress</text><text x="14" y="117">Not begun</text><text x="418" y="37">86</text><text x="258" y="77">21</text><text x="178" y="117">7</text></g></svg>"##;

pub(super) fn images() -> Images {
    let svg = |source: &str, size: (f64, f64), alt: &str| Image {
        format: ImageFormat::Svg,
        bytes: Arc::from(source.as_bytes()),
        size,
        alt: alt.into(),
    };
    Images(BTreeMap::from([
        (LOGO.to_owned(), svg(LOGO_SVG, (120.0, 40.0), "Northwind Analytics")),
        ("chart".to_owned(), svg(CHART_SVG, (480.0, 160.0), "")),
    ]))
}

/// A policy as a client would get it, with every kind of block and inline.
pub(super) fn document() -> Document {
    let mut body = vec![
        callout(
            CalloutKind::Glance,
            None,
            vec![
                p(vec![text("For everybody who works with Northwind's systems. The five things that matter most:")]),
                list(
                    false,
                    items(&[
                        "You get an account for your role, and only for what the role needs.",
                        "Ask for more access in the service portal; the owner of the system decides within two working days.",
                        "Never share an account, a key or a code, not even with the service desk.",
                        "Lock the screen when you leave it.",
                        "Tell security@northwind.example at once when something looks wrong.",
                    ]),
                ),
            ],
        ),
        heading(1, "sec-purpose", "1", "Purpose and scope"),
        p(vec![
            text(
                "This policy says who gets access to what, who decides, and how access ends. It covers every system in the inventory of assets, ",
            ),
            strong("without exception"),
            text(", and carries out "),
            Inline::Reference(Reference {
                document: Some("isms-scope".into()),
                label: None,
                text: "Scope of the ISMS".into(),
                field: None,
            }),
            text(". The rules for accounts stand in "),
            reference("sec-accounts", "section 2.1", "2.1"),
            text(", the deadlines in "),
            reference("tab-deadlines", "Table 1", "Table 1"),
            text(", and who may see this page is said in "),
            reference("sec-exceptions", "the part on exceptions", ""),
            text("."),
            Inline::Footnote { number: 1 },
        ]),
        p(vec![text(LOREM)]),
        heading(1, "sec-rules", "2", "Rules"),
        heading(2, "sec-accounts", "2.1", "Accounts"),
        p(vec![text("Three kinds of account exist:")]),
        list(
            true,
            vec![
                vec![p(vec![strong("Personal accounts. "), text(LOREM)])],
                vec![
                    p(vec![strong("Privileged accounts "), text("for administration:")]),
                    list(
                        false,
                        vec![
                            vec![p(vec![text("separate from the personal account of the same person;")])],
                            vec![
                                p(vec![text("with a second factor that is a thing, never a message;")]),
                                list(false, items(&["a security key,", "or a smart card."])),
                            ],
                        ],
                    ),
                    p(vec![text("They are reviewed every month by the owner of the system.")]),
                ],
                vec![
                    p(vec![text("Service accounts, which no person uses.")]),
                    list(true, items(&["One for each service.", "Each with an owner."])),
                ],
            ],
        ),
        p(vec![text("The list of approvals begins anew:")]),
        list(true, items(&["The line manager asks.", "The owner approves.", "The service desk grants."])),
        heading(2, "sec-deadlines", "2.2", "Deadlines"),
        p(vec![text("All deadlines count from the moment at which the request is complete.")]),
        table(
            "tab-deadlines",
            1,
            "Deadlines for access",
            vec![
                column(34.0, Align::Left),
                column(30.0, Align::Left),
                column(14.0, Align::Right),
                column(22.0, Align::Left),
            ],
            &["Event", "Who acts", "Hours", "State"],
            vec![
                Row {
                    band: true,
                    source: None,
                    origin: Origin::default(),
                    cells: vec![vec![text("Joining and moving")]],
                },
                row(vec![
                    vec![text("New employee")],
                    vec![text("Service desk")],
                    vec![text("24")],
                    vec![status(Tone::Good, "Implemented")],
                ]),
                row(vec![
                    vec![text("Change of role; the old rights end on the same day as the new ones begin")],
                    vec![text("Service desk, owner of the system")],
                    vec![text("48")],
                    vec![status(Tone::Caution, "In progress")],
                ]),
                Row { band: true, source: None, origin: Origin::default(), cells: vec![vec![text("Leaving")]] },
                row(vec![
                    vec![text("Last working day")],
                    vec![text("IT lead")],
                    vec![text("0")],
                    vec![status(Tone::Bad, "Not begun")],
                ]),
                row(vec![
                    vec![text("Return of devices")],
                    vec![text("Line manager")],
                    vec![text("120")],
                    vec![status(Tone::Neutral, "Not applicable")],
                ]),
            ],
        ),
        p(vec![
            text("The paragraph after a table keeps its distance. "),
            Inline::Emphasis { content: vec![text("Emphasis")] },
            text(", "),
            Inline::Code(Text::literal("code()")),
            text(" and "),
            Inline::Link { url: "https://example.org/a?b=1&c=ü".into(), content: vec![text("a link")] },
            text(" stand in one line."),
            Inline::LineBreak,
            text("A line break."),
        ]),
        heading(3, "sec-codes", "2.2.1", "Codes and keys"),
        callout(
            CalloutKind::Note,
            Some("Recovery codes"),
            vec![p(vec![text("Recovery codes are printed once and kept in the safe in the office in Leeds.")])],
        ),
        p(vec![text("Between two boxes.")]),
        callout(CalloutKind::Important, None, vec![p(vec![text(LOREM)])]),
        callout(
            CalloutKind::Warning,
            None,
            vec![p(vec![text(
                "Never paste a key into a chat. A key that was pasted is lost; replace it within the hour.",
            )])],
        ),
        heading(3, "sec-commands", "2.2.2", "Commands"),
        block(Node::CodeBlock { text: Text::literal("folio render .\n\tfolio check --fail-on warning\n") }),
        block(Node::BlockQuote {
            body: vec![p(vec![text("A rule that nobody can follow is a rule that nobody will follow.")])],
        }),
        heading(4, "sec-terms", "2.2.2.1", "Terms"),
        block(Node::DefinitionList {
            items: vec![
                Definition {
                    term: vec![text("Owner")],
                    body: vec![p(vec![text("The role that decides about a system and answers for it.")])],
                },
                Definition {
                    term: vec![text("Role")],
                    body: vec![
                        p(vec![text("A set of duties that one person or several hold.")]),
                        list(false, items(&["One holder at least.", "One deputy."])),
                    ],
                },
            ],
        }),
        heading(1, "sec-state", "3", "State of the controls"),
        block(Node::Figure(Figure {
            id: Some("fig-state".into()),
            number: Some(1),
            image: "chart".into(),
            chart: None,
            alt: "Bar chart: 86 controls implemented, 21 in progress, 7 not begun".into(),
            width: 80.0,
            caption: Some(vec![text("State of the 114 controls")]),
        })),
        p(vec![
            reference("fig-state", "Figure 1", "Figure 1"),
            text(" shows the state, "),
            reference("tab-wide", "Table 2", "Table 2"),
            text(" the detail."),
        ]),
    ];
    let wide = (1..=40)
        .map(|at| row(vec![
            vec![data(&format!("A.{}.{}", 5 + at / 8, at % 8 + 1), "controls")],
            vec![text("Access to networks and network services")],
            vec![status([Tone::Good, Tone::Caution, Tone::Bad, Tone::Neutral][at % 4], ["Implemented", "In progress", "Planned", "Excluded"][at % 4])],
            vec![text("Required by the risk of unauthorised access to customer data; the managed network service refuses devices that are not enrolled.")],
            vec![text(&format!("{}.5", at * 3))],
        ]))
        .collect();
    body.push(block(Node::Landscape {
        body: vec![
            heading(1, "sec-wide", "4", "Statement on its side"),
            p(vec![text("The table needs the width.")]),
            table(
                "tab-wide",
                2,
                "Controls, with reasons",
                vec![
                    column(8.0, Align::Left),
                    column(28.0, Align::Left),
                    column(14.0, Align::Left),
                    column(42.0, Align::Left),
                    column(8.0, Align::Right),
                ],
                &["Control", "Title", "State", "Reason", "Score"],
                wide,
            ),
        ],
    }));
    body.extend([
        heading(1, "sec-exceptions", "5", "Exceptions"),
        p(vec![
            text("An exception is granted by "),
            Inline::Field(Field {
                name: "granted-by".into(),
                label: "name of the owner".into(),
                kind: FieldKind::Text,
                choices: vec![],
            }),
            text(" until "),
            Inline::Field(Field { name: "until".into(), label: "date".into(), kind: FieldKind::Date, choices: vec![] }),
            text(" for "),
            Inline::Field(Field {
                name: "what".into(),
                label: String::new(),
                kind: FieldKind::Choice,
                choices: vec!["one system".into(), "all systems".into(), "one system".into()],
            }),
            text("."),
            Inline::Footnote { number: 2 },
        ]),
        p(vec![text(LOREM)]),
    ]);
    for at in 1..=6 {
        body.push(heading(
            2,
            &format!("sec-rule-{at}"),
            &format!("5.{at}"),
            &format!("Rule {at} of those that fill the pages"),
        ));
        body.push(p(vec![text(LOREM)]));
        body.push(p(vec![text(LOREM), text(" "), text(LOREM)]));
        body.push(list(at % 2 == 0, items(&["First.", "Second, which says a little more than the first.", "Third."])));
    }
    body.extend([
        block(Node::PageBreak),
        heading(1, "sec-approval", "6", "Approval"),
        p(vec![text("This policy is in force from the date of the last signature.")]),
        block(Node::SignOff {
            signatories: vec![
                party("Chief information security officer", Some("Maren Ostberg"), "ciso"),
                party("Managing director", None, "md"),
            ],
        }),
    ]);
    let footnotes = BTreeMap::from([
        (
            1,
            vec![
                text("The inventory of assets is "),
                Inline::Code(Text::literal("ISMS-12")),
                text(", see "),
                Inline::Link { url: "https://northwind.example/assets".into(), content: vec![text("the portal")] },
                text("."),
            ],
        ),
        (2, vec![text("Exceptions are kept in the register of exceptions.")]),
    ]);
    Document { control: control(), body, footnotes, gaps: Vec::new() }
}

/// Values that have broken one program or another.
pub(super) const HOSTILE: &[&str] = &[
    "& < > \" '",
    "&amp; &#7; &lt;w:p/&gt;",
    "]]> <!-- --> <?xml?>",
    "| * _ # [ ] { } {{ }} ` \\ ~ ^",
    "=1+1",
    "](javascript:alert(1))",
    "line one\nline two\r\nline three\rline four",
    "tab\there\tand\there",
    " leading and trailing ",
    "two  blanks",
    "zero\u{200b}width\u{200d}joiner\u{feff}bom",
    "soft\u{ad}hyphen no\u{a0}break",
    "שלום עולם",
    "mixed مرحبا بالعالم text 123",
    "日本語の文字列と中文",
    "한국어",
    "emoji 😀👩‍👩‍👧 🇬🇧",
    "e\u{301} combining",
    "\u{202e}override\u{202c}",
    "C:\\path\\file",
    "%s %n %d",
    "$(rm -rf)",
    "'; DROP TABLE--",
    "\u{85}next line",
    "\u{2028}separator",
    "REF x \\h",
    "HYPERLINK \"x\"",
    "-",
    "\u{e000}private",
    "\u{10ffff}",
];

/// A document with a hostile value in every kind of place.
pub(super) fn hostile(value: &str) -> Document {
    let v = || data(value, "risks.0.name");
    let mut document = Document {
        control: control(),
        gaps: Vec::new(),
        body: vec![
            block(Node::Heading(Heading { level: 1, id: value.into(), number: "1".into(), content: vec![v()] })),
            p(vec![
                v(),
                Inline::Strong { content: vec![v()] },
                Inline::Emphasis { content: vec![v()] },
                Inline::Code(Text::literal(value)),
                status(Tone::Good, value),
                Inline::Link { url: format!("https://x.example/{value}"), content: vec![v()] },
                Inline::Reference(Reference {
                    document: None,
                    label: Some(value.into()),
                    text: format!("see {value}"),
                    field: Some(value.into()),
                }),
                Inline::Footnote { number: 1 },
                Inline::Field(Field {
                    name: value.into(),
                    label: value.into(),
                    kind: FieldKind::Choice,
                    choices: vec![value.into(), value.into()],
                }),
            ]),
            list(false, vec![vec![p(vec![v()])]]),
            list(true, vec![vec![p(vec![v()])]]),
            block(Node::DefinitionList { items: vec![Definition { term: vec![v()], body: vec![p(vec![v()])] }] }),
            block(Node::Table(Table {
                id: Some(format!("t{value}")),
                number: Some(1),
                caption: Some(vec![v()]),
                columns: vec![column(50.0, Align::Left), column(50.0, Align::Right)],
                header: vec![vec![v()], vec![v()]],
                rows: vec![
                    row(vec![vec![v()], vec![v()]]),
                    Row { band: true, source: None, origin: Origin::default(), cells: vec![vec![v()]] },
                ],
            })),
            block(Node::Figure(Figure {
                id: Some(format!("f{value}")),
                number: Some(1),
                image: "chart".into(),
                chart: None,
                alt: value.into(),
                width: 50.0,
                caption: Some(vec![v()]),
            })),
            callout(CalloutKind::Note, Some(value), vec![p(vec![v()]), list(true, vec![vec![p(vec![v()])]])]),
            block(Node::CodeBlock { text: Text::literal(value) }),
            block(Node::BlockQuote { body: vec![p(vec![v()])] }),
            block(Node::SignOff { signatories: vec![party(value, Some(value), value)] }),
        ],
        footnotes: BTreeMap::from([(1, vec![v()])]),
    };
    let control = &mut document.control;
    crate::model::specimen::say_everywhere(control, value);
    for word in [&mut control.id, &mut control.pack, &mut control.workspace] {
        *word = value.into();
    }
    document
}

/// The pages that a layout would tell: enough for contents that differ from one another.
pub(super) fn pages() -> Pages {
    let of = [
        ("sec-purpose", 2),
        ("sec-rules", 2),
        ("sec-accounts", 2),
        ("sec-deadlines", 3),
        ("sec-state", 4),
        ("sec-wide", 5),
        ("sec-exceptions", 8),
        ("sec-approval", 10),
    ];
    Pages { count: 10, of: of.into_iter().map(|(label, page)| (label.to_owned(), page)).collect() }
}
