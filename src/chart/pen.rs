//! What charts are drawn with: shapes and text in the theme's colours, written as SVG.

use std::fmt::Write as _;

use crate::language::Language;
use crate::model::Tone;
use crate::model::chart::{Unit, amount};
use crate::theme::{Colour, SYMBOLS, Theme, WHITE};

/// The size of text, and from baseline to baseline.
pub(super) const TEXT: f64 = 9.0;
pub(super) const LINE: f64 = 11.0;
/// Between things.
pub(super) const GAP: f64 = 6.0;

/// Where a text is held.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Draws on a picture that is as wide as it was made and as high as it was used.
pub(super) struct Pen<'a> {
    out: String,
    pub(super) width: f64,
    height: f64,
    theme: &'a Theme,
    language: &'a Language,
    advance: &'a dyn Fn(char) -> f64,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        width: f64,
        theme: &'a Theme,
        language: &'a Language,
        advance: &'a dyn Fn(char) -> f64,
    ) -> Pen<'a> {
        Pen { out: String::new(), width, height: 0.0, theme, language, advance }
    }

    /// An amount as it is written.
    pub(super) fn amount(&self, value: f64, unit: Option<&Unit>) -> String {
        amount(value, unit, self.language)
    }

    /// The SVG and its size.
    pub(super) fn finish(self) -> (String, (f64, f64)) {
        let size = (self.width, self.height.ceil().max(1.0));
        let fonts = &self.theme.fonts.body;
        let others = self.theme.fonts.fallback.iter().map(String::as_str).chain([SYMBOLS]);
        let families = [fonts.word.as_str(), fonts.pdf.as_str()].into_iter().chain(others);
        let families: Vec<String> = families.map(|family| escaped(&format!("'{family}'"))).collect();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">\
             <g font-family=\"{}, sans-serif\" font-size=\"{TEXT}\">{}</g></svg>\n",
            families.join(", "),
            self.out,
            w = n(size.0),
            h = n(size.1),
        );
        (svg, size)
    }

    pub(super) fn accent(&self) -> Colour {
        self.theme.colours.accent
    }

    pub(super) fn tint(&self) -> Colour {
        self.theme.colours.tint
    }

    pub(super) fn rule(&self) -> Colour {
        self.theme.colours.rule
    }

    pub(super) fn muted(&self) -> Colour {
        self.theme.colours.muted
    }

    pub(super) fn ink(&self) -> Colour {
        self.theme.colours.text
    }

    pub(super) fn tone(&self, tone: Tone) -> Colour {
        let colours = &self.theme.colours;
        match tone {
            Tone::Good => colours.good,
            Tone::Caution => colours.caution,
            Tone::Bad => colours.bad,
            Tone::Neutral => colours.neutral,
        }
    }

    /// The colour of a tone; the accent when there is none.
    pub(super) fn fill(&self, tone: Option<Tone>) -> Colour {
        tone.map_or(self.accent(), |tone| self.tone(tone))
    }

    /// The colour of text on a ground: white where that can be read.
    pub(super) fn on(&self, ground: Colour) -> Colour {
        if ground.contrast(WHITE) >= 4.5 { WHITE } else { self.ink() }
    }

    /// How wide a text is.
    pub(super) fn wide(&self, text: &str) -> f64 {
        text.chars().map(|c| (self.advance)(c)).sum::<f64>() * TEXT
    }

    /// A text in lines that are no wider than `room`; a longer word stands alone, cut where it must be.
    pub(super) fn lines(&self, text: &str, room: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.wide(line) + self.wide(" ") + self.wide(word) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.into_iter().flat_map(|line| self.cut(line, room)).collect()
    }

    fn cut(&self, line: String, room: f64) -> Vec<String> {
        if self.wide(&line) <= room {
            return vec![line];
        }
        let mut parts = vec![String::new()];
        let mut filled = 0.0;
        for c in line.chars() {
            let step = (self.advance)(c) * TEXT;
            if filled + step > room && filled > 0.0 {
                parts.push(String::new());
                filled = 0.0;
            }
            filled += step;
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
        }
        parts
    }

    fn reach(&mut self, y: f64) {
        self.height = self.height.max(y + 1.0);
    }

    pub(super) fn rect(&mut self, (x, y, w, h): (f64, f64, f64, f64), fill: Colour, edge: Option<Colour>) {
        let edge = edge.map(|edge| format!(" stroke=\"#{}\" stroke-width=\"0.8\"", edge.hex())).unwrap_or_default();
        self.reach(y + h);
        let (x, y, w, h, fill) = (n(x), n(y), n(w), n(h), fill.hex());
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"#{fill}\"{edge}/>");
    }

    /// A line through points, dashed or not.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: Colour, width: f64, is_dashed: bool) {
        let at: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
        let dash = if is_dashed { " stroke-dasharray=\"4 3\"" } else { "" };
        let (width, colour) = (n(width), colour.hex());
        let _ = write!(
            self.out,
            "<path d=\"M{}\" fill=\"none\" stroke=\"#{colour}\" stroke-width=\"{width}\"{dash}/>",
            at.join("L")
        );
        points.iter().for_each(|(_, y)| self.reach(*y));
    }

    /// Lines, each from a point to another, drawn as one; dashed by so much line and so much gap.
    pub(super) fn lines_over(
        &mut self,
        lines: &[[(f64, f64); 2]],
        colour: Colour,
        width: f64,
        dash: Option<(f64, f64)>,
    ) {
        if lines.is_empty() {
            return;
        }
        let at = |(x, y): (f64, f64)| format!("{} {}", n(x), n(y));
        let path: String = lines.iter().map(|[from, to]| format!("M{}L{}", at(*from), at(*to))).collect();
        let dash = dash.map(|(line, gap)| format!(" stroke-dasharray=\"{} {}\"", n(line), n(gap))).unwrap_or_default();
        let (width, colour) = (n(width), colour.hex());
        let _ =
            write!(self.out, "<path d=\"{path}\" fill=\"none\" stroke=\"#{colour}\" stroke-width=\"{width}\"{dash}/>");
    }

    /// A closed shape through points.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], fill: Colour, edge: Colour) {
        let at: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
        let _ = write!(
            self.out,
            "<path d=\"M{}Z\" fill=\"#{}\" stroke=\"#{}\" stroke-width=\"0.8\"/>",
            at.join("L"),
            fill.hex(),
            edge.hex()
        );
        points.iter().for_each(|(_, y)| self.reach(*y));
    }

    pub(super) fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: Colour, edge: Colour) {
        let (x, cy, radius) = (n(x), n(y), n(radius));
        let (fill, edge) = (fill.hex(), edge.hex());
        let _ = write!(
            self.out,
            "<circle cx=\"{x}\" cy=\"{cy}\" r=\"{radius}\" fill=\"#{fill}\" stroke=\"#{edge}\" stroke-width=\"1.2\"/>"
        );
        self.reach(y + 5.0);
    }

    /// An arrow from a point to another, straight.
    pub(super) fn arrow(&mut self, from: (f64, f64), to: (f64, f64)) {
        let colour = self.muted();
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.1);
        let (ux, uy) = (dx / length, dy / length);
        let foot = (to.0 - ux * 4.5, to.1 - uy * 4.5);
        self.path(&[from, foot], colour, 0.9, false);
        let head = [to, (foot.0 - uy * 2.6, foot.1 + ux * 2.6), (foot.0 + uy * 2.6, foot.1 - ux * 2.6)];
        self.shape(&head, colour, colour);
    }

    /// A line of text on its baseline.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, colour: Colour, is_bold: bool, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
        let (at_x, at_y) = (n(x), n(y));
        let (colour, text) = (colour.hex(), escaped(text));
        let _ = write!(self.out, "<text x=\"{at_x}\" y=\"{at_y}\" fill=\"#{colour}\"{anchor}{weight}>{text}</text>");
        self.reach(y + 2.5);
    }

    /// Lines of text about a middle height.
    pub(super) fn block(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        colour: Colour,
        is_bold: bool,
        lines: &[String],
    ) {
        let first = y - (lines.len() as f64 - 1.0) * LINE / 2.0 + TEXT * 0.34;
        for (at, line) in lines.iter().enumerate() {
            self.text((x, first + at as f64 * LINE), anchor, colour, is_bold, line);
        }
    }
}

/// A number with at most two digits after the point.
fn n(value: f64) -> String {
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for XML 1.0: what it may not hold is left out, which [`crate::typeset`] has reported before.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
