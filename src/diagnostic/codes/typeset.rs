//! Codes F5xx: typesetting and fonts.

use super::codes;

codes! {
    FONT_BROKEN = "F501" "font file not usable" {
        what: "A file under `fonts:` of a workspace, or in `fonts/` of a pack, is neither TrueType nor OpenType, has more faces or characters than any font, or says in itself that it may not be embedded.",
        why: "Its characters would be missing, or the PDF would hold what its author forbids.",
        example: "fonts: [fonts/house.woff2]",
        fix: "Add the font as .ttf or .otf, with the right to embed parts of it.",
    }
    FAMILY_MISSING = "F502" "font family not found" {
        what: "The theme names a family that no font file has.",
        why: "Text would be set in another one, with other widths.",
        example: "fonts: {body: {pdf: Calbri, word: Calibri}}",
        fix: "Correct the name, or add the family's files: in `fonts/` of the pack with their licence, or under `fonts:` in folio.yaml.",
    }
    GLYPH_MISSING = "F503" "character that no font has" {
        what: "A text of a PDF holds characters that neither the theme's fonts nor its fallbacks have. Word has fonts of its own.",
        why: "They would be blank, or boxes.",
        example: "name: 山田太郎",
        fix: "Add a font that has them, under `fonts:` in folio.yaml or in `fonts/` of the pack, and its family under `fonts: {fallback: [...]}` of the theme.",
    }
    LAYOUT_REFUSED = "F504" "document cannot be laid out" {
        what: "The layout engine refused the document, or it breaks a rule of PDF/A or PDF/UA.",
        why: "A file that breaks the rules would not be accepted where they are asked for.",
        example: "an image that is damaged inside",
        fix: "The message says what is refused. If it tells you nothing, it is a mistake in Folio: please report it.",
    }
    CONTROL = "F505" "document control not usable" {
        what: "A document has no title, its date is not ISO 8601, or its language is not a tag such as `en-GB`.",
        why: "PDF/UA asks for title and language, PDF/A for the date; screen readers say the title first.",
        example: "documents: {isms-scope: {title: \"\"}}",
        fix: "Fill in the title under `documents`, the date under `as_of` in folio.yaml, or the language in the pack's manifest.",
    }
    STRUCTURE = "F506" "structure that cannot be tagged" {
        what: "A heading skips a level or has no text, a table has no header row or rows of unequal length, a picture has no alternative text, or an id is given twice.",
        why: "Screen readers walk by headings, name cells by their header and read the text in place of a picture. PDF/UA requires all of it.",
        example: "# Rules {#sec-a}\n### Passwords {#sec-b}",
        fix: "Correct the template at the place that is named: the next lower level, a header row, `![what it shows](file.svg)`, an id of its own.",
    }
    DANGLING = "F507" "named but not there" {
        what: "A reference, a footnote's mark or a figure names something that the document does not have.",
        why: "The reader would be led nowhere.",
        example: "[](#tab-deadlines) in a document without that table",
        fix: "Correct the id, add what it names, or take the reference out. If a value decides whether it is there, put the reference under the same condition.",
    }
}
