//! Each rule of Word for tracked changes by itself: a redline that could break it, and that it does not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use folio::model::{Block, Document, Inline, Node, Reference, Text};
use folio::reader::{Element, Package, View, resolve};

use super::changes::{Chance, Change, Where, changed};
use super::engine;
use super::sets::{Set, pages, written};

static SET: LazyLock<Set> = LazyLock::new(|| Set::of("northwind-2022"));

const TRACKED: &[&str] = &["ins", "del", "moveFrom", "moveTo"];

/// The first redline of a kind of change in which something stands that a rule is about.
fn redline(kind: Change, moves: bool, is_wanted: impl Fn(&Package) -> bool) -> Package {
    let tries = (0..40).filter_map(|attempt| {
        let mut chance = Chance::new(900 + attempt);
        let document = &SET.documents[chance.below(SET.documents.len())];
        let mut new = changed(document, kind, &mut chance)?;
        folio::names::inherit(&mut new, document);
        let (old, new) = (SET.work(document), SET.work(&new));
        let bytes = engine::redline((&old, &pages(old.document)), (&new, &pages(new.document)), moves).unwrap();
        Some(Package::read(&bytes).unwrap())
    });
    tries.into_iter().find(is_wanted).unwrap_or_else(|| panic!("{kind:?} makes no redline that a rule is about"))
}

/// Calls with each element of the stories and those that it stands in.
fn each(package: &Package, mut see: impl FnMut(&Element, &[&Element])) {
    fn go<'e>(element: &'e Element, above: &mut Vec<&'e Element>, see: &mut dyn FnMut(&Element, &[&Element])) {
        see(element, above);
        above.push(element);
        element.elements().for_each(|child| go(child, above, see));
        above.pop();
    }
    for part in package.texts() {
        go(package.xml(&part).unwrap(), &mut Vec::new(), &mut see);
    }
}

/// How many elements of a name stand in one of the others.
fn count(package: &Package, name: &str, within: &[&str]) -> usize {
    let mut found = 0;
    each(package, |element, above| {
        let is_within = within.is_empty() || above.iter().any(|it| it.is_any(within));
        found += usize::from(element.is(name) && is_within);
    });
    found
}

#[test]
fn rule_1_what_moves_is_text_and_not_deleted_text() {
    let redline = redline(Change::MoveBlock, true, |it| count(it, "t", &["moveFrom"]) > 0);
    assert_eq!(count(&redline, "delText", &["moveFrom", "moveTo"]), 0);
}

#[test]
fn rule_2_codes_of_deleted_fields_are_deleted_codes() {
    let redline = redline(Change::DropSection, false, |it| count(it, "delInstrText", &["del"]) > 0);
    assert_eq!(count(&redline, "instrText", &["del"]), 0);
    assert_eq!(count(&redline, "delInstrText", &[]), count(&redline, "delInstrText", &["del"]));
}

#[test]
fn rule_3_ids_are_one_space_and_those_of_drawings_another() {
    let redline = redline(Change::DropFigure, false, |it| count(it, "docPr", &[]) + count(it, "drawing", &["del"]) > 0);
    let (mut ids, mut drawings) = (BTreeMap::new(), BTreeMap::new());
    each(&redline, |element, _| {
        let has_id = element.is_any(TRACKED)
            || element.is_any(&["bookmarkStart", "comment"])
            || element.name.ends_with("PrChange")
            || element.name.ends_with("RangeStart") && !element.name.starts_with("comment");
        if has_id {
            *ids.entry(element.get("id").unwrap().to_owned()).or_insert(0) += 1;
        }
        if element.name == "docPr" {
            *drawings.entry(element.value(&folio::reader::Space::None, "id").unwrap().to_owned()).or_insert(0) += 1;
        }
    });
    assert!(ids.len() > 1 && !drawings.is_empty());
    assert!(ids.values().chain(drawings.values()).all(|count| *count == 1), "{ids:?} {drawings:?}");
}

#[test]
fn rule_4_a_row_has_its_mark_and_so_have_its_runs() {
    for (kind, mark) in [(Change::AddRow, "ins"), (Change::DropRow, "del")] {
        let redline = redline(kind, false, |it| count(it, mark, &["trPr"]) > 0);
        let mut runs = 0;
        each(&redline, |element, above| {
            let row = above.iter().rev().find(|it| it.is("tr"));
            let is_marked = row.is_some_and(|row| row.child("trPr").is_some_and(|it| it.child(mark).is_some()));
            if is_marked && element.is("r") {
                runs += 1;
                assert!(above.iter().any(|it| it.is(mark)), "{kind:?}: a run without a mark");
            }
        });
        assert!(runs > 0, "{kind:?}");
    }
}

#[test]
fn rule_5_nothing_is_tracked_in_half_of_a_move() {
    let redline = redline(Change::MoveBlock, true, |it| count(it, "r", &["moveTo"]) > 0);
    for mark in TRACKED {
        assert_eq!(count(&redline, mark, &["moveFrom", "moveTo"]), 0, "{mark}");
    }
}

#[test]
fn rule_6_the_mark_of_a_paragraph_is_tracked_once() {
    let redline = redline(Change::AddSection, false, |it| count(it, "ins", &["rPr"]) > 0);
    each(&redline, |element, above| {
        if element.is("rPr") && above.last().is_some_and(|it| it.is("pPr")) {
            assert!(element.elements().filter(|it| it.is_any(TRACKED)).count() <= 1);
        }
    });
}

#[test]
fn rule_7_nothing_is_tracked_in_text_boxes() {
    let redline = redline(Change::Issued, false, |it| count(it, "del", &[]) > 0);
    for mark in TRACKED {
        assert_eq!(count(&redline, mark, &["txbxContent"]), 0, "{mark}");
    }
}

#[test]
fn rule_8_a_deleted_field_has_a_result() {
    let redline = redline(Change::DropSection, false, |it| count(it, "fldChar", &["del"]) > 0);
    for part in redline.texts() {
        redline.xml(&part).unwrap().walk(&mut |mark| {
            let mut has_result = true;
            mark.walk(&mut |element| match element.get("fldCharType").filter(|_| mark.is("del")) {
                Some("separate") => has_result = false,
                Some("end") => assert!(has_result, "a deleted field shows nothing"),
                _ => has_result |= element.is("delText") && !element.text().is_empty(),
            });
        });
    }
}

#[test]
fn rule_9_no_control_is_locked() {
    let redline = redline(Change::DropField, false, |it| count(it, "sdt", &["del"]) > 0);
    assert_eq!(count(&redline, "lock", &[]), 0);
}

#[test]
fn rule_10_neither_version_has_changes_of_its_own() {
    let document = &SET.documents[0];
    let file = Package::read(&written(&SET.work(document))).unwrap();
    for mark in TRACKED {
        assert_eq!(count(&file, mark, &[]), 0, "{mark}");
    }
}

#[test]
fn rule_11_nothing_is_moved_unless_it_is_wanted() {
    let moved = |it: &Package| count(it, "moveFrom", &[]) + count(it, "moveTo", &[]);
    redline(Change::MoveBlock, true, |it| moved(it) > 0);
    let redline = redline(Change::MoveBlock, false, |it| count(it, "del", &[]) > 0);
    assert_eq!(moved(&redline), 0);
}

#[test]
fn rule_12_each_section_keeps_what_it_refers_to() {
    let redline = redline(Change::Landscape, false, |it| count(it, "sectPr", &["pPr"]) > 0);
    for view in [View::Accept, View::Reject] {
        each(&resolve(&redline, view), |element, _| {
            if element.is("sectPr") {
                let refers = |kind: &str| element.elements().any(|it| it.is(kind));
                assert!(refers("headerReference") && refers("footerReference"), "{view:?}");
            }
        });
    }
}

#[test]
fn rule_13_the_range_of_a_move_stands_around_its_paragraph() {
    let redline = redline(Change::MoveBlock, true, |it| count(it, "moveFromRangeStart", &[]) > 0);
    let mut ranges = 0;
    each(&redline, |element, _| {
        let children: Vec<&Element> = element.elements().collect();
        for (at, child) in children.iter().enumerate() {
            for (start, end) in [("moveFromRangeStart", "moveFromRangeEnd"), ("moveToRangeStart", "moveToRangeEnd")] {
                if child.is(start) {
                    ranges += 1;
                    assert!(children[at + 1].is("p") && children[at + 2].is(end));
                }
            }
        }
    });
    assert_eq!(ranges, count(&redline, "moveFromRangeStart", &[]) + count(&redline, "moveToRangeStart", &[]));
}

#[test]
fn rule_14_fields_balance_with_the_changes_in_place_whichever_line_of_the_contents_is_first_or_last() {
    use folio::model::Heading;
    let document = &SET.documents[0];
    let heading = |id: &str| Block {
        node: Node::Heading(Heading {
            level: 1,
            id: id.into(),
            number: String::new(),
            content: vec![Inline::Text(Text::literal("What was not here before"))],
        }),
        origin: Default::default(),
    };
    let (mut first, mut last) = (document.clone(), document.clone());
    first.body.insert(0, heading("first"));
    last.body.push(heading("last"));
    for new in [&first, &last] {
        for (was, is) in [(document, new), (new, document), (&first, &last)] {
            let (old, new) = (SET.work(was), SET.work(is));
            let redline = engine::redline((&old, &pages(was)), (&new, &pages(is)), false).unwrap();
            let redline = Package::read(&redline).unwrap();
            assert_eq!(super::rules::broken(&redline), Vec::<String>::new());
            assert!(count(&redline, "fldChar", &["ins", "del"]) > 0, "a line has a field of its own");
        }
    }
}

/// LibreOffice reads neither the words beside the begin or end of a field in one run right, nor what follows.
#[test]
fn rule_15_begins_and_ends_of_fields_have_runs_of_their_own() {
    let redline = redline(Change::Words(Where::Paragraph), false, |it| count(it, "instrText", &[]) > 0);
    each(&redline, |run, _| {
        let mut runs = run.elements().filter(|_| run.is("r")).map(|it| it.name.as_str());
        let has_field = runs.any(|name| name == "fldChar");
        let has_words = run.elements().any(|it| it.is_any(&["t", "delText", "tab"]));
        assert!(!(run.is("r") && has_field && has_words), "{run:?}");
    });
}

/// LibreOffice takes the end of a paragraph away with a picture that has the paragraph to itself.
#[test]
fn rule_16_a_picture_goes_and_comes_with_its_paragraph() {
    let place = |it: &Document| it.body.iter().position(|block| matches!(block.node, Node::Figure(_)));
    let (document, at) = SET.documents.iter().find_map(|it| Some((it, place(it)?))).unwrap();
    let mut new = document.clone();
    let Node::Figure(figure) = &mut new.body[at].node else { unreachable!() };
    figure.width *= 0.5;
    folio::names::inherit(&mut new, document);
    let (was, is) = (SET.work(document), SET.work(&new));
    let redline = engine::redline((&was, &pages(document)), (&is, &pages(&new)), false).unwrap();
    let redline = Package::read(&redline).unwrap();
    assert!(count(&redline, "drawing", &["del"]) > 0);
    each(&redline, |paragraph, _| {
        let has = |mark: &str| {
            let marks = paragraph.elements().filter(|it| it.is(mark));
            let mut found = false;
            marks.for_each(|it| it.walk(&mut |element| found |= element.is("drawing")));
            found
        };
        assert!(!(paragraph.is("p") && has("del") && has("ins")), "one picture beside the other");
    });
}

/// LibreOffice leaves an empty paragraph behind where the mark of the paragraph before a table that goes is tracked.
#[test]
fn rule_17_before_a_table_that_goes_an_earlier_mark_is_tracked() {
    let is_gone = |properties: Option<&Element>| properties.is_some_and(|it| it.child("del").is_some());
    // Of each table that goes and could be helped, whether the mark before it is tracked: where another table stands
    // before, nothing can be tracked in its stead.
    let tables = |package: &Package| -> Vec<bool> {
        let body = package.xml("word/document.xml").unwrap().child("body").unwrap();
        let blocks: Vec<&Element> = body.elements().collect();
        let mark = |at: usize| is_gone(blocks[at].child("pPr").and_then(|it| it.child("rPr")));
        let goes = |at: &usize| {
            let mut rows = blocks[*at].elements().filter(|it| it.is("tr"));
            let mut before = (0..*at).rev().take_while(|before| blocks[*before].is("p"));
            // The last paragraph of all cannot go: the marks before it do.
            let is_last = blocks.len() <= *at + 3;
            !is_last
                && before.any(|before| !mark(before))
                && blocks[*at].is("tbl")
                && rows.all(|row| is_gone(row.child("trPr")))
        };
        (0..blocks.len()).filter(goes).map(|at| mark(at - 1)).collect()
    };
    let redline = redline(Change::DropTable, false, |it| !tables(it).is_empty());
    assert!(!tables(&redline).contains(&true));
}

/// A list is known by its first item. That another item comes first, which says almost the same, takes no name away.
#[test]
fn an_item_that_comes_first_leaves_the_others_their_names() {
    let is_list = |node: &Node<_>| matches!(node, Node::List(list) if list.items.iter().all(|item| !item.is_empty()));
    let mut found = SET.documents.iter().filter_map(|it| Some((it, it.body.iter().position(|b| is_list(&b.node))?)));
    let (document, at) = found.next().unwrap();
    let with = |items: &[&str]| {
        let mut made = document.clone();
        let Node::List(list) = &mut made.body[at].node else { unreachable!() };
        let of = |words: &&str| {
            let content = vec![Inline::Text(Text::literal(*words))];
            vec![Block { node: Node::Paragraph { content }, origin: Default::default() }]
        };
        list.items = items.iter().map(of).collect();
        made
    };
    const REST: &str = "the keys of each room, the badges of all guests and the list of whoever was there that day";
    let begins = "Whoever leaves last in the evening must look after";
    let document = &with(&[&format!("{begins} {REST}.")]);
    let mut new =
        with(&[&format!("In the morning the first one must see to {REST}."), &format!("{begins} nothing else.")]);
    folio::names::inherit(&mut new, document);
    let (was, is) = (SET.work(document), SET.work(&new));
    let redline = engine::redline((&was, &pages(document)), (&is, &pages(&new)), false).unwrap();
    let redline = Package::read(&redline).unwrap();
    for (view, work) in [(View::Accept, &is), (View::Reject, &was)] {
        let target = Package::read(&written(work)).unwrap();
        assert_eq!(folio::reader::difference(&resolve(&redline, view), &target), None, "{view:?}");
    }
}

/// A document of the set in which a block of a kind stands under no other, and a version of it with another one there.
fn with(
    is_wanted: impl Fn(&Node<Reference>) -> bool,
    change: impl Fn(&mut Vec<Block<Reference>>, usize),
) -> [Document; 2] {
    let place = |it: &Document| it.body.iter().position(|block| is_wanted(&block.node));
    let (document, at) = SET.documents.iter().find_map(|it| Some((it, place(it)?))).unwrap();
    let mut new = document.clone();
    change(&mut new.body, at);
    folio::names::inherit(&mut new, document);
    [document.clone(), new]
}

fn redline_of([document, new]: &[Document; 2]) -> Package {
    let (was, is) = (SET.work(document), SET.work(new));
    let redline = engine::redline((&was, &pages(document)), (&is, &pages(new)), false).unwrap();
    Package::read(&redline).unwrap()
}

/// A program that resolves what is tracked gives the numbers of lists back as they stand, whatever they lead to.
#[test]
fn rule_18_a_list_that_begins_otherwise_leaves_the_other_version_its_number() {
    let both = with(
        |node| matches!(node, Node::List(list) if list.ordered),
        |body, at| {
            let Node::List(list) = &mut body[at].node else { unreachable!() };
            list.start += 3;
        },
    );
    let redline = redline_of(&both);
    for (view, version) in [(View::Reject, &both[0]), (View::Accept, &both[1])] {
        let numbers = |package: &Package| {
            let mut found = Vec::new();
            each(package, |element, above| {
                if element.is("numId") && !above.iter().any(|it| it.is("pPrChange")) {
                    found.extend(element.get("val").map(str::to_owned));
                }
            });
            found
        };
        let target = Package::read(&written(&SET.work(version))).unwrap();
        assert_eq!(numbers(&resolve(&redline, view)), numbers(&target), "{view:?}");
    }
}

#[test]
fn rule_19_an_item_that_is_parted_has_its_end_tracked_and_no_words() {
    let words = ["Keys are kept in the safe of the first floor.", "Whoever takes one writes it down and signs for it."];
    let items = |texts: &[String]| {
        let paragraph = |text: &String| Block {
            node: Node::Paragraph { content: vec![Inline::Text(Text::literal(text.clone()))] },
            origin: Default::default(),
        };
        vec![texts.iter().map(paragraph).collect()]
    };
    let [mut old, mut new] = with(|node| matches!(node, Node::List(_)), |_, _| {});
    let at = old.body.iter().position(|block| matches!(block.node, Node::List(_))).unwrap();
    for (document, texts) in [(&mut old, vec![words.join(" ")]), (&mut new, words.map(str::to_owned).to_vec())] {
        let Node::List(list) = &mut document.body[at].node else { unreachable!() };
        list.items = items(&texts);
    }
    folio::names::inherit(&mut new, &old);
    for both in [[old.clone(), new.clone()], [new, old]] {
        let redline = redline_of(&both);
        // The space between them, and pages of the contents.
        assert!(super::least::tracked(&redline) < words[1].len() / 2);
        for (view, version) in [(View::Reject, &both[0]), (View::Accept, &both[1])] {
            let target = Package::read(&written(&SET.work(version))).unwrap();
            assert_eq!(folio::reader::difference(&resolve(&redline, view), &target), None, "{view:?}");
        }
    }
}

/// What is drawn for a small picture is no other picture where the same one is large.
#[test]
fn rule_20_a_smaller_copy_of_a_picture_leaves_the_picture() {
    let both = with(
        |node| matches!(node, Node::Figure(_)),
        |body, at| {
            let mut copy = body[at].clone();
            let Node::Figure(figure) = &mut copy.node else { unreachable!() };
            (figure.id, figure.width) = (None, figure.width * 0.5);
            body.insert(at, copy);
        },
    );
    let redline = redline_of(&both);
    assert_eq!(count(&redline, "drawing", &["del"]), 0);
    assert_eq!(count(&redline, "drawing", &["ins"]), 1);
}
