//! Patterns over what is filled with colour, so that parts are told apart without it (WCAG 2.2, 1.4.1). They are drawn as
//! lines: not everybody who shows an SVG fills with its patterns.

use super::pen::Pen;
use crate::model::Tone;
use crate::theme::{Colour, WHITE};

/// From line to line.
const STEP: f64 = 5.5;
const WIDTH: f64 = 0.8;
/// How much of white there is in the colour of the lines, in hundredths: seen, and quieter than figures.
const SHARE: f64 = 62.0;

/// A pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// None: the colour alone.
    Solid,
    /// Lines that rise to the right.
    Rising,
    /// Lines that rise and fall.
    Crossed,
    Dots,
    /// Lines that fall to the right.
    Falling,
    /// Lines across.
    Level,
    /// Lines from top to bottom.
    Upright,
}

impl Pattern {
    /// Those that are given to parts whose own is taken, in this order.
    const ALL: [Pattern; 7] = [
        Pattern::Solid,
        Pattern::Falling,
        Pattern::Level,
        Pattern::Upright,
        Pattern::Dots,
        Pattern::Rising,
        Pattern::Crossed,
    ];

    /// The pattern that goes with a tone in every chart.
    pub(super) fn of(tone: Option<Tone>) -> Pattern {
        match tone {
            None | Some(Tone::Good) => Pattern::Solid,
            Some(Tone::Caution) => Pattern::Rising,
            Some(Tone::Bad) => Pattern::Crossed,
            Some(Tone::Neutral) => Pattern::Dots,
        }
    }

    /// The patterns of parts that stand beside one another: each has its own, as far as there are enough.
    pub(super) fn each(tones: &[Option<Tone>]) -> Vec<Pattern> {
        let mut given: Vec<Pattern> = Vec::new();
        for (at, tone) in tones.iter().enumerate() {
            let own = Pattern::of(*tone);
            let free = || {
                Pattern::ALL.into_iter().find(|pattern| {
                    // What a later part is known by stays free for it.
                    !given.contains(pattern) && !tones[at + 1..].iter().any(|later| Pattern::of(*later) == *pattern)
                })
            };
            let any = || Pattern::ALL.into_iter().find(|pattern| !given.contains(pattern));
            let pattern = if given.contains(&own) { free().or_else(any).unwrap_or(own) } else { own };
            given.push(pattern);
        }
        given
    }
}

/// Draws a pattern over a rectangle that is filled with a colour.
pub(super) fn over(pen: &mut Pen<'_>, (x, y, w, h): (f64, f64, f64, f64), pattern: Pattern, fill: Colour) {
    let colour = if fill.contrast(WHITE) >= 2.0 { fill.mixed(WHITE, SHARE) } else { pen.ink() };
    let (right, foot) = (x + w, y + h);
    let steps = |from: f64, to: f64| {
        let count = ((to - from) / STEP).max(0.0).floor() as usize;
        (1..=count.min(2_000)).map(move |step| from + step as f64 * STEP).filter(move |at| *at < to - 0.2)
    };
    let rising = || -> Vec<[(f64, f64); 2]> {
        steps(x + y, right + foot)
            .map(|sum| {
                let low = if sum - foot < x { (x, sum - x) } else { (sum - foot, foot) };
                let high = if sum - y > right { (right, sum - right) } else { (sum - y, y) };
                [low, high]
            })
            .collect()
    };
    let falling = || -> Vec<[(f64, f64); 2]> {
        steps(x - foot, right - y)
            .map(|gap| {
                let high = if gap + y < x { (x, x - gap) } else { (gap + y, y) };
                let low = if gap + foot > right { (right, right - gap) } else { (gap + foot, foot) };
                [high, low]
            })
            .collect()
    };
    let level = || -> Vec<[(f64, f64); 2]> { steps(y - STEP / 2.0, foot).map(|y| [(x, y), (right, y)]).collect() };
    let upright = || -> Vec<[(f64, f64); 2]> { steps(x - STEP / 2.0, right).map(|x| [(x, y), (x, foot)]).collect() };
    let (lines, dash) = match pattern {
        Pattern::Solid => return,
        Pattern::Rising => (rising(), None),
        Pattern::Falling => (falling(), None),
        Pattern::Crossed => (rising().into_iter().chain(falling()).collect(), None),
        Pattern::Level => (level(), None),
        Pattern::Upright => (upright(), None),
        Pattern::Dots => (level(), Some((1.4, STEP - 1.4))),
    };
    pen.lines_over(&lines, colour, if dash.is_some() { 1.4 } else { WIDTH }, dash);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_beside_one_another_have_patterns_of_their_own() {
        let tones =
            [Some(Tone::Good), Some(Tone::Good), Some(Tone::Caution), None, Some(Tone::Bad), Some(Tone::Neutral), None];
        let given = Pattern::each(&tones);
        assert!(given.iter().enumerate().all(|(at, pattern)| !given[..at].contains(pattern)), "{given:?}");
        assert_eq!(
            (given[0], given[2], given[4], given[5]),
            (Pattern::Solid, Pattern::Rising, Pattern::Crossed, Pattern::Dots)
        );
        assert_eq!(Pattern::each(&[None; 9]).len(), 9);
    }
}
