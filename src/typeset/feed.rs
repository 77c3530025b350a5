//! The JSON that the theme reads.

use serde_json::{Value as Json, json};

use super::world::Common;
use crate::length::Length;
use crate::model::Document;
use crate::strings::Strings;
use crate::theme::{Theme, metrics};

/// How many characters may stand without a chance to break before one is made: longer ones could not fit any column.
const MAX_RUN: usize = 20;

/// Theme, strings and images; lengths as numbers of points.
pub(super) fn common(theme: &Theme, strings: &Strings, images: Json) -> Json {
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
        "contents_indent": metrics::CONTENTS_INDENT.to_pt(),
        "sign_off_row": metrics::SIGN_OFF_ROW.to_pt(),
        "sign_off_widths": metrics::SIGN_OFF_WIDTHS,
        "header_edge": metrics::HEADER_EDGE.to_pt(),
        "footer_edge": metrics::FOOTER_EDGE.to_pt(),
    });
    json!({"theme": theme, "metrics": metrics, "strings": strings, "images": images})
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
    breakable(&mut value);
    let mut job = common.json.clone();
    job["document"] = value;
    serde_json::to_vec(&job).unwrap_or_default()
}

/// Gives long runs without a space a chance to break: a zero-width space, which is no character of the text.
fn breakable(value: &mut Json) {
    match value {
        Json::String(text) => {
            if text.len() > MAX_RUN
                && let Some(broken) = broken(text)
            {
                *text = broken;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(breakable),
        Json::Object(fields) => {
            for (key, value) in fields {
                // Ids, addresses and keys are not shown as text.
                if !matches!(
                    key.as_str(),
                    "id" | "label"
                        | "url"
                        | "image"
                        | "origin"
                        | "from"
                        | "key"
                        | "block"
                        | "inline"
                        | "as_of"
                        | "language"
                ) {
                    breakable(value);
                }
            }
        }
        _ => {}
    }
}

fn broken(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut run = 0;
    let mut changed = false;
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '-' | '\u{200B}') {
            run = 0;
        } else if run >= MAX_RUN && !is_joined(c) {
            out.push('\u{200B}');
            changed = true;
            run = 1;
        } else {
            run += 1;
        }
        out.push(c);
    }
    changed.then_some(out)
}

/// Characters that belong to the one before them.
fn is_joined(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_very_long_words_are_given_breaks() {
        assert_eq!(broken("an ordinary sentence with no long word"), None);
        let long = broken(&"x".repeat(100)).unwrap();
        assert_eq!(long.replace('\u{200B}', ""), "x".repeat(100));
        assert_eq!(long.matches('\u{200B}').count(), 4);
    }
}
