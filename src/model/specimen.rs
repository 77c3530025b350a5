//! A document made in Rust that shows every variant of the model, and values that have broken one program or another:
//! what the tests of typesetting set, and what one looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
pub(crate) use crate::testing::{strings, theme};

/// A block.
pub(crate) type B = Block<Reference>;
/// Part of a paragraph.
pub(crate) type I = Inline<Reference>;

const LOGO_SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="40" height="40" rx="8" fill="#1f3a5f"/><path d="M10 30 V10 L30 30 V10" stroke="#fff" stroke-width="5" fill="none"/><rect x="52" y="14" width="62" height="12" rx="6" fill="#1f3a5f"/></svg>"##;
const BARS_SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 160"><rect width="480" height="160" fill="#eef2f6"/><g font-family="Carlito" font-size="13" fill="#1d2329"><rect x="110" y="20" width="300" height="24" fill="#2b7a4b"/><rect x="110" y="60" width="140" height="24" fill="#b7791f"/><rect x="110" y="100" width="60" height="24" fill="#b3372f"/><text x="14" y="37">Implemented</text><text x="14" y="77">In progress</text><text x="14" y="117">Not begun</text><text x="418" y="37">86</text><text x="258" y="77">21</text><text x="178" y="117">7</text></g></svg>"##;

/// The pictures that [`document`] shows.
pub(crate) fn images() -> Images {
    let svg = |source: &str, size: (f64, f64), alt: &str| Image {
        format: ImageFormat::Svg,
        bytes: Arc::from(source.as_bytes()),
        size,
        alt: alt.into(),
    };
    Images(BTreeMap::from([
        (LOGO.to_owned(), svg(LOGO_SVG, (120.0, 40.0), "Northwind Analytics")),
        ("bars".to_owned(), svg(BARS_SVG, (480.0, 160.0), "")),
    ]))
}

/// A value as it stands at a path of the profile.
pub(crate) fn value(text: &str, path: impl Into<EcoString>) -> Text {
    Text::value(text, path)
}

/// A role, and who holds it by key and name.
pub(crate) fn party(key: &str, role: &str, holder: Option<(&str, &str)>) -> Party {
    Party {
        role: value(role, format!("roles[{key}].title")),
        name: holder.map(|(id, name)| value(name, format!("people[{id}].name"))),
        key: key.into(),
        causes: vec![format!("roles[{key}].holder").into()],
    }
}

fn day(year: i16, month: i8, day: i8, path: &str) -> Day {
    Day { date: jiff::civil::date(year, month, day), from: vec![path.into()] }
}

fn revision(at: usize, version: &str, date: (i16, i8, i8), change: &str) -> Revision {
    let path = |key: &str| format!("documents.access-control.history[{at}].{key}");
    Revision {
        version: value(version, path("version")),
        date: Some(day(date.0, date.1, date.2, &path("date"))),
        author: value("Idris Vale", path("author")),
        change: value(change, path("change")),
    }
}

/// Control data of a draft.
pub(crate) fn control() -> Control {
    Control {
        id: "access-control".into(),
        number: value("ISMS-07", "documents.access-control.number"),
        title: Text::literal("Access control policy"),
        kind: "Policy".into(),
        organisation: value("Northwind Analytics Ltd", "organisation.name"),
        organisation_short: value("Northwind", "organisation.short_name"),
        classification: Level { id: "internal".into(), label: value("Internal", "classification[internal].label") },
        version: Version::Number(value("0.3", "documents.access-control.version")),
        state: State::Draft,
        sample: false,
        date: Some(day(2026, 3, 2, "documents.isms-scope.history[0].date")),
        records_to: None,
        review_proposed: false,
        next_review: Some(NextReview::On(day(2027, 3, 2, "document_defaults.review_months"))),
        owner: party("ciso", "Chief information security officer", Some(("maren", "Maren Ostberg"))),
        author: party("analyst", "Security analyst", Some(("idris", "Idris Vale"))),
        approver: party("md", "Managing director", None),
        approvals: Vec::new(),
        effective: None,
        history: vec![
            revision(0, "0.3", (2026, 3, 2), "Rules for remote work; the review of rights is now quarterly."),
            revision(1, "0.2", (2026, 1, 14), "First complete draft."),
        ],
        standard: "ISO/IEC 27001:2013".into(),
        satisfies: vec!["Clause 5.2".into(), "Control A.9.1.1".into()],
        keywords: vec!["access".into(), "accounts".into()],
        language: "en-GB".into(),
        pack: "iso27001-2013 0.1.0".into(),
        workspace: "northwind".into(),
    }
}

/// A template's words.
pub(crate) fn text(text: &str) -> I {
    Inline::Text(Text::literal(text))
}

/// A value of the profile.
pub(crate) fn data(value: &str, path: &str) -> I {
    Inline::Text(Text::value(value, path))
}

/// A block without origin.
pub(crate) fn block(node: Node<Reference>) -> B {
    Block { node, origin: Origin::default() }
}

/// A paragraph.
pub(crate) fn p(content: Vec<I>) -> B {
    block(Node::Paragraph { content })
}

/// A heading with its number.
pub(crate) fn heading(level: u8, id: &str, number: &str, title: &str) -> B {
    block(Node::Heading(Heading { level, id: id.into(), number: number.into(), content: vec![text(title)] }))
}

/// A list of items that are blocks.
pub(crate) fn list(ordered: bool, start: u32, items: Vec<Vec<B>>) -> B {
    block(Node::List(List { ordered, start, items }))
}

/// Items of one line each.
pub(crate) fn items(texts: &[&str]) -> Vec<Vec<B>> {
    texts.iter().map(|item| vec![p(vec![text(item)])]).collect()
}

/// A row of cells.
pub(crate) fn row(cells: Vec<I>) -> Row<Reference> {
    Row {
        band: false,
        source: None,
        origin: Origin::default(),
        cells: cells.into_iter().map(|cell| vec![cell]).collect(),
    }
}

fn band(title: &str) -> Row<Reference> {
    Row { band: true, source: None, origin: Origin::default(), cells: vec![vec![text(title)]] }
}

/// A table; columns as width and alignment.
pub(crate) fn table(
    label: Option<(&str, u32, &str)>,
    columns: &[(f64, Align)],
    header: &[&str],
    rows: Vec<Row<Reference>>,
) -> B {
    block(Node::Table(Table {
        id: label.map(|(id, ..)| id.into()),
        number: label.map(|(_, number, _)| number),
        caption: label.map(|(.., caption)| vec![text(caption)]),
        columns: columns.iter().map(|(width, align)| Column { width: *width, align: *align }).collect(),
        header: header.iter().map(|word| vec![text(word)]).collect(),
        rows,
    }))
}

/// A box.
pub(crate) fn callout(kind: CalloutKind, title: Option<&str>, body: Vec<B>) -> B {
    block(Node::Callout(Callout { kind, title: title.map(Into::into), body }))
}

fn reference(label: &str, shown: &str) -> I {
    Inline::Reference(Reference { document: None, label: Some(label.into()), text: shown.into(), field: None })
}

/// A field to fill in.
pub(crate) fn field(name: &str, label: &str, kind: FieldKind) -> I {
    Inline::Field(Field { name: name.into(), label: label.into(), kind, choices: vec!["one".into(), "two".into()] })
}

const STATES: [(Tone, &str); 4] = [
    (Tone::Good, "Implemented"),
    (Tone::Caution, "In progress"),
    (Tone::Bad, "Not begun"),
    (Tone::Neutral, "Not applicable"),
];

fn state(at: usize) -> I {
    let (tone, word) = STATES[at % STATES.len()];
    Inline::Status { tone, text: Text::literal(word) }
}

/// A paragraph of running text.
pub(crate) const PROSE: &str = "The owner of a system approves each access before it is granted. The service desk \
    grants it within one working day, for the profile of the role and nothing more, and files the approval with the \
    request. Access that nobody asked for again at the quarterly review ends on the last day of that quarter.";

/// A policy with every kind of block and inline.
pub(crate) fn document() -> Document {
    let mut body = opening();
    body.extend(middle());
    body.push(wide());
    body.extend(closing());
    let footnotes = BTreeMap::from([
        (1, vec![text("The inventory of assets is "), Inline::Code(Text::literal("ISMS-12")), text(" in the portal.")]),
        (2, vec![text("Exceptions are kept in the register of exceptions.")]),
    ]);
    Document { control: control(), body, footnotes, gaps: Vec::new() }
}

fn opening() -> Vec<B> {
    let strong = |content: &str| Inline::Strong { content: vec![text(content)] };
    vec![
        callout(
            CalloutKind::Glance,
            None,
            vec![
                p(vec![text("For everybody who works with Northwind’s systems. What matters most:")]),
                list(
                    false,
                    1,
                    items(&[
                        "You get an account for your role, and only for what the role needs.",
                        "Ask for more access in the service portal; the owner of the system decides within two working days.",
                        "Never share an account, a key or a code, not even with the service desk.",
                    ]),
                ),
            ],
        ),
        heading(1, "sec-purpose", "1", "Purpose and scope"),
        p(vec![
            text("This policy says who gets access to what, "),
            strong("without exception"),
            text(", and carries out "),
            Inline::Reference(Reference {
                document: Some("scope".into()),
                label: None,
                text: "Scope of the ISMS".into(),
                field: None,
            }),
            text(". Accounts stand in "),
            reference("sec-accounts", "section 2.1"),
            text(", deadlines in "),
            reference("tab-deadlines", "Table 1"),
            text("."),
            Inline::Footnote { number: 1 },
        ]),
        p(vec![text(PROSE)]),
        heading(1, "sec-rules", "2", "Rules"),
        heading(2, "sec-accounts", "2.1", "Accounts"),
        p(vec![text("Three kinds of account exist:")]),
        list(
            true,
            1,
            vec![
                vec![p(vec![strong("Personal accounts. "), text(PROSE)])],
                vec![
                    p(vec![strong("Privileged accounts "), text("for administration:")]),
                    list(
                        false,
                        1,
                        vec![
                            vec![p(vec![text("separate from the personal account of the same person;")])],
                            vec![
                                p(vec![text("with a second factor that is a thing, never a message:")]),
                                list(true, 1, items(&["a security key,", "or a smart card."])),
                            ],
                        ],
                    ),
                    p(vec![text("They are reviewed every month by the owner of the system.")]),
                ],
                vec![
                    p(vec![text("Service accounts, which no person uses.")]),
                    list(true, 1, items(&["One for each service.", "Each with an owner."])),
                ],
            ],
        ),
        p(vec![text("A list that begins at nine:")]),
        list(true, 9, items(&["The line manager asks.", "The owner approves.", "The service desk grants."])),
    ]
}

fn middle() -> Vec<B> {
    use Align::{Left, Right};
    let mut rows = vec![band("Joining and moving")];
    rows.extend((0..3).map(|at| {
        row(vec![
            text("New employee, or a change of role; the old rights end on the same day"),
            text("Service desk"),
            text("24"),
            state(at),
        ])
    }));
    rows.push(band("Leaving"));
    rows.push(row(vec![text("Return of devices"), text("Line manager"), text("120"), state(3)]));
    vec![
        heading(2, "sec-deadlines", "2.2", "Deadlines"),
        p(vec![text("All deadlines count from the moment at which the request is complete.")]),
        table(
            Some(("tab-deadlines", 1, "Deadlines for access")),
            &[(34.0, Left), (26.0, Left), (14.0, Right), (26.0, Left)],
            &["Event", "Who acts", "Hours", "State"],
            rows,
        ),
        p(vec![
            text("After a table. "),
            Inline::Emphasis { content: vec![text("Emphasis")] },
            text(", "),
            Inline::Code(Text::literal("code()")),
            text(" and "),
            Inline::Link { url: "https://example.org/a?b=1&c=ü".into(), content: vec![text("a link")] },
            text(" stand in one line."),
            Inline::LineBreak,
            text("A line break, and\na newline of the data."),
        ]),
        heading(
            3,
            "sec-codes",
            "2.2.1",
            "Codes and keys, with a heading that is so long that it needs a second line to say all it has to say",
        ),
        callout(
            CalloutKind::Note,
            Some("Recovery codes"),
            vec![p(vec![text("Printed once and kept in the safe in the office in Leeds.")])],
        ),
        p(vec![text("Between two boxes.")]),
        callout(CalloutKind::Important, None, vec![p(vec![text(PROSE)])]),
        callout(
            CalloutKind::Warning,
            None,
            vec![p(vec![text(
                "Never paste a key into a chat. A key that was pasted is lost; replace it within the hour.",
            )])],
        ),
        block(Node::CodeBlock { text: Text::literal("folio render .\n\tfolio check --fail-on warning\n") }),
        block(Node::BlockQuote {
            body: vec![p(vec![text("A rule that nobody can follow is a rule that nobody will follow.")])],
        }),
        heading(4, "sec-terms", "2.2.1.1", "Terms"),
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
                        list(false, 1, items(&["One holder at least.", "One deputy."])),
                    ],
                },
            ],
        }),
        table(
            None,
            &[(40.0, Left), (60.0, Left)],
            &["Without", "Caption"],
            vec![row(vec![text("A small table"), text("without number")])],
        ),
        heading(1, "sec-state", "3", "State of the controls"),
        block(Node::Figure(Figure {
            id: Some("fig-state".into()),
            number: Some(1),
            image: "bars".into(),
            chart: None,
            width: 80.0,
            alt: "Bar chart: 86 controls implemented, 21 in progress, 7 not begun".into(),
            caption: Some(vec![text("State of the 114 controls")]),
        })),
        p(vec![
            reference("fig-state", "Figure 1"),
            text(" shows the state, "),
            reference("tab-wide", "Table 2"),
            text(" the detail."),
        ]),
    ]
}

fn wide() -> B {
    use Align::{Left, Right};
    let rows = (0..60).map(|at| row(vec![
        data(&format!("A.{}.{}", 5 + at / 8, at % 8 + 1), "controls"),
        text("Access to networks and network services"),
        state(at),
        text("Required by the risk of unauthorised access to customer data; the managed network service refuses devices that are not enrolled."),
        text(&format!("{}.5", at * 3)),
    ]));
    let columns = [(8.0, Left), (26.0, Left), (16.0, Left), (42.0, Left), (8.0, Right)];
    block(Node::Landscape {
        body: vec![
            heading(1, "sec-wide", "4", "Statement on its side"),
            p(vec![text("The table needs the width.")]),
            table(
                Some(("tab-wide", 2, "Controls, with reasons")),
                &columns,
                &["Control", "Title", "State", "Reason", "Score"],
                rows.collect(),
            ),
        ],
    })
}

fn closing() -> Vec<B> {
    let mut body = vec![
        heading(1, "sec-exceptions", "5", "Exceptions"),
        p(vec![
            text("An exception is granted by "),
            field("granted-by", "name of the owner", FieldKind::Text),
            text(" until "),
            field("until", "date", FieldKind::Date),
            text(" for "),
            field("what", "", FieldKind::Choice),
            text("."),
            Inline::Footnote { number: 2 },
        ]),
    ];
    for at in 1..=6 {
        body.push(heading(
            2,
            &format!("sec-rule-{at}"),
            &format!("5.{at}"),
            &format!("Rule {at} of those that fill the pages"),
        ));
        body.extend([p(vec![text(PROSE)]), p(vec![text(PROSE), text(" "), text(PROSE)])]);
        body.push(list(
            at % 2 == 0,
            1,
            items(&["First.", "Second, which says a little more than the first.", "Third."]),
        ));
    }
    body.extend([
        block(Node::PageBreak),
        heading(1, "sec-approval", "6", "Approval"),
        p(vec![text("This policy is in force from the date of the last signature.")]),
        block(Node::SignOff {
            signatories: vec![
                party("ciso", "Chief information security officer", Some(("maren", "Maren Ostberg"))),
                party("md", "Managing director", None),
            ],
        }),
    ]);
    body
}

/// Prose of about six pages: what the cost of a document is measured with.
pub(crate) fn prose() -> Document {
    let mut body = Vec::new();
    for section in 1..=8 {
        body.push(heading(1, &format!("sec-{section}"), &section.to_string(), "What is done and by whom"));
        for part in 1..=2 {
            body.push(heading(2, &format!("sec-{section}-{part}"), &format!("{section}.{part}"), "Who approves"));
            body.extend([p(vec![text(PROSE)]), p(vec![text(PROSE)])]);
            body.push(list(
                true,
                1,
                items(&[
                    "The line manager asks.",
                    "The owner of the system approves within one working day.",
                    "The service desk grants.",
                ]),
            ));
        }
    }
    Document { control: control(), body, footnotes: BTreeMap::new(), gaps: Vec::new() }
}

/// Values that have broken one program or another, all in the reach of the bundled fonts.
pub(crate) const HOSTILE: &[&str] = &[
    "& < > \" '",
    "&amp; &#7; &lt;w:p/&gt;",
    "]]> <!-- --> <?xml?>",
    "| * _ # [ ] { } {{ }} ` \\ ~ ^ $ @ <a>",
    "=1+1",
    "](javascript:alert(1))",
    "line one\nline two\r\nline three\rline four",
    "tab\there\tand\there",
    " leading and trailing ",
    "two  blanks",
    "zero\u{200b}width\u{200d}joiner\u{feff}bom",
    "soft\u{ad}hyphen no\u{a0}break non\u{2011}breaking",
    "e\u{301} combining",
    "\u{202e}override\u{202c}",
    "C:\\path\\file",
    "%s %n %d",
    "$(rm -rf)",
    "'; DROP TABLE--",
    "next\u{85}line",
    "a\u{2028}separator\u{2029}b",
    "-",
    "+ item",
    "= heading",
    "/ term: x",
    "// comment",
    "#panic()",
    "@label <label>",
    "~x~ -- --- ...",
    "1. one",
];

/// A document with one value in every kind of place.
pub(crate) fn everywhere(value: &str) -> Document {
    let v = || data(value, "risks[R-01].name");
    let mut document = Document {
        control: control(),
        gaps: Vec::new(),
        body: vec![
            block(Node::Heading(Heading { level: 1, id: "sec-a".into(), number: "1".into(), content: vec![v()] })),
            p(vec![
                v(),
                Inline::Strong { content: vec![v()] },
                Inline::Emphasis { content: vec![v()] },
                Inline::Code(Text::literal(value)),
                Inline::Status { tone: Tone::Good, text: Text::literal(value) },
                Inline::Unrecorded(Text::literal(value)),
                Inline::Link { url: "https://x.example/".into(), content: vec![v()] },
                Inline::Reference(Reference {
                    document: None,
                    label: Some("sec-a".into()),
                    text: value.into(),
                    field: None,
                }),
                Inline::Footnote { number: 1 },
                field("f", value, FieldKind::Choice),
            ]),
            list(false, 1, vec![vec![p(vec![v()])]]),
            list(true, 1, vec![vec![p(vec![v()])]]),
            block(Node::DefinitionList { items: vec![Definition { term: vec![v()], body: vec![p(vec![v()])] }] }),
            table(
                Some(("tab-a", 1, value)),
                &[(20.0, Align::Left), (80.0, Align::Right)],
                &[value, value],
                vec![band(value), row(vec![v(), v()])],
            ),
            block(Node::Figure(Figure {
                id: None,
                number: Some(1),
                image: "bars".into(),
                chart: None,
                alt: value.into(),
                width: 50.0,
                caption: Some(vec![v()]),
            })),
            callout(CalloutKind::Note, Some(value), vec![p(vec![v()])]),
            block(Node::CodeBlock { text: Text::literal(value) }),
            block(Node::BlockQuote { body: vec![p(vec![v()])] }),
            block(Node::SignOff { signatories: vec![party(value, value, Some((value, value)))] }),
        ],
        footnotes: BTreeMap::from([(1, vec![v()])]),
    };
    say_everywhere(&mut document.control, value);
    document
}

/// Puts a value into every text of control data.
pub(crate) fn say_everywhere(control: &mut Control, value: &str) {
    for text in [
        &mut control.number,
        &mut control.title,
        &mut control.organisation,
        &mut control.organisation_short,
        &mut control.classification.label,
        &mut control.owner.role,
    ] {
        text.text = value.into();
    }
    control.version = Version::Number(Text::literal(value));
    for word in [&mut control.kind, &mut control.standard] {
        *word = value.into();
    }
    control.keywords = vec![value.into()];
    control.satisfies = vec![value.into()];
}
