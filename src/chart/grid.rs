//! Two directions: heat maps and timelines.

use jiff::ToSpan;

use super::amounts::label_room;
use super::pen::{Anchor, GAP, LINE, Pen, TEXT};
use crate::model::Tone;
use crate::model::chart::{Heatmap, Timeline};
use crate::theme::{Colour, WHITE};

pub(super) fn heatmap(pen: &mut Pen<'_>, chart: &Heatmap) {
    let room = label_room(pen, chart.rows.iter().map(|row| row.label.as_str()).chain([chart.down.as_str()]));
    let left = room + GAP;
    let wide = (pen.width - left) / chart.columns.len() as f64;
    let tall = 24.0;
    pen.text((left + (pen.width - left) / 2.0, TEXT), Anchor::Middle, pen.muted(), true, &chart.across);
    let heads: Vec<Vec<String>> = chart.columns.iter().map(|column| pen.lines(column, wide - 4.0)).collect();
    let deepest = heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let top = LINE + GAP + deepest * LINE;
    for (at, head) in heads.iter().enumerate() {
        let y = top - GAP / 2.0 - deepest * LINE / 2.0;
        pen.block((left + (at as f64 + 0.5) * wide, y), Anchor::Middle, pen.ink(), false, head);
    }
    pen.text((room, top - GAP / 2.0 - 2.0), Anchor::End, pen.muted(), true, &chart.down);
    for (row, line) in chart.rows.iter().enumerate() {
        let y = top + row as f64 * tall;
        let label = pen.lines(&line.label, room + 0.5);
        pen.block((room, y + tall / 2.0), Anchor::End, pen.ink(), false, &label);
        for (at, cell) in line.cells.iter().enumerate() {
            let x = left + at as f64 * wide;
            let share = if cell.value == 0 { 82.0 } else { 55.0 };
            pen.rect((x, y, wide, tall), pen.tone(cell.tone).mixed(WHITE, share), Some(WHITE));
            // What it means to be there, by a shape of its own.
            sign(pen, (x + wide - 8.0, y + 8.0), cell.tone, pen.ink(), 0.6);
            let figure = [pen.amount(f64::from(cell.value), None)];
            pen.block((x + wide / 2.0, y + tall / 2.0), Anchor::Middle, pen.ink(), cell.value > 0, &figure);
        }
    }
}

pub(super) fn timeline(pen: &mut Pen<'_>, chart: &Timeline) {
    let Some(start) = chart.start() else { return };
    let room = label_room(pen, chart.rows.iter().map(|row| row.label.as_str()));
    let left = room + GAP;
    let wide = (pen.width - left) / f64::from(chart.months.max(1));
    let top = key(pen, chart, left) + 2.0 * LINE + 2.0;
    let month_of = |at: u32| start.checked_add(i64::from(at).months()).unwrap_or(start);
    let heights: Vec<(Vec<String>, f64)> = chart
        .rows
        .iter()
        .map(|row| {
            let lines = pen.lines(&row.label, room + 0.5);
            let height = 16.0f64.max(lines.len() as f64 * LINE + 4.0);
            (lines, height)
        })
        .collect();
    let bottom = top + heights.iter().map(|(_, height)| height).sum::<f64>();
    for at in 0..=chart.months {
        let x = left + f64::from(at) * wide;
        let is_year = month_of(at).month() == 1 || at == 0;
        pen.path(&[(x, top - if is_year { 2.0 * LINE } else { 0.0 }), (x, bottom)], pen.rule(), 0.6, false);
        if at == chart.months {
            break;
        }
        if is_year {
            pen.text((x + 3.0, top - LINE - 3.0), Anchor::Start, pen.ink(), true, &month_of(at).year().to_string());
        }
        if wide >= 11.0 {
            pen.text(
                (x + wide / 2.0, top - 3.0),
                Anchor::Middle,
                pen.muted(),
                false,
                &month_of(at).month().to_string(),
            );
        }
    }
    let mut y = top;
    for (row, (label, height)) in chart.rows.iter().zip(&heights) {
        pen.path(&[(0.0, y), (pen.width, y)], pen.rule(), 0.6, false);
        pen.block((room, y + height / 2.0), Anchor::End, pen.ink(), false, label);
        for mark in &row.marks {
            if let Some(x) = chart.place(mark) {
                sign(pen, (left + x * wide, y + height / 2.0), mark.tone, pen.tone(mark.tone), 1.0);
            }
        }
        y += height;
    }
    pen.path(&[(0.0, y), (pen.width, y)], pen.rule(), 0.6, false);
}

/// A mark whose shape, too, tells what it means; so many times its usual size.
fn sign(pen: &mut Pen<'_>, (x, y): (f64, f64), tone: Tone, colour: Colour, size: f64) {
    let at = |dx: f64, dy: f64| (x + dx * size, y + dy * size);
    match tone {
        Tone::Good => pen.circle((x, y), 4.0 * size, colour, colour),
        Tone::Neutral => pen.circle((x, y), 3.6 * size, WHITE, colour),
        Tone::Caution => pen.shape(&[at(0.0, -4.8), at(4.8, 3.8), at(-4.8, 3.8)], colour, colour),
        Tone::Bad => pen.shape(&[at(0.0, -5.2), at(5.2, 0.0), at(0.0, 5.2), at(-5.2, 0.0)], colour, colour),
    }
}

/// What the shapes mean, each once; where it ends.
fn key(pen: &mut Pen<'_>, chart: &Timeline, left: f64) -> f64 {
    let mut known: Vec<(Tone, &str)> = Vec::new();
    for mark in chart.rows.iter().flat_map(|row| &row.marks) {
        if !known.contains(&(mark.tone, mark.label.as_str())) {
            known.push((mark.tone, &mark.label));
        }
    }
    let (mut x, mut y) = (left, TEXT);
    for (tone, label) in known {
        let long = 14.0 + pen.wide(label) + 2.0 * GAP;
        if x + long > pen.width && x > left {
            (x, y) = (left, y + LINE);
        }
        sign(pen, (x + 5.0, y - 3.0), tone, pen.tone(tone), 1.0);
        pen.text((x + 14.0, y), Anchor::Start, pen.ink(), false, label);
        x += long;
    }
    y + GAP
}
