//! What stands around the body of a document, held against that of another version: what differs is marked, as in the body.

use super::feed::{Inline, Line, MarginPart, MarginPiece, Piece, finished, join, piece};
use super::fit::{Fit, Room};
use crate::align::{self, Step};
use crate::appended;
use crate::model::{Control, Mark, Text};
use crate::strings::Strings;
use crate::wording::{self, ControlTable, Said, Shown};

/// A text; with what differs from how it was marked, where it is held against that.
pub(super) fn line<'a>(was: Option<&str>, is: &str, fit: &Fit, room: Room) -> Line<'a> {
    match was {
        Some(was) if was != is => finished(pieces(was, is, fit, room)),
        _ => Line::Text(fit.words(is, room).into_owned()),
    }
}

/// A text that one version alone has.
fn alone<'a>(text: &str, mark: Mark, fit: &Fit, room: Room) -> Line<'a> {
    match mark {
        Mark::Added => line(Some(""), text, fit, room),
        Mark::Removed => line(Some(text), "", fit, room),
    }
}

/// Two texts as one, with what one of them alone has marked.
fn pieces<'a>(was: &str, is: &str, fit: &Fit, room: Room) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    for part in align::phrases(was, is) {
        let (text, mark) = match part {
            align::Piece::Kept(text) => {
                join(&mut found, &fit.words(text, room));
                continue;
            }
            align::Piece::Removed(text) => (text, Mark::Removed),
            align::Piece::Added(text) => (text, Mark::Added),
        };
        let mut inner = Vec::new();
        join(&mut inner, &fit.words(text, room));
        found.push(Piece::Other(Inline::Marked { mark, content: finished(inner) }));
    }
    found
}

/// The way through what is known by a name and says something.
fn steps(was: &[(String, String)], is: &[(String, String)]) -> Vec<Step> {
    let [was, is] = [was, is].map(|list| list.iter().map(|(key, text)| align::Line { key, text }).collect::<Vec<_>>());
    align::lines(&was, &is)
}

/// Label and value of a control table, with the mark of what is proposed where it is.
pub(super) type Pair<'a> = (Line<'a>, Line<'a>, Option<Inline<'a>>);

/// The rows of the control table, each of two pairs or of one that has the row to itself.
pub(super) fn control_table<'a>(
    is: ControlTable<'a>,
    before: Option<&'a Control>,
    is_listed: bool,
    strings: &'a Strings,
    fit: &Fit,
    room: Room,
) -> Vec<Vec<Pair<'a>>> {
    let was = before.map(|before| wording::control_table(before, strings));
    let (was, was_last) = was.map(|was| (was.pairs, was.last.into_iter().collect())).unzip();
    let mut rows = Vec::new();
    let mut two = pairs(is.pairs, was, is_listed, fit, room).into_iter();
    while let Some(pair) = two.next() {
        rows.push([pair].into_iter().chain(two.next()).collect());
    }
    rows.extend(
        pairs(is.last.into_iter().collect(), was_last, is_listed, fit, room).into_iter().map(|pair| vec![pair]),
    );
    rows
}

fn pairs<'a>(
    is: Vec<wording::Pair<'a>>,
    was: Option<Vec<wording::Pair<'a>>>,
    is_listed: bool,
    fit: &Fit,
    room: Room,
) -> Vec<Pair<'a>> {
    let proposed = |words: &[Text]| {
        let label = is_listed.then_some(appended::PROPOSED);
        words.iter().any(|text| text.proposed).then_some(Inline::Proposed { label })
    };
    let label = |label: &str| Line::Text(label.to_owned());
    let Some(was) = was else {
        let pair = |(name, words): (&str, Vec<Text>)| {
            (label(name), line(None, &wording::plain(&words), fit, room), proposed(&words))
        };
        return is.into_iter().map(pair).collect();
    };
    let known = |pairs: &[(&str, Vec<Text>)]| {
        pairs.iter().map(|(label, words)| ((*label).to_owned(), wording::plain(words))).collect::<Vec<_>>()
    };
    let (old, new) = (known(&was), known(&is));
    let one =
        |(name, words): &(String, String), mark| (alone(name, mark, fit, room), alone(words, mark, fit, room), None);
    let mut found = Vec::new();
    for step in steps(&old, &new) {
        match step {
            Step::Both(a, b) if old[a].0 == new[b].0 => {
                let words = line(Some(&old[a].1), &new[b].1, fit, room);
                found.push((label(&new[b].0), words, proposed(&is[b].1)));
            }
            Step::Both(a, b) => found.extend([one(&old[a], Mark::Removed), one(&new[b], Mark::Added)]),
            Step::Old(a) => found.push(one(&old[a], Mark::Removed)),
            Step::New(b) => found.push(one(&new[b], Mark::Added)),
        }
    }
    found
}

/// The rows of the history.
pub(super) fn history<'a>(
    is: Vec<[Text; 4]>,
    before: Option<&'a Control>,
    strings: &'a Strings,
    fit: &Fit,
    rooms: [Room; 4],
) -> Vec<[Line<'a>; 4]> {
    let plain = |row: &[Text; 4]| std::array::from_fn(|at| line(None, &row[at].text, fit, rooms[at]));
    let Some(before) = before else { return is.iter().map(plain).collect() };
    let (_, was) = wording::history(before, strings);
    let known = |rows: &[[Text; 4]]| {
        let known = |row: &[Text; 4]| (row[0].text.clone(), wording::plain(row));
        rows.iter().map(known).collect::<Vec<_>>()
    };
    let one = |row: &[Text; 4], mark| std::array::from_fn(|at| alone(&row[at].text, mark, fit, rooms[at]));
    let mut found = Vec::new();
    for step in steps(&known(&was), &known(&is)) {
        match step {
            Step::Both(a, b) if was[a][0].text == is[b][0].text => {
                found.push(std::array::from_fn(|at| line(Some(&was[a][at].text), &is[b][at].text, fit, rooms[at])))
            }
            Step::Both(a, b) => found.extend([one(&was[a], Mark::Removed), one(&is[b], Mark::Added)]),
            Step::Old(a) => found.push(one(&was[a], Mark::Removed)),
            Step::New(b) => found.push(one(&is[b], Mark::Added)),
        }
    }
    found
}

/// The parts of a line of a margin or cover; `plain` is what a part is that both have, or that is no words.
pub(super) fn parts<'a>(
    was: &[Shown<'a>],
    is: &[Shown<'a>],
    plain: &dyn Fn(&Shown<'a>) -> MarginPart<'a>,
    fit: &Fit,
) -> Vec<MarginPart<'a>> {
    let known = |parts: &[Shown<'a>]| parts.iter().map(|part| (String::new(), said(part))).collect::<Vec<_>>();
    let mut found = Vec::new();
    for step in steps(&known(was), &known(is)) {
        match step {
            Step::Both(a, b) if was[a] == is[b] => found.push(plain(&is[b])),
            Step::Both(a, b) => match (&was[a], &is[b]) {
                (Shown::Words(was), Shown::Words(is)) => found.push(MarginPart::Pieces(both(was, is, fit))),
                (_, is) => found.push(plain(is)),
            },
            Step::Old(a) => match &was[a] {
                Shown::Words(was) => found.push(MarginPart::Pieces(both(was, &[], fit))),
                Shown::Logo | Shown::Picture(_) => {}
            },
            Step::New(b) => match &is[b] {
                Shown::Words(is) => found.push(MarginPart::Pieces(both(&[], is, fit))),
                picture => found.push(plain(picture)),
            },
        }
    }
    found
}

/// What a part says, as far as it is words.
fn said(part: &Shown<'_>) -> String {
    match part {
        Shown::Logo => "\u{1}".to_owned(),
        Shown::Picture(picture) => format!("\u{1}{}", picture.image),
        Shown::Words(said) => {
            said.iter().map(|said| if let Said::Words(words) = said { words } else { "\u{2}" }).collect()
        }
    }
}

/// Words of a margin of both versions. Where they are built alike, each is held against the other; what the page alone
/// knows stays unmarked.
fn both<'a>(was: &[Said], is: &[Said], fit: &Fit) -> Vec<MarginPiece<'a>> {
    let room = fit.upright();
    let words = |words: &str| fit.words(words, room).into_owned();
    let is_alike = |(was, is): (&Said, &Said)| matches!((was, is), (Said::Words(_), Said::Words(_))) || was == is;
    let marked = |was: &str, is: &str| {
        pieces(was, is, fit, room).into_iter().map(|piece| match piece {
            Piece::Text(text) => MarginPiece::Text(text),
            Piece::Other(inline) => MarginPiece::Marked(inline),
        })
    };
    let mut found = Vec::new();
    if was.len() == is.len() && was.iter().zip(is).all(is_alike) {
        for (was, is) in was.iter().zip(is) {
            match (was, is) {
                (Said::Words(was), Said::Words(is)) => found.extend(marked(was, is)),
                _ => found.push(piece(is, &words)),
            }
        }
        return found;
    }
    for said in was {
        if let Said::Words(text) = said {
            found.extend(marked(text, ""));
        }
    }
    for said in is {
        match said {
            Said::Words(text) => found.extend(marked("", text)),
            counted => found.push(piece(counted, &words)),
        }
    }
    found
}
