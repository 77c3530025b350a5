//! What the theme reads of the look that all documents have in common: lengths are numbers of points.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::language::Direction;
use crate::length::Length;
use crate::strings::Strings;
use crate::theme::{Colours, Fonts, Theme, metrics};

/// `/common.json`.
#[derive(Serialize)]
pub(super) struct Common<'a> {
    theme: Look<'a>,
    metrics: Json,
    strings: &'a Strings,
    /// Whether lines run from the right.
    from_the_right: bool,
    images: BTreeMap<&'a str, Picture<'a>>,
}

/// A picture: the file that holds it, and what it shows.
#[derive(Serialize)]
pub(super) struct Picture<'a> {
    pub(super) path: String,
    pub(super) alt: &'a str,
}

impl<'a> Common<'a> {
    /// The bytes of the file.
    pub(super) fn bytes(theme: &'a Theme, strings: &'a Strings, images: BTreeMap<&'a str, Picture<'a>>) -> Vec<u8> {
        let from_the_right = strings.language.direction() == Direction::RightToLeft;
        let common = Common { theme: Look::new(theme), metrics: metrics(), strings, from_the_right, images };
        serde_json::to_vec(&common).unwrap_or_default()
    }
}

/// A theme.
#[derive(Serialize)]
struct Look<'a> {
    page: Page,
    colours: &'a Colours,
    fonts: &'a Fonts,
    sizes: Sizes,
    logo_height: f64,
}

#[derive(Serialize)]
struct Page {
    width: f64,
    height: f64,
    margin_top: f64,
    margin_bottom: f64,
    margin_left: f64,
    margin_right: f64,
}

#[derive(Serialize)]
struct Sizes {
    body: f64,
    line: f64,
    paragraph_gap: f64,
    title: f64,
    headings: [f64; 4],
    table: f64,
    small: f64,
}

impl<'a> Look<'a> {
    fn new(theme: &'a Theme) -> Look<'a> {
        let (page, sizes) = (&theme.page, &theme.sizes);
        let (width, height) = page.size.size();
        Look {
            page: Page {
                width: width.to_pt(),
                height: height.to_pt(),
                margin_top: page.margin_top.to_pt(),
                margin_bottom: page.margin_bottom.to_pt(),
                margin_left: page.margin_left.to_pt(),
                margin_right: page.margin_right.to_pt(),
            },
            colours: &theme.colours,
            fonts: &theme.fonts,
            sizes: Sizes {
                body: sizes.body.to_pt(),
                line: sizes.line.to_pt(),
                paragraph_gap: sizes.paragraph_gap.to_pt(),
                title: theme.title().to_pt(),
                headings: sizes.headings.map(Length::to_pt),
                table: sizes.table.to_pt(),
                small: sizes.small.to_pt(),
            },
            logo_height: theme.logo_height.to_pt(),
        }
    }
}

/// The distances that no theme changes.
fn metrics() -> Json {
    let points = |lengths: &[Length]| lengths.iter().map(|length| length.to_pt()).collect::<Vec<_>>();
    json!({
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
        "edge_padding": metrics::EDGE_PADDING.to_pt(),
        "picture_gap": metrics::PICTURE_GAP.to_pt(),
        "cover_title_after": metrics::COVER_TITLE_AFTER.to_pt(),
    })
}
