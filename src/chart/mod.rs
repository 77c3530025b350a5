//! Charts drawn: a [`Chart`] in, an SVG picture out, the same for Word and PDF.
//!
//! One point of the picture is one point of the page. Colour never says anything alone: every mark carries its figure,
//! its word, a pattern or a shape of its own.

mod amounts;
mod boxes;
mod grid;
mod pattern;
mod pen;

use std::sync::Arc;

use crate::model::chart::Chart;
use crate::model::{Document, Figure, Image, ImageFormat, Images, Node, walk};
use crate::strings::Strings;
use crate::theme::Theme;
use pen::Pen;

/// The picture of a chart that is so many points wide. `advance` is how far a bold character runs, in ems.
pub fn picture(chart: &Chart, width: f64, theme: &Theme, strings: &Strings, advance: &dyn Fn(char) -> f64) -> Image {
    let mut pen = Pen::new(width, theme, &strings.language, advance);
    match chart {
        Chart::Bar(it) => amounts::bars(&mut pen, it),
        Chart::Stacked(it) => amounts::stacked(&mut pen, it),
        Chart::Line(it) => amounts::line(&mut pen, it),
        Chart::Heatmap(it) => grid::heatmap(&mut pen, it),
        Chart::Timeline(it) => grid::timeline(&mut pen, it),
        Chart::Flow(it) => boxes::flow(&mut pen, it),
        Chart::Tree(it) => boxes::tree(&mut pen, it),
    }
    let (svg, size) = pen.finish();
    Image { format: ImageFormat::Svg, bytes: Arc::from(svg.into_bytes()), size, alt: chart.words(strings) }
}

/// Draws the charts of a document, so that each stands among the pictures by its figure's key. A chart is drawn as wide
/// as its page has room: those that lie on their side have more.
pub fn draw(document: &Document, theme: &Theme, strings: &Strings, advance: &dyn Fn(char) -> f64, images: &mut Images) {
    let (upright, flipped) = theme.page.text_widths();
    for block in &document.body {
        let width = if matches!(block.node, Node::Landscape { .. }) { flipped } else { upright };
        for block in walk(std::slice::from_ref(block)) {
            if let Node::Figure(Figure { image, chart: Some(chart), width: share, .. }) = &block.node {
                images.0.insert(image.clone(), picture(chart, width.to_pt() * share / 100.0, theme, strings, advance));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn svg(kind: &str, data: serde_json::Value) -> String {
        let chart = Chart::read(kind, &data).unwrap();
        let image = picture(&chart, 450.0, &crate::model::specimen::theme(), &crate::testing::strings(), &|_| 0.5);
        let text = String::from_utf8(image.bytes.to_vec()).unwrap();
        assert!(Image::read(image.bytes, "").is_ok(), "{text}");
        text
    }

    #[test]
    fn every_type_draws_what_it_was_given() {
        let hostile = "<b>&\"'{{x}} ]]> \u{202e}";
        for (kind, data) in [
            ("bar", json!({"bars": [{"label": hostile, "value": 0}, {"label": "South", "value": 3, "tone": "bad"}]})),
            (
                "stacked",
                json!({"parts": [{"label": hostile, "tone": "good"}, {"label": "b", "tone": "bad"}],
                    "rows": [{"label": "South", "values": [1, 0]}, {"label": "North", "values": [0, 0]}]}),
            ),
            (
                "line",
                json!({"unit": "%", "target": {"label": hostile, "value": 95},
                    "points": [{"label": "South", "value": 90}, {"label": "b", "value": 90}]}),
            ),
            (
                "heatmap",
                json!({"across": "Impact", "down": "Likelihood", "columns": [hostile, "2"],
                    "rows": [{"label": "South", "cells": [{"value": 0, "tone": "good"}, {"value": 3, "tone": "bad"}]}]}),
            ),
            (
                "timeline",
                json!({"from": "2026-11", "months": 4, "rows": [{"label": "South",
                    "marks": [{"date": "2027-01-31", "label": hostile, "tone": "good"}]}]}),
            ),
            (
                "flow",
                json!({"steps": [{"label": "South", "answer": "yes", "aside": {"answer": "no", "label": hostile}},
                    {"label": "end", "note": "who"}]}),
            ),
            ("tree", json!({"nodes": [{"id": "a", "label": "South"}, {"id": "b", "parent": "a", "label": hostile}]})),
        ] {
            let drawn = svg(kind, data);
            assert!(drawn.contains("South"), "{kind}: {drawn}");
            assert!(!drawn.contains("<b>"), "{kind}: {drawn}");
        }
    }

    #[test]
    fn a_chart_is_drawn_wherever_it_stands() {
        use crate::model::specimen::{B, block, control, text};
        use crate::model::{Callout, CalloutKind, Definition, List};

        let data = json!({"bars": [{"label": "South", "value": 3}]});
        let figure = |name: &str| {
            block(Node::Figure(Figure {
                id: None,
                number: None,
                image: name.into(),
                chart: Some(Chart::read("bar", &data).unwrap()),
                alt: "South has three".into(),
                width: 100.0,
                caption: None,
            }))
        };
        let definition = |body: Vec<B>| Definition { term: vec![text("South")], body };
        let callout = |body: Vec<B>| Callout { kind: CalloutKind::Note, title: None, body };
        let body = vec![
            figure("plain"),
            block(Node::DefinitionList { items: vec![definition(vec![figure("definition")])] }),
            block(Node::List(List { ordered: false, start: 1, items: vec![vec![figure("item")]] })),
            block(Node::Callout(callout(vec![block(Node::BlockQuote { body: vec![figure("quote")] })]))),
            block(Node::Landscape { body: vec![block(Node::Callout(callout(vec![figure("wide")])))] }),
        ];
        let document =
            Document { control: control(), body, footnotes: std::collections::BTreeMap::new(), gaps: Vec::new() };
        let mut images = Images::default();
        draw(&document, &crate::model::specimen::theme(), &crate::testing::strings(), &|_| 0.5, &mut images);
        let drawn: Vec<&str> = images.0.keys().map(String::as_str).collect();
        assert_eq!(drawn, ["definition", "item", "plain", "quote", "wide"]);
        let wide = |name: &str| images.0[name].size.0;
        assert!(wide("wide") > wide("plain") && wide("definition") == wide("plain"));
    }

    #[test]
    fn a_tree_that_bites_its_tail_still_ends() {
        let data =
            json!({"nodes": [{"id": "a", "parent": "b", "label": "A"}, {"id": "b", "parent": "a", "label": "B"}]});
        assert!(svg("tree", data).contains("A"));
    }
}
