//! Boxes and lines: flows and trees.

use std::collections::BTreeSet;

use super::pen::{Anchor, GAP, LINE, Pen};
use crate::model::chart::{Flow, Step, Tree, TreeNode};
use crate::theme::WHITE;

/// Between a box's edge and its text.
const PAD: f64 = 5.0;
/// Between boxes that follow each other.
const STEP: f64 = 16.0;

pub(super) fn flow(pen: &mut Pen<'_>, chart: &Flow) {
    let has_asides = chart.steps.iter().any(|step| step.aside.is_some());
    let wide = (pen.width * if has_asides { 0.5 } else { 0.7 }).min(260.0);
    let left = if has_asides { 0.0 } else { (pen.width - wide) / 2.0 };
    let middle = left + wide / 2.0;
    let mut y = 1.0;
    for (at, step) in chart.steps.iter().enumerate() {
        let is_last = at + 1 == chart.steps.len();
        let height = match &step.aside {
            Some(_) => question(pen, step, (left, y, wide)),
            None => {
                let is_end = at == 0 || is_last;
                action(pen, step, (left, y, wide), is_end)
            }
        };
        y += height;
        if !is_last {
            pen.arrow((middle, y), (middle, y + STEP));
            if let (Some(_), Some(answer)) = (&step.aside, &step.answer) {
                pen.text((middle + 4.0, y + STEP * 0.6), Anchor::Start, pen.muted(), true, answer);
            }
            y += STEP;
        }
    }
}

/// A box with what is done, and who does it; its height.
fn action(pen: &mut Pen<'_>, step: &Step, (x, y, wide): (f64, f64, f64), is_end: bool) -> f64 {
    let label = pen.lines(&step.label, wide - 2.0 * PAD);
    let note = step.note.as_ref().map(|note| pen.lines(note, wide - 2.0 * PAD)).unwrap_or_default();
    let height = (label.len() + note.len()) as f64 * LINE + 2.0 * PAD;
    let (fill, ink, faint) = if is_end {
        (pen.accent(), pen.on(pen.accent()), pen.on(pen.accent()))
    } else {
        (pen.tint(), pen.ink(), pen.muted())
    };
    pen.rect((x, y, wide, height), fill, Some(pen.accent()));
    let middle = x + wide / 2.0;
    pen.block((middle, y + PAD + label.len() as f64 * LINE / 2.0), Anchor::Middle, ink, true, &label);
    let below = y + PAD + (label.len() as f64 + note.len() as f64 / 2.0) * LINE;
    pen.block((middle, below), Anchor::Middle, faint, false, &note);
    height
}

/// A question, and where its other answer leads; its height.
fn question(pen: &mut Pen<'_>, step: &Step, (x, y, wide): (f64, f64, f64)) -> f64 {
    let slope = 16.0;
    let label = pen.lines(&step.label, wide - 2.0 * (PAD + slope));
    let aside = step.aside.as_ref();
    let from = x + wide;
    let answer = aside.map(|aside| pen.wide(&aside.answer) + 3.0 * GAP).unwrap_or_default();
    let to = from + answer.max(30.0);
    let room = (pen.width - to - 1.0).max(40.0);
    let other = aside.map(|aside| pen.lines(&aside.label, room - 2.0 * PAD)).unwrap_or_default();
    let beside = other.len() as f64 * LINE + 2.0 * PAD;
    let height = (label.len() as f64 * LINE + 3.0 * PAD).max(beside);
    let middle = y + height / 2.0;
    let corners = [
        (x + slope, y),
        (x + wide - slope, y),
        (x + wide, middle),
        (x + wide - slope, y + height),
        (x + slope, y + height),
        (x, middle),
    ];
    pen.shape(&corners, WHITE, pen.accent());
    pen.block((x + wide / 2.0, middle), Anchor::Middle, pen.ink(), true, &label);
    if let Some(aside) = aside {
        pen.arrow((from, middle), (to, middle));
        pen.text((f64::midpoint(from, to) - 2.0, middle - 3.0), Anchor::Middle, pen.muted(), true, &aside.answer);
        pen.rect((to, middle - beside / 2.0, room, beside), pen.tint(), Some(pen.rule()));
        pen.block((to + PAD, middle), Anchor::Start, pen.ink(), false, &other);
    }
    height
}

pub(super) fn tree(pen: &mut Pen<'_>, chart: &Tree) {
    let mut drawn = BTreeSet::new();
    let mut y = 1.0;
    let is_known = |key: &str| chart.nodes.iter().any(|node| node.id == key);
    let roots = chart.nodes.iter().filter(|node| node.parent.as_deref().is_none_or(|parent| !is_known(parent)));
    for root in roots {
        branch(pen, chart, root, 0, &mut y, &mut drawn);
    }
    // What stands below itself has no root: it is drawn as if it had one.
    for node in &chart.nodes {
        if !drawn.contains(node.id.as_str()) {
            branch(pen, chart, node, 0, &mut y, &mut drawn);
        }
    }
}

/// A node and those below it; the middle of its box.
fn branch<'c>(
    pen: &mut Pen<'_>,
    chart: &'c Tree,
    node: &'c TreeNode,
    depth: usize,
    y: &mut f64,
    drawn: &mut BTreeSet<&'c str>,
) -> f64 {
    drawn.insert(&node.id);
    let indent = (depth.min(8) as f64) * 26.0;
    let room = pen.width - indent - 2.0 * PAD - 1.0;
    let label = pen.lines(&node.label, room);
    let widest = label.iter().map(|line| pen.wide(line)).fold(0.0, f64::max);
    let beside = room - widest - 3.0 * PAD;
    let note = node.note.as_ref().map(|note| pen.lines(note, beside.max(60.0))).unwrap_or_default();
    let height = label.len().max(note.len()) as f64 * LINE + 1.2 * PAD;
    let middle = *y + height / 2.0;
    let is_root = depth == 0;
    let (fill, ink) = if is_root { (pen.accent(), pen.on(pen.accent())) } else { (pen.tint(), pen.ink()) };
    pen.rect((indent, *y, widest + 2.0 * PAD, height), fill, Some(pen.accent()));
    pen.block((indent + PAD, middle), Anchor::Start, ink, true, &label);
    pen.block((indent + widest + 3.0 * PAD, middle), Anchor::Start, pen.muted(), false, &note);
    let foot = *y + height;
    *y = foot + GAP;
    let trunk = indent + 12.0;
    let mut last = foot;
    for below in chart.nodes.iter().filter(|below| below.parent.as_ref() == Some(&node.id)) {
        if drawn.contains(below.id.as_str()) {
            continue;
        }
        let at = branch(pen, chart, below, depth + 1, y, drawn);
        pen.path(&[(trunk, at), ((depth.min(7) as f64 + 1.0) * 26.0, at)], pen.muted(), 0.9, false);
        last = at;
    }
    if last > foot {
        pen.path(&[(trunk, foot), (trunk, last)], pen.muted(), 0.9, false);
    }
    middle
}
