//! Charts drawn: a [`Chart`] in, an SVG picture out, the same for Word and PDF.
//!
//! One point of the picture is one point of the page. Colour never says anything alone: every mark carries its figure,
//! its word or a shape of its own.

mod amounts;
mod boxes;
mod grid;
mod pen;

use std::sync::Arc;

use crate::model::chart::Chart;
use crate::model::{Block, Document, Figure, Image, ImageFormat, Images, Node};
use crate::theme::Theme;
use pen::Pen;

/// The picture of a chart that is so many points wide. `advance` is how far a bold character runs, in ems.
pub fn picture(chart: &Chart, width: f64, theme: &Theme, advance: &dyn Fn(char) -> f64) -> Image {
    let mut pen = Pen::new(width, theme, advance);
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
    Image { format: ImageFormat::Svg, bytes: Arc::from(svg.into_bytes()), size, alt: chart.words() }
}

/// Draws the charts of a document, so that each stands among the pictures by its figure's key.
pub fn draw(document: &Document, theme: &Theme, advance: &dyn Fn(char) -> f64, images: &mut Images) {
    let (upright, flipped) = theme.page.text_widths();
    draw_in(&document.body, (upright.to_pt(), flipped.to_pt()), theme, advance, images);
}

fn draw_in<R>(
    blocks: &[Block<R>],
    (width, flipped): (f64, f64),
    theme: &Theme,
    advance: &dyn Fn(char) -> f64,
    images: &mut Images,
) {
    for block in blocks {
        match &block.node {
            Node::Figure(Figure { image, chart: Some(chart), width: share, .. }) => {
                images.0.insert(image.clone(), picture(chart, width * share / 100.0, theme, advance));
            }
            Node::Landscape { body } => draw_in(body, (flipped, flipped), theme, advance, images),
            Node::Callout(callout) => draw_in(&callout.body, (width, flipped), theme, advance, images),
            Node::BlockQuote { body } => draw_in(body, (width, flipped), theme, advance, images),
            Node::List(list) => {
                list.items.iter().for_each(|item| draw_in(item, (width, flipped), theme, advance, images));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn svg(kind: &str, data: serde_json::Value) -> String {
        let chart = Chart::read(kind, &data).unwrap();
        let image = picture(&chart, 450.0, &crate::model::specimen::theme(), &|_| 0.5);
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
    fn a_tree_that_bites_its_tail_still_ends() {
        let data =
            json!({"nodes": [{"id": "a", "parent": "b", "label": "A"}, {"id": "b", "parent": "a", "label": "B"}]});
        assert!(svg("tree", data).contains("A"));
    }
}
