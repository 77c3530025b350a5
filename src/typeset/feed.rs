//! The JSON that the theme reads: lengths as numbers of points, and a document whose words fit.
//!
//! The theme is interpreted, so what can be said shorter is: neighbouring texts are one, and a line of nothing but text
//! is a string.

use serde_json::{Map, Value as Json, json};

use super::world::Common;
use crate::length::Length;
use crate::model::{Control, Document, Party};
use crate::strings::Strings;
use crate::theme::{Part, Theme, metrics};
use crate::wording;

/// The bytes of `/common.json`: theme, strings and images.
pub(super) fn common(theme: &Theme, strings: &Strings, images: Json) -> Vec<u8> {
    let (width, height) = theme.page.size.size();
    let mut theme = serde_json::to_value(theme).unwrap_or_default();
    in_points(&mut theme);
    theme["page"]["width"] = json!(width.to_pt());
    theme["page"]["height"] = json!(height.to_pt());
    let points = |lengths: &[Length]| lengths.iter().map(|length| length.to_pt()).collect::<Vec<_>>();
    let metrics = json!({
        "heading_before": points(&metrics::HEADING_BEFORE),
        "heading_after": points(&metrics::HEADING_AFTER),
        "heading_line": metrics::HEADING_LINE / 100.0,
        "heading_indent": points(&metrics::HEADING_INDENT),
        "table_line": metrics::TABLE_LINE.to_pt(),
        "cell_y": metrics::CELL_PADDING_Y.to_pt(),
        "cell_x": metrics::CELL_PADDING_X.to_pt(),
        "rule": metrics::TABLE_RULE.to_pt(),
        "table_after": metrics::TABLE_AFTER.to_pt(),
        "caption_before": metrics::CAPTION_BEFORE.to_pt(),
        "caption_after": metrics::CAPTION_AFTER.to_pt(),
        "small_line": metrics::SMALL_LINE.to_pt(),
        "list_gap": metrics::LIST_GAP.to_pt(),
        "list_indent": metrics::LIST_INDENT.to_pt(),
        "callout": metrics::CALLOUT_PADDING.to_pt(),
        "callout_whole": metrics::CALLOUT_WHOLE,
        "callout_bar": metrics::CALLOUT_BAR.to_pt(),
        "callout_title_after": metrics::CALLOUT_TITLE_AFTER.to_pt(),
        "quote_indent": metrics::QUOTE_INDENT.to_pt(),
        "code_size": metrics::CODE_SIZE / 100.0,
        "code_line": metrics::CODE_LINE.to_pt(),
        "code_padding": metrics::CODE_PADDING.to_pt(),
        "organisation_after": metrics::ORGANISATION_AFTER.to_pt(),
        "title_after": metrics::TITLE_AFTER.to_pt(),
        "subtitle_after": metrics::SUBTITLE_AFTER.to_pt(),
        "label_before": metrics::LABEL_BEFORE.to_pt(),
        "label_after": metrics::LABEL_AFTER.to_pt(),
        "control_widths": metrics::CONTROL_WIDTHS,
        "history_widths": metrics::HISTORY_WIDTHS,
        "contents_gap": metrics::CONTENTS_GAP.to_pt(),
        "contents_after": metrics::CONTENTS_AFTER.to_pt(),
        "contents_indent": metrics::CONTENTS_INDENT.to_pt(),
        "sign_off_row": metrics::SIGN_OFF_ROW.to_pt(),
        "sign_off_widths": metrics::SIGN_OFF_WIDTHS,
        "header_edge": metrics::HEADER_EDGE.to_pt(),
        "footer_edge": metrics::FOOTER_EDGE.to_pt(),
    });
    let common = json!({"theme": theme, "metrics": metrics, "strings": strings, "images": images});
    serde_json::to_vec(&common).unwrap_or_default()
}

/// `10.5pt` becomes `10.5`: the theme multiplies and need not read units.
fn in_points(value: &mut Json) {
    match value {
        Json::String(text) => {
            if let Some(points) = text.strip_suffix("pt").and_then(|number| number.parse::<f64>().ok()) {
                *value = json!(points);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(in_points),
        Json::Object(fields) => fields.values_mut().for_each(in_points),
        _ => {}
    }
}

/// The bytes of `/doc.json`.
pub(super) fn document(document: &Document, common: &Common) -> Vec<u8> {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    value["control"] = control(&document.control, &common.strings);
    mark_cells(&mut value, false);
    clean(&mut value, !common.fit.draws('\u{2011}'));
    common.fit.document(&mut value);
    if let Json::Object(mut notes) = value["footnotes"].take() {
        place_notes(&mut value["body"], &mut notes);
    }
    tighten(&mut value["body"]);
    let mut language = document.control.language.split('-');
    let levels = document.headings().into_iter().map(|heading| heading.level);
    let job = json!({
        "control": value["control"].take(),
        "body": value["body"].take(),
        "contents_depth": metrics::contents_depth(levels),
        "language": language.next(),
        "region": language.find(|part| part.len() == 2),
    });
    serde_json::to_vec(&job).unwrap_or_default()
}

/// What of the control data is printed.
fn control(control: &Control, strings: &Strings) -> Json {
    let review = control.next_review.as_ref().and_then(|review| wording::next_review(review, strings));
    let party = |party: &Party| json!({"role": party.role.text, "name": party.name.as_ref().map(|name| &name.text)});
    let (_, history) = wording::history(control, strings);
    let history = history.iter().map(|row| {
        let [version, date, author, change] = row.each_ref().map(|text| &text.text);
        json!({"version": version, "date": date, "author": author, "change": change})
    });
    let margin = Part::WORDS.map(|part| {
        let words = wording::furniture(part, control, strings).unwrap_or_default();
        (part.name().to_owned(), Json::from(wording::plain(&words)))
    });
    json!({
        "margin": Json::Object(margin.into_iter().collect()),
        "number": control.number.text,
        "title": control.title.text,
        "kind": control.kind,
        "organisation": control.organisation.text,
        "classification": {"label": control.classification.label.text},
        "version": wording::version(&control.version, strings).text,
        "state": control.state,
        "sample": control.sample,
        "date": wording::date(control.as_of.date, strings),
        "next_review": review.map(|review| review.text),
        "owner": party(&control.owner),
        "author": party(&control.author),
        "approver": party(&control.approver),
        "history": history.collect::<Vec<_>>(),
        "standard": control.standard,
        "satisfies": control.satisfies,
    })
}

/// Puts each footnote into its first mark; what stands in the marks after that is `null`.
fn place_notes(value: &mut Json, notes: &mut Map<String, Json>) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| place_notes(item, notes)),
        Json::Object(fields) => {
            if fields.get("inline").is_some_and(|kind| kind == "footnote") {
                let note = fields.get("number").and_then(|number| notes.shift_remove(&number.to_string()));
                fields.insert("content".to_owned(), note.unwrap_or_default());
            }
            fields.values_mut().for_each(|field| place_notes(field, notes));
        }
        _ => {}
    }
}

/// Makes each list of inline content as short as it can be.
fn tighten(value: &mut Json) {
    match value {
        Json::Array(items) => {
            items.iter_mut().for_each(tighten);
            if items.first().is_some_and(|item| item.get("inline").is_some()) {
                *value = joined(std::mem::take(items));
            }
        }
        Json::Object(fields) => fields.values_mut().for_each(tighten),
        _ => {}
    }
}

/// Inline content with its neighbouring texts joined: a string where there is nothing else.
fn joined(inlines: Vec<Json>) -> Json {
    let mut parts: Vec<Json> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        let Some(text) = plain(&inline) else {
            parts.push(inline);
            continue;
        };
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                parts.push(json!({"inline": "line-break"}));
            }
            match parts.last_mut() {
                Some(Json::String(last)) => last.push_str(line),
                _ => parts.push(line.into()),
            }
        }
    }
    if let [Json::String(text)] = parts.as_mut_slice() {
        return std::mem::take(text).into();
    }
    Json::Array(parts)
}

/// The text of what is no more than that: a text, or a reference that leads nowhere within the document.
fn plain(inline: &Json) -> Option<&str> {
    let is_plain = match inline["inline"].as_str()? {
        "text" => true,
        "reference" => !inline["document"].is_null() || inline["label"].is_null(),
        _ => false,
    };
    inline["text"].as_str().filter(|_| is_plain)
}

/// Tells the fields that stand in a table: their lines are as long as their cells have room.
fn mark_cells(value: &mut Json, in_table: bool) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| mark_cells(item, in_table)),
        Json::Object(fields) => {
            if in_table && fields.get("inline").is_some_and(|kind| kind == "field") {
                fields.insert("cell".to_owned(), json!(true));
            }
            let in_table = in_table || fields.get("block").is_some_and(|kind| kind == "table");
            fields.values_mut().for_each(|field| mark_cells(field, in_table));
        }
        _ => {}
    }
}

/// Makes every line break a `\n` and every tab blanks, leaves out what PDF/A forbids and nobody sees, and drops what
/// the theme has no use for. Hyphens of Unicode become plain ones where the fonts have no others.
fn clean(value: &mut Json, plain_hyphens: bool) {
    match value {
        Json::String(text) => {
            if text.contains(['\r', '\t', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}']) {
                *text = text
                    .replace("\r\n", "\n")
                    .replace(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
                    .replace('\t', "    ")
                    .replace('\u{FEFF}', "");
            }
            if plain_hyphens && text.contains(['\u{2010}', '\u{2011}']) {
                *text = text.replace('\u{2010}', "-").replace('\u{2011}', "\u{2060}-\u{2060}");
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| clean(item, plain_hyphens)),
        Json::Object(fields) => {
            for key in ["origin", "from", "computed", "causes"] {
                fields.shift_remove(key);
            }
            fields.values_mut().for_each(|field| clean(field, plain_hyphens));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_is_one() {
        let mut value = json!({"text": "a\r\nb\rc\u{85}d\u{2028}e\tf\u{FEFF}g\u{2011}h", "from": ["x"]});
        clean(&mut value, true);
        assert_eq!(value, json!({"text": "a\nb\nc\nd\ne    fg\u{2060}-\u{2060}h"}));
    }

    #[test]
    fn neighbouring_texts_are_one() {
        let text = |text: &str| json!({"inline": "text", "text": text});
        let elsewhere =
            json!({"inline": "reference", "document": "scope", "label": "sec-1", "text": "Scope, section 1"});
        let here = json!({"inline": "reference", "document": null, "label": "sec-2", "text": "section 2"});
        let mut value = json!({
            "alone": [text("See "), elsewhere, text(".")],
            "mixed": [text("a\nb"), here, {"inline": "strong", "content": [text("c"), text("d")]}],
            "columns": [{"width": 40.0}],
            "none": [],
        });
        tighten(&mut value);
        let expected = json!({
            "alone": "See Scope, section 1.",
            "mixed": ["a", {"inline": "line-break"}, "b", here, {"inline": "strong", "content": "cd"}],
            "columns": [{"width": 40.0}],
            "none": [],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn a_footnote_stands_in_its_first_mark() {
        let mark = json!({"inline": "footnote", "number": 1});
        let mut value = json!([[mark], [mark]]);
        let Json::Object(mut notes) = json!({"1": [{"inline": "text", "text": "note"}]}) else { unreachable!() };
        place_notes(&mut value, &mut notes);
        assert_eq!(value[0][0]["content"][0]["text"], "note");
        assert!(value[1][0]["content"].is_null());
    }
}
