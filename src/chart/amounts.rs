//! Amounts as lengths: bars, stacked bars, and a line over time.

use super::pattern::{Pattern, over};
use super::pen::{Anchor, GAP, LINE, Pen, TEXT};
use crate::model::chart::{Bars, Line, Stacked};

/// The height of a bar.
const BAR: f64 = 14.0;
/// The most that labels take of the width.
const LABELS: f64 = 0.4;

/// The room that labels on the left take.
pub(super) fn label_room<'t>(pen: &Pen<'_>, labels: impl Iterator<Item = &'t str>) -> f64 {
    labels.map(|label| pen.wide(label)).fold(0.0, f64::max).min(pen.width * LABELS)
}

pub(super) fn bars(pen: &mut Pen<'_>, chart: &Bars) {
    let unit = chart.unit.as_ref();
    let room = label_room(pen, chart.bars.iter().map(|bar| bar.label.as_str()));
    let figures = chart.bars.iter().map(|bar| pen.wide(&pen.amount(bar.value, unit))).fold(0.0, f64::max);
    let left = room + GAP;
    let most = chart.bars.iter().map(|bar| bar.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let scale = (pen.width - left - figures - GAP).max(10.0) / most;
    let mut y = 0.0;
    for bar in &chart.bars {
        let lines = pen.lines(&bar.label, room + 0.5);
        let height = BAR.max(lines.len() as f64 * LINE);
        let middle = y + height / 2.0;
        pen.block((room, middle), Anchor::End, pen.ink(), false, &lines);
        // Nothing has no bar: its figure alone says that it is nothing.
        let long = if bar.value > 0.0 { (bar.value * scale).max(0.8) } else { 0.0 };
        if long > 0.0 {
            let (fill, place) = (pen.fill(bar.tone), (left, middle - BAR / 2.0, long, BAR));
            pen.rect(place, fill, None);
            over(pen, place, Pattern::of(bar.tone), fill);
        }
        let figure = [pen.amount(bar.value, unit)];
        pen.block((left + long + GAP / 2.0, middle), Anchor::Start, pen.ink(), true, &figure);
        y += height + GAP;
    }
}

pub(super) fn stacked(pen: &mut Pen<'_>, chart: &Stacked) {
    let room = label_room(pen, chart.rows.iter().map(|row| row.label.as_str()));
    let left = room + GAP;
    let whole = |values: &[f64]| values.iter().map(|value| value.max(0.0)).sum::<f64>();
    let most = chart.rows.iter().map(|row| whole(&row.values)).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let totals = pen.wide(&pen.amount(most, None)) + GAP;
    let scale = (pen.width - left - totals).max(10.0) / most;
    let patterns = Pattern::each(&chart.parts.iter().map(|part| part.tone).collect::<Vec<_>>());
    let mut y = key(pen, chart, &patterns);
    for row in &chart.rows {
        let lines = pen.lines(&row.label, room + 0.5);
        let height = BAR.max(lines.len() as f64 * LINE);
        let middle = y + height / 2.0;
        pen.block((room, middle), Anchor::End, pen.ink(), false, &lines);
        let mut x = left;
        let parts = chart.parts.iter().zip(&patterns).zip(&row.values);
        for ((part, pattern), value) in parts.filter(|(_, value)| **value > 0.0) {
            let long = value * scale;
            let (fill, place) = (pen.fill(part.tone), (x, middle - BAR / 2.0, long, BAR));
            pen.rect(place, fill, Some(crate::theme::WHITE));
            over(pen, place, *pattern, fill);
            let figure = pen.amount(*value, None);
            let wide = pen.wide(&figure) + 2.0;
            if wide <= long {
                if *pattern != Pattern::Solid {
                    let wide = (wide + GAP).min(long);
                    pen.rect((x + (long - wide) / 2.0, middle - BAR / 2.0 + 0.4, wide, BAR - 0.8), fill, None);
                }
                pen.block((x + long / 2.0, middle), Anchor::Middle, pen.on(fill), true, &[figure]);
            }
            x += long;
        }
        let total = [pen.amount(whole(&row.values), None)];
        pen.block((x + GAP / 2.0, middle), Anchor::Start, pen.muted(), false, &total);
        y += height + GAP;
    }
}

/// What the colours and patterns of the parts mean, in the order in which they stand; where it ends.
fn key(pen: &mut Pen<'_>, chart: &Stacked, patterns: &[Pattern]) -> f64 {
    let (mut x, mut y) = (0.0, TEXT);
    for (part, pattern) in chart.parts.iter().zip(patterns) {
        let long = TEXT + 3.0 + pen.wide(&part.label) + 2.0 * GAP;
        if x + long > pen.width && x > 0.0 {
            (x, y) = (0.0, y + LINE);
        }
        let (fill, place) = (pen.fill(part.tone), (x, y - TEXT * 0.8, TEXT, TEXT));
        pen.rect(place, fill, None);
        over(pen, place, *pattern, fill);
        pen.text((x + TEXT + 3.0, y), Anchor::Start, pen.ink(), false, &part.label);
        x += long;
    }
    y + GAP + 2.0
}

pub(super) fn line(pen: &mut Pen<'_>, chart: &Line) {
    let unit = chart.unit.as_ref();
    let values = || chart.points.iter().map(|point| point.value).chain(chart.target.iter().map(|target| target.value));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    // Zero is part of the scale unless all that there is to see stands far from it.
    let span = (high - low).max(high.abs() / 1000.0);
    let low = if low > span * 3.0 { low - span } else { low.min(0.0) };
    let span = (high - low).max(f64::MIN_POSITIVE);
    let word = chart.target.as_ref().map(|target| [target.label.clone(), pen.amount(target.value, unit)]);
    let beside = word.iter().flatten().map(|word| pen.wide(word)).fold(0.0, f64::max);
    let (top, tall) = (LINE + GAP, 72.0);
    let bottom = top + tall;
    let ends = chart.points.iter().map(|point| pen.wide(&point.label) / 2.0).fold(pen.wide("000"), f64::max);
    let (left, right) = (ends, pen.width - beside - ends - GAP);
    let across = |at: usize| match chart.points.len() {
        1 => f64::midpoint(left, right),
        count => left + (right - left) * at as f64 / (count - 1) as f64,
    };
    let down = |value: f64| bottom - (value - low) / span * tall;
    pen.path(&[(0.0, bottom + GAP), (right + ends.min(GAP), bottom + GAP)], pen.rule(), 0.8, false);
    if let (Some(target), Some(word)) = (&chart.target, &word) {
        let y = down(target.value);
        pen.path(&[(0.0, y), (pen.width - beside - GAP / 2.0, y)], pen.muted(), 1.0, true);
        pen.block((pen.width - beside, y), Anchor::Start, pen.muted(), false, word);
    }
    let points: Vec<(f64, f64)> =
        chart.points.iter().enumerate().map(|(at, point)| (across(at), down(point.value))).collect();
    pen.path(&points, pen.accent(), 1.6, false);
    let step = (right - left) / (chart.points.len().max(2) - 1) as f64;
    let each = ((ends * 2.0 + 2.0) / step.max(1.0)).ceil().max(1.0) as usize;
    for (at, (point, (x, y))) in chart.points.iter().zip(&points).enumerate() {
        pen.circle((*x, *y), 2.4, pen.accent(), pen.accent());
        if at % each == 0 || at + 1 == chart.points.len() {
            // A number that the target's line would cross stands below its point.
            let is_crossed = chart.target.as_ref().is_some_and(|target| (y - LINE..*y).contains(&down(target.value)));
            let above = if is_crossed { LINE } else { -5.0 };
            pen.text((*x, y + above), Anchor::Middle, pen.ink(), true, &pen.amount(point.value, None));
            pen.text((*x, bottom + GAP + LINE), Anchor::Middle, pen.muted(), false, &point.label);
        }
    }
}
