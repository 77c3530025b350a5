//! How far characters move the pen, before anything is laid out.

use typst::layout::Abs;
use typst::text::{FontInstance, FontStretch, FontStyle, FontVariant, FontVariations, FontWeight};

use super::fonts::Fonts;

/// How far each character of a family moves the pen, in em: that of the bold face, which is the widest.
pub(super) struct Advances {
    ascii: [f64; 128],
    font: Option<FontInstance>,
}

impl Advances {
    pub(super) fn new(fonts: &Fonts, family: &str) -> Advances {
        let bold = FontVariant { style: FontStyle::Normal, weight: FontWeight::BOLD, stretch: FontStretch::NORMAL };
        let font = fonts.book.select(&family.to_lowercase(), bold).and_then(|index| fonts.fonts.get(index));
        let font = font.map(|font| font.clone().instantiate(bold, Abs::pt(10.0), &FontVariations::default()));
        let mut advances = Advances { ascii: [0.0; 128], font };
        advances.ascii = std::array::from_fn(|code| char::from_u32(code as u32).map_or(0.0, |c| advances.measure(c)));
        advances
    }

    /// Whether the family has a character.
    pub(super) fn draws(&self, c: char) -> bool {
        self.font.as_ref().is_some_and(|font| font.ttf().glyph_index(c).is_some())
    }

    pub(super) fn of(&self, c: char) -> f64 {
        self.ascii.get(c as usize).copied().unwrap_or_else(|| self.measure(c))
    }

    fn measure(&self, c: char) -> f64 {
        if c.is_control() || typst::text::is_default_ignorable(c) {
            return 0.0;
        }
        // What this family lacks comes from another one: as wide as the widest scripts are.
        let measured = self.font.as_ref().and_then(|font| Some(font.x_advance(font.ttf().glyph_index(c)?.0)?.get()));
        measured.unwrap_or(1.0)
    }
}

impl Fonts {
    /// How far the bold characters of a family run, in ems.
    pub fn advances(&self, family: &str) -> impl Fn(char) -> f64 + use<> {
        let advances = Advances::new(self, family);
        move |c| advances.of(c)
    }
}
