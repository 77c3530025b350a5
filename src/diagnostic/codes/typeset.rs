//! Codes F5xx: typesetting and fonts.

use super::codes;

codes! {
    FONT_BROKEN = "F501" "font file not usable" {
        what: "A file under `fonts:` is neither TrueType nor OpenType.",
        why: "Its characters would be missing.",
        example: "fonts: [fonts/house.woff2]",
        fix: "Add the font as .ttf or .otf.",
    }
    FAMILY_MISSING = "F502" "font family not found" {
        what: "The theme names a family that no font file has.",
        why: "Text would be set in another one, with other widths.",
        example: "fonts: {body: {pdf: Calbri, word: Calibri}}",
        fix: "Correct the name, or add the family's files under `fonts:` in folio.yaml.",
    }
    GLYPH_MISSING = "F503" "character that no font has" {
        what: "A text holds characters that neither the theme's fonts nor its fallbacks have.",
        why: "They would be blank, or boxes.",
        example: "name: 山田太郎",
        fix: "Add a font that has them under `fonts:` in folio.yaml, and its family under `theme: {fonts: {fallback: [...]}}`.",
    }
    LAYOUT_REFUSED = "F504" "document cannot be laid out" {
        what: "The layout engine refused the document, or it breaks a rule of PDF/A or PDF/UA.",
        why: "A file that breaks the rules would not be accepted where they are asked for.",
        example: "an image that is damaged inside",
        fix: "The message says what is refused. If it tells you nothing, it is a mistake in Folio: please report it.",
    }
}
