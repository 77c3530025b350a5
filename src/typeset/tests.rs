//! Tests of typesetting as a whole; those that write files to look at are ignored.

use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::model::specimen::{self as made, heading, text};
use crate::model::{Align, Inline, Node, Origin, Reference, Row, Text};

fn typesetter() -> Typesetter {
    let fonts = Arc::new(Fonts::new([]));
    Typesetter::new(fonts, &made::theme(), &made::strings(), &made::images()).unwrap()
}

/// As documents are made: in a pool of one thread.
fn alone<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(16 << 20).build().unwrap().install(act)
}

fn messages(sink: &Sink) -> Vec<String> {
    sink.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

/// Writes the specimen and a document of hostile values below the temporary folder, to look at.
#[test]
#[ignore = "writes files to look at"]
#[allow(clippy::disallowed_methods, clippy::print_stderr)]
fn specimen_to_disk() {
    let folder = std::env::temp_dir().join("folio-specimen");
    std::fs::create_dir_all(&folder).unwrap();
    let typesetter = typesetter();
    let mut sample = made::everywhere(&"x".repeat(10_000));
    sample.control.sample = true;
    let mut issued = made::prose();
    issued.control.state = crate::model::State::Issued;
    let mut all = made::everywhere("x");
    all.body.clear();
    for (at, value) in made::HOSTILE.iter().enumerate() {
        all.body.push(heading(1, &format!("sec-{at}"), &at.to_string(), value));
        let mut part = made::everywhere(value).body;
        part.remove(0);
        all.body.append(&mut part);
    }
    all.footnotes.insert(1, vec![text("x")]);
    retarget(&mut all.body);
    for (name, document) in [("specimen", made::document()), ("prose", issued), ("long", sample), ("hostile", all)] {
        let start = Instant::now();
        let layout = typesetter.layout(&document).unwrap_or_else(|sink| panic!("{name}: {:?}", messages(&sink)));
        let middle = Instant::now();
        let bytes = layout.pdf().unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        eprintln!("{name}: {} pages, layout {:?}, PDF {:?}", layout.pages().count, middle - start, middle.elapsed());
        std::fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap();
        release_memory(1);
    }
}

/// Many parts in one document: labels would stand twice.
fn retarget(blocks: &mut [crate::model::Block<crate::model::Reference>]) {
    for (at, block) in blocks.iter_mut().enumerate() {
        if let Node::Table(table) = &mut block.node {
            table.id = Some(format!("tab-{at}"));
        }
        if let Node::Paragraph { content } = &mut block.node {
            content.retain(|inline| !matches!(inline, crate::model::Inline::Reference(_)));
        }
    }
}

/// Bands that head nothing, at the end of a table and one after another, wherever on a page that is.
#[test]
fn a_band_without_rows_is_laid_out() {
    let mut document = made::document();
    let at = document.body.iter().position(|block| matches!(block.node, Node::Table(_))).unwrap();
    let band =
        |title: &str| Row { band: true, source: None, origin: Origin::default(), cells: vec![vec![text(title)]] };
    let Node::Table(table) = &document.body[at].node else { unreachable!() };
    let plain = table.rows.iter().find(|row| !row.band).unwrap().clone();
    let typesetter = typesetter();
    let bands: [&[&str]; 2] = [&["One"], &["One", "Two"]];
    for (count, titles) in (20..40).flat_map(|count| bands.map(|titles| (count, titles))) {
        if let Node::Table(table) = &mut document.body[at].node {
            table.rows = vec![plain.clone(); count];
            table.rows.extend(titles.iter().map(|title| band(title)));
        }
        alone(|| assert!(typesetter.layout(&document).is_ok(), "{count} rows before"));
    }
}

/// What a document costs once the process is warm; processor time of one thread.
#[test]
#[ignore = "measures"]
#[allow(clippy::print_stderr)]
fn cost() {
    let typesetter = typesetter();
    for (name, document) in [("prose", made::prose()), ("specimen", made::document())] {
        for round in 0..6 {
            let mut document = document.clone();
            // Nothing of the round before may help.
            document.control.title.text = format!("{} {round}", document.control.title.text);
            for block in &mut document.body {
                if let Node::Paragraph { content } = &mut block.node {
                    content.push(text(&format!(" Round {round}.")));
                }
            }
            alone(|| {
                let start = Instant::now();
                let layout = typesetter.layout(&document).unwrap();
                let middle = Instant::now();
                let bytes = layout.pdf().unwrap();
                eprintln!(
                    "{name} {round}: {} pages, {} bytes, layout {:?}, PDF {:?}",
                    layout.pages().count,
                    bytes.len(),
                    middle - start,
                    middle.elapsed()
                );
                release_memory(1);
            });
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes_on_any_thread() {
    let typesetter = typesetter();
    let document = made::document();
    let write = || alone(|| typesetter.layout(&document).unwrap().pdf().unwrap());
    let first = write();
    release_memory(1);
    assert!(first == write(), "two runs differ");
    let others: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(write)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(others.iter().all(|other| *other == first), "threads differ");
    assert!(first == alone(|| self::typesetter().layout(&document).unwrap().pdf().unwrap()), "two typesetters differ");
}

#[test]
fn pages_are_those_of_headings_tables_and_figures() {
    let layout = typesetter().layout(&made::document()).unwrap();
    let pages = layout.pages();
    assert_eq!(pages.count, 12);
    let of = |label: &str| pages.of.get(label).copied().unwrap_or_default();
    assert_eq!(of("sec-purpose"), 2);
    assert_eq!(of("sec-wide"), of("tab-wide"), "the caption's page is that of the table");
    assert!(of("fig-state") < of("sec-wide"), "pages on their side begin a page");
    assert!(of("sec-exceptions") > of("tab-wide") + 2, "a long table fills pages");
    assert_eq!(of("sec-approval"), 12, "a page break begins a page");
    assert_eq!(pages.of.len(), walk(&made::document().body).into_iter().filter_map(Block::label).count());
}

#[test]
fn headings_keep_the_numbers_of_the_model() {
    let mut document = made::prose();
    document.body.truncate(2);
    for block in &mut document.body {
        if let Node::Heading(heading) = &mut block.node {
            heading.number = if heading.level == 1 { "A7".to_owned() } else { String::new() };
        }
    }
    let words = words(&typesetter().layout(&document).unwrap().document.pages()[0].frame);
    assert_eq!(words.matches("A7").count(), 2, "in the contents and in its place: {words}");
    assert!(!words.contains("1.1Who"), "{words}");
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_place() {
    let mut document = made::prose();
    document.control.owner.name = Some(made::value("山田", "people[yamada].name"));
    let mut block = made::p(vec![
        made::data("risk of 炎", "risks[R-07].name"),
        text("bell \u{7}"),
        text("fine: → ≥ é e\u{301} \u{200B}\u{AD}\u{202E} non\u{2011}breaking\u{2003}space"),
    ]);
    block.origin.span = Some(crate::diagnostic::Span::text("documents/a.md.hbs", 7, 1, 3));
    document.body.push(block);
    document.body.push(made::p(vec![Inline::Code(Text::literal("private \u{E001}"))]));
    // Word has fonts of its own: only the PDF is refused.
    let sink = typesetter().layout(&document).unwrap().pdf().unwrap_err();
    let problems: Vec<_> = sink
        .iter()
        .map(|problem| {
            (problem.message.as_str(), problem.path.as_deref(), problem.span.as_ref().map(ToString::to_string))
        })
        .collect();
    assert_eq!(
        problems,
        [
            ("`山田` has characters that no font has: 山 U+5C71, 田 U+7530", Some("people[yamada].name"), None),
            ("`risk of 炎` has characters that no font has: 炎 U+708E", Some("risks[R-07].name"), None),
            (
                "`bell \u{FFFD}` has characters that no font has: U+0007",
                None,
                Some("documents/a.md.hbs:7:1".to_owned())
            ),
            ("`private \u{FFFD}` has characters that no font has: U+E001", None, None),
        ]
    );
    assert_eq!(sink.iter().nth(1).unwrap().related[0].0.to_string(), "documents/a.md.hbs:7:1");
    assert!(sink.iter().all(|problem| problem.code == "F503"));
}

#[test]
fn hostile_values_are_set_as_they_are() {
    let typesetter = typesetter();
    for value in made::HOSTILE {
        let layout = typesetter
            .layout(&made::everywhere(value))
            .unwrap_or_else(|sink| panic!("{value:?}: {:?}", messages(&sink)));
        layout.pdf().unwrap_or_else(|problem| panic!("{value:?}: {problem:?}"));
        release_memory(1);
    }
}

#[test]
fn nothing_leaves_the_page() {
    let layout = typesetter().layout(&made::everywhere(&"W".repeat(10_000))).unwrap();
    for (at, page) in layout.document.pages().iter().enumerate() {
        let size = page.frame.size();
        let (right, bottom) = extent(&page.frame, (0.0, 0.0));
        assert!(right <= size.x.to_pt() - 40.0, "page {at}: {right}");
        assert!(bottom <= size.y.to_pt(), "page {at}: {bottom}");
    }
    layout.pdf().unwrap();
}

#[test]
fn fields_of_a_narrow_column_stay_in_it() {
    let mut document = made::prose();
    let cell = |at: usize| made::field(&format!("f-{at}"), "From", crate::model::FieldKind::Text);
    let columns = [(12.5, Align::Left); 8];
    document.body.push(made::table(None, &columns, &["Head"; 8], vec![made::row((0..8).map(cell).collect())]));
    let layout = typesetter().layout(&document).unwrap();
    let page = layout.document.pages().last().unwrap();
    let (right, _) = extent(&page.frame, (0.0, 0.0));
    let margin = made::theme().page.margin_right.to_pt();
    assert!(right <= page.frame.size().x.to_pt() - margin + 1.0, "{right}");
}

/// How far right and down the text and lines of a frame go; the watermark, which is turned, left out.
fn extent(frame: &typst::layout::Frame, from: (f64, f64)) -> (f64, f64) {
    use typst::layout::FrameItem;
    let mut most = from;
    for (point, item) in frame.items() {
        let (x, y) = (from.0 + point.x.to_pt(), from.1 + point.y.to_pt());
        let (right, bottom) = match item {
            FrameItem::Group(group) if group.transform.is_identity() => extent(&group.frame, (x, y)),
            FrameItem::Text(text) => (x + text.width().to_pt(), y),
            FrameItem::Shape(shape, _) => (x + shape.geometry.bbox(None).max.x.to_pt(), y),
            _ => (x, y),
        };
        most = (most.0.max(right), most.1.max(bottom));
    }
    most
}

#[test]
fn blocks_that_need_the_page_do_no_harm_inside_others() {
    let mut document = made::prose();
    let inner = vec![
        made::block(Node::PageBreak),
        made::block(Node::Landscape { body: vec![made::p(vec![text("turned")])] }),
        heading(1, "sec-in", "9", "In a list"),
    ];
    document.body.push(made::list(false, 1, vec![inner.clone()]));
    document.body.push(made::block(Node::BlockQuote { body: vec![made::block(Node::Landscape { body: vec![] })] }));
    document.body.push(made::block(Node::Landscape {
        body: vec![
            made::block(Node::Landscape { body: vec![made::p(vec![text("twice")])] }),
            made::block(Node::PageBreak),
        ],
    }));
    let layout = typesetter().layout(&document).unwrap_or_else(|sink| panic!("{:?}", messages(&sink)));
    assert!(layout.pages().of.contains_key("sec-in"));
    layout.pdf().unwrap();
}

#[test]
fn a_footnote_that_is_marked_twice_stands_once() {
    let mut document = made::prose();
    document.footnotes.insert(1, vec![text("the note")]);
    document.body.push(made::p(vec![
        text("a"),
        Inline::Footnote { number: 1 },
        text(" b"),
        Inline::Footnote { number: 1 },
    ]));
    let layout = typesetter().layout(&document).unwrap_or_else(|sink| panic!("{:?}", messages(&sink)));
    let all: String = layout.document.pages().iter().map(|page| words(&page.frame)).collect();
    assert_eq!(all.matches("the note").count(), 1);
    layout.pdf().unwrap();
}

/// The text of a frame, in the order in which it is drawn.
fn words(frame: &typst::layout::Frame) -> String {
    use typst::layout::FrameItem;
    let word = |item: &FrameItem| match item {
        FrameItem::Group(group) => words(&group.frame),
        FrameItem::Text(text) => text.text.to_string(),
        _ => String::new(),
    };
    frame.items().map(|(_, item)| word(item)).collect()
}

#[test]
fn what_pdf_ua_forbids_is_found_before_it_is_laid_out() {
    let mut document = made::prose();
    document.control.title.text = " ".to_owned();
    document.control.language = "English".to_owned();
    let figure = |image: &str, alt: &str| {
        Node::Figure(crate::model::Figure {
            id: None,
            number: None,
            image: image.into(),
            chart: None,
            alt: alt.into(),
            width: 50.0,
            caption: None,
        })
    };
    document.body.extend([
        heading(4, "sec-deep", "8.2.0.1", "Deep"),
        heading(1, "sec-1", "9", "Twice"),
        heading(1, "sec-empty", "10", " "),
        made::block(figure("bars", "")),
        made::block(figure("none", "x")),
        made::table(
            Some(("tab-a", 1, "A")),
            &[(50.0, Align::Left), (50.0, Align::Left)],
            &["", " "],
            vec![made::row(vec![text("one cell")])],
        ),
        made::p(vec![
            Inline::Reference(Reference {
                document: None,
                label: Some("sec-deap".into()),
                text: "x".into(),
                field: None,
            }),
            Inline::Footnote { number: 7 },
        ]),
    ]);
    let sink = typesetter().layout(&document).err().unwrap();
    assert_eq!(
        messages(&sink),
        [
            "F505 `access-control` has no title",
            "F505 `English` is no language of the form `en` or `en-GB`",
            "F506 the heading `sec-deep` has level 4 and stands below one of level 2",
            "F506 the id `sec-1` is given twice",
            "F506 the heading `sec-empty` has no text",
            "F506 the picture `bars` has no alternative text",
            "F507 there is no picture `none`",
            "F506 the table `tab-a` has no header row",
            "F506 the table `tab-a` has 2 columns, but not every row has as many cells",
            "F507 there is no footnote 7",
            "F507 nothing in the document has the id `sec-deap`",
        ]
    );
    assert_eq!(sink.iter().last().unwrap().help, ["did you mean `sec-deep`?"]);
}

#[test]
fn a_family_that_nobody_has_and_a_file_that_is_no_font_are_faults() {
    let mut theme = made::theme();
    theme.fonts.body.pdf = "Carlitto".to_owned();
    let fonts = Arc::new(Fonts::new([]));
    let sink = Typesetter::new(fonts, &theme, &made::strings(), &made::images()).err().unwrap();
    assert_eq!(messages(&sink), ["F502 no font file has the family `Carlitto`"]);
    assert_eq!(sink.iter().next().unwrap().help, ["did you mean `Carlito`?"]);
    let fault = FontFile::read("fonts/house.woff2", b"wOF2".to_vec()).unwrap_err();
    assert_eq!(fault.message, "`fonts/house.woff2` is not a TrueType or OpenType font");
    assert_eq!(fault.span.unwrap().to_string(), "fonts/house.woff2");
}

#[test]
fn headers_and_footers_of_both_formats_say_the_same_words() {
    use crate::backend::{Work, Write, docx};
    use crate::model::Version;
    let parts = |json: serde_json::Value| serde_json::from_value(json).unwrap();
    let mut theme = made::theme();
    theme.header = parts(serde_json::json!({"left": ["logo", "organisation", "number"], "right": ["version"]}));
    theme.footer = parts(serde_json::json!({
        "left": [["title"], ["Prepared for {organisation-name}"]],
        "center": ["date", {"image": "bars", "height": "5mm", "alt": "A chart"}],
        "right": [["classification", "page"], ["{page-number} of {page-count}", "state", "owner"]]
    }));
    let fonts = Arc::new(Fonts::new([]));
    let (strings, images) = (made::strings(), made::images());
    let typesetter = Typesetter::new(fonts, &theme, &strings, &images).unwrap();
    let long = "A title that is longer than any margin ".repeat(4);
    for (version, title, organisation) in [
        (Version::Number(Text::literal("0.3")), "Access control policy", "Northwind"),
        (Version::Draft, "Access control\npolicy", "Northwind"),
        (Version::Number(Text::literal("for comment")), long.as_str(), ""),
    ] {
        let mut document = made::prose();
        document.control.version = version;
        document.control.title.text = title.into();
        document.control.organisation_short.text = organisation.into();
        let layout = typesetter.layout(&document).unwrap_or_else(|sink| panic!("{:?}", messages(&sink)));
        let work = Work { document: &document, theme: &theme, strings: &strings, images: &images };
        let Write::Pages(write) = docx::FORMAT.write else { panic!("Word's contents name pages") };
        let file = write(&work, &layout).unwrap();
        let page = &layout.document.pages()[0].frame;
        let bottom = page.size().y.to_pt() - theme.page.margin_bottom.to_pt();
        for (part, from, to) in [("header1", 0.0, theme.page.margin_top.to_pt()), ("footer1", bottom, f64::MAX)] {
            let mut shown: Vec<char> = words_between(page, 0.0, (from, to)).chars().collect();
            let mut written: Vec<char> = words_of_part(&file, part).chars().collect();
            // Several lines stand side by side in the one format, and below one another in the other.
            shown.sort_unstable();
            written.sort_unstable();
            assert_eq!(shown, written, "{part} of {title}");
        }
    }
}

#[test]
fn a_cover_and_a_first_page_of_its_own_are_the_same_in_both_formats() {
    use crate::backend::{Work, Write, docx};

    let (strings, images) = (made::strings(), made::images());
    let fonts = Arc::new(Fonts::new([]));
    let mut theme = made::theme();
    theme.header.first = Some(serde_json::from_value(serde_json::json!({"left": ["Only here"]})).unwrap());
    let body = made::prose();
    let print = |theme: &Theme| {
        let typesetter = Typesetter::new(fonts.clone(), theme, &strings, &images).unwrap();
        let layout = typesetter.layout(&body).unwrap_or_else(|sink| panic!("{:?}", messages(&sink)));
        let work = Work { document: &body, theme, strings: &strings, images: &images };
        let Write::Pages(write) = docx::FORMAT.write else { panic!("Word's contents name pages") };
        (write(&work, &layout).unwrap(), layout)
    };
    let top = theme.page.margin_top.to_pt();
    let header = |layout: &Layout, page: usize| {
        let frame = &layout.document.pages()[page].frame;
        words_between(frame, 0.0, (0.0, top))
    };
    let (file, layout) = print(&theme);
    assert!(layout.document.pages().len() > 1);
    assert_eq!(header(&layout, 0), "Onlyhere");
    assert_eq!(header(&layout, 0), words_of_part(&file, "header3"));
    assert_eq!(header(&layout, 1), words_of_part(&file, "header1"));
    let plain = layout.document.pages().len();

    theme.header.first = None;
    theme.cover = Some(serde_json::from_value(serde_json::json!({"foot": ["Prepared by Tideway"]})).unwrap());
    let (file, layout) = print(&theme);
    assert_eq!(header(&layout, 0), "", "a cover has no header");
    assert_eq!(header(&layout, 1), words_of_part(&file, "header1"));
    let cover = words_between(&layout.document.pages()[0].frame, 0.0, (0.0, f64::MAX));
    let control = &body.control;
    for word in [&control.title.text, &control.organisation.text, &control.number.text, "Prepared by Tideway"] {
        let word: String = word.split_whitespace().collect();
        assert!(cover.contains(&word), "{word} is not on the cover: {cover}");
    }
    let owner: String = control.owner.role.text.split_whitespace().collect();
    assert!(!cover.contains(&owner), "the control table stands on the next page: {cover}");
    assert!(layout.document.pages().len() >= plain);
    layout.pdf().unwrap_or_else(|sink| panic!("{:?}", messages(&sink)));
}

/// The words of a frame that stand between two heights, without blanks.
fn words_between(frame: &typst::layout::Frame, at: f64, (from, to): (f64, f64)) -> String {
    use typst::layout::FrameItem;
    let word = |(point, item): &(typst::layout::Point, FrameItem)| {
        let y = at + point.y.to_pt();
        match item {
            FrameItem::Group(group) if group.transform.is_identity() => words_between(&group.frame, y, (from, to)),
            FrameItem::Text(text) if y > from && y < to => text.text.split_whitespace().collect(),
            _ => String::new(),
        }
    };
    frame.items().map(word).collect()
}

/// The words of a Word file's header or footer, without blanks.
fn words_of_part(file: &[u8], part: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(&format!("word/{part}.xml")).unwrap(), &mut xml).unwrap();
    let texts = xml.split("<w:t").skip(1).filter(|rest| rest.starts_with([' ', '>']));
    let text = |rest: &str| rest.split_once('>').unwrap().1.split_once("</w:t>").unwrap().0.to_owned();
    texts.map(text).flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}
