//! Themes: besides their schema, the parts of header, footer and cover, each mistake at its place.

use super::{Kind, typed};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::length::Length;
use crate::theme::{Furniture, MAX_LINES, MAX_PARTS, MIXED, Part, Place, Places, Theme, metrics};
use crate::yaml::{Located, Node};

/// Reads a theme. Every problem is reported.
pub fn theme(located: &Located, sink: &mut Sink) -> Option<Theme> {
    let mut own = Sink::new();
    parts(located, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    let theme: Theme = if failed { check(located, sink) } else { typed(located, Kind::Theme, sink) }?;
    room(&theme, located, sink);
    Some(theme)
}

/// What the schema says of a theme whose parts are wrong; there is no such theme.
fn check(located: &Located, sink: &mut Sink) -> Option<Theme> {
    typed::<serde_json::Value>(located, Kind::Theme, sink);
    None
}

/// The parts of header, footer and cover, each with its place. Those that are wrong are reported.
pub fn parts(theme: &Located, sink: &mut Sink) -> Vec<(Part, Span)> {
    let mut found = Vec::new();
    for name in ["header", "footer"] {
        for places in
            theme.get(name).into_iter().flat_map(|furniture| [Some(furniture), furniture.get("first")]).flatten()
        {
            let places = ["left", "center", "right"].into_iter().filter_map(|key| places.get(key));
            places.for_each(|it| place(it, &mut found, sink));
        }
    }
    let cover = theme.get("cover");
    let of_cover = ["above", "below", "foot"].into_iter().filter_map(|key| cover?.get(key));
    of_cover.for_each(|it| place(it, &mut found, sink));
    found
}

/// The parts of a place: in one line, or in lines that are lists.
fn place(located: &Located, found: &mut Vec<(Part, Span)>, sink: &mut Sink) {
    let items = located.list();
    let is_list = |item: &Located| matches!(item.node, Node::List(_));
    if !items.iter().any(is_list) {
        return line(located, found, sink);
    }
    at_most(MAX_LINES, "lines", located, sink);
    for item in items {
        if is_list(item) {
            line(item, found, sink);
        } else {
            sink.push(Diagnostic::fault(&codes::THEME, MIXED).at(item.span.clone()));
        }
    }
}

fn line(located: &Located, found: &mut Vec<(Part, Span)>, sink: &mut Sink) {
    at_most(MAX_PARTS, "parts in a line", located, sink);
    for item in located.list() {
        match Part::read(&item.to_json()) {
            Ok(part) => found.push((part, item.span.clone())),
            Err(mistake) => {
                let problem = Diagnostic::fault(&codes::THEME, mistake.what).at(item.span.clone());
                sink.push(mistake.help.into_iter().fold(problem, Diagnostic::help));
            }
        }
    }
}

fn at_most(most: usize, what: &str, located: &Located, sink: &mut Sink) {
    let count = located.list().len();
    if count > most {
        let message = format!("{count} {what}; there are at most {most}");
        sink.push(Diagnostic::fault(&codes::THEME, message).at(located.span.clone()));
    }
}

/// Reports headers and footers that are higher than the margin has room for. Lines of words always have been let be; more
/// than one line, and pictures, must fit.
fn room(theme: &Theme, located: &Located, sink: &mut Sink) {
    let page = &theme.page;
    for (name, furniture, margin, edge) in [
        ("header", &theme.header, page.margin_top, metrics::HEADER_EDGE),
        ("footer", &theme.footer, page.margin_bottom, metrics::FOOTER_EDGE),
    ] {
        let room = margin - edge - metrics::EDGE_PADDING;
        let Furniture { every, first } = furniture;
        let written = located.get(name);
        for (places, written) in [(Some(every), written), (first.as_ref(), written.and_then(|it| it.get("first")))] {
            for (key, place) in places.into_iter().flat_map(Places::all) {
                let height = place_height(place);
                if height > room {
                    let span = written.and_then(|written| written.get(key)).map(|it| it.span.clone());
                    let (is, has) = (height.to_pt(), room.to_pt().max(0.0));
                    let message = format!("the {name} is {is:.0} pt high; the page's margin has room for {has:.0} pt");
                    let problem = Diagnostic::fault(&codes::THEME, message).at(span);
                    sink.push(problem.help("make its pictures lower, its lines fewer, or the margin larger"));
                }
            }
        }
    }
    if let Some(cover) = theme.cover() {
        if cover.title > MAX_TITLE {
            let place = located.get("cover").and_then(|cover| cover.get("title")).map(|title| title.span.clone());
            let (is, most) = (cover.title.to_pt(), MAX_TITLE.to_pt());
            let message = format!("the title is {is:.0} pt high; it is at most {most:.0} pt");
            sink.push(Diagnostic::fault(&codes::THEME, message).at(place));
        }
        let room = page.text_height().percent(COVER);
        let height =
            cover.all().map(|(_, place)| place_height(place)).into_iter().fold(Length::ZERO, |sum, it| sum + it);
        if height > room {
            let place = located.get("cover").map(|located| located.span.clone());
            let (is, has) = (height.to_pt(), room.to_pt().max(0.0));
            let message =
                format!("what stands around the title is {is:.0} pt high; the cover has room for {has:.0} pt");
            sink.push(Diagnostic::fault(&codes::THEME, message).at(place).help("make its pictures lower"));
        }
    }
}

/// The largest title of a cover.
const MAX_TITLE: Length = Length::from_emu(72 * 12_700);
/// How many hundredths of a cover may be taken by what stands around its title.
const COVER: f64 = 60.0;

/// How high what stands in a place is, as far as somebody chose that: one line of words needs no look.
fn place_height(place: &Place) -> Length {
    let picture = |part: &Part| match part {
        Part::Picture(picture) => picture.height.unwrap_or_default(),
        _ => Length::ZERO,
    };
    let line = |parts: &Vec<Part>| parts.iter().map(picture).max().unwrap_or_default().max(metrics::SMALL_LINE);
    match place.lines() {
        [only] => only.iter().map(picture).max().unwrap_or_default(),
        lines => lines.iter().map(line).fold(Length::ZERO, |sum, height| sum + height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Field;

    #[test]
    fn the_schema_names_every_field() {
        let schema: serde_json::Value = serde_json::from_str(Kind::Theme.schema()).unwrap();
        let names: Vec<&str> = std::iter::once("logo").chain(Field::ALL.map(Field::name)).collect();
        let list = format!("({})", names.join(", "));
        for place in [&schema["$defs"]["part"], &schema["properties"]["header"]] {
            assert!(place["description"].as_str().unwrap().contains(&list), "{list}");
        }
    }
}
