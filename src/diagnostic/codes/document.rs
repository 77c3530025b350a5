//! Codes F4xx: parsing and resolving documents.

use super::codes;

codes! {
    ILLEGAL_CHARACTER = "F451" "character that no Word file can hold" {
        what: "A text holds a control character or another character that XML forbids.",
        why: "A Word file is XML. Dropping the character would change what the document says without a word.",
        example: "name: \"North\\u0007wind\"",
        fix: "Remove the character at the place named; it usually came in by copying from another program.",
    }
    MISSING_IMAGE = "F452" "picture that is not there" {
        what: "A figure names a picture that neither pack nor workspace has.",
        why: "A document with a hole where a picture belongs is not finished.",
        example: "![Plan of the site](site-plan.svg)",
        fix: "Add the file, or correct the name in the template.",
    }
    BROKEN_IMAGE = "F453" "picture that cannot be read" {
        what: "A picture is not what its format says, or its size is unknown.",
        why: "Word would show a red cross in its place.",
        example: "logo.svg that holds an HTML page",
        fix: "Save the picture anew as PNG, JPEG or SVG.",
    }
    TOO_MANY_COLUMNS = "F454" "table with too many columns for Word" {
        what: "A table has more than 63 columns.",
        why: "Word opens no table with more.",
        example: "a register with 70 columns in one table",
        fix: "Split the table, or leave columns out.",
    }
    PACKAGE = "F455" "Word file that cannot be packed" {
        what: "The parts of a Word file cannot be put into its archive.",
        why: "A file that is not whole does not open.",
        example: "a document whose pictures have more than 4 GB",
        fix: "Make the pictures smaller.",
    }
}
