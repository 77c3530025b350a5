//! Codes F2xx: profile and registers.

use super::codes;

codes! {
    YAML_SYNTAX = "F201" "not YAML" {
        what: "A file cannot be read as YAML: wrong indentation, a tab, an unclosed quote, a second document.",
        why: "What stands after the mistake could mean anything.",
        example: "organisation:\n  name: \"Northwind",
        fix: "Correct the place that is shown; often the mistake is on the line before it.",
    }
    DUPLICATE_KEY = "F202" "key written twice" {
        what: "A key stands twice in the same group.",
        why: "Only one value can count, and nobody could say which.",
        example: "name: Northwind\nname: Southwind",
        fix: "Delete one of the two.",
    }
    YAML_BOMB = "F203" "too large or nested too deep" {
        what: "With its aliases put in, a file holds more values, or deeper ones, than any real profile.",
        why: "Such a file would use up memory and time.",
        example: "a: &a [x, x]\nb: &b [*a, *a] …",
        fix: "Write the values out, or move lists into a register.",
    }
    BAD_CHARACTER = "F204" "character not allowed" {
        what: "A value holds a control character, or one from the private-use area (U+E000 to U+F8FF).",
        why: "Word and PDF cannot show it; it usually comes from copying out of another program.",
        example: "name: \"North\\u0007wind\"",
        fix: "Delete the character, or write an ordinary one.",
    }
    UNKNOWN_KEY = "F210" "unknown key" {
        what: "A key is not one that the profile of this pack has.",
        why: "It would be ignored, and nobody would notice.",
        example: "organisation:\n  nmae: Northwind",
        fix: "Correct it; a near one is suggested. `folio schema` lists all keys.",
    }
    MISSING_KEY = "F211" "key missing" {
        what: "A key that every profile must have is not there.",
        why: "The documents cannot be written without it.",
        example: "organisation without `name`",
        fix: "Add the key; the message says what it is.",
    }
    WRONG_TYPE = "F212" "wrong kind of value" {
        what: "A value is a number where a text is wanted, a text where a list is wanted, and so on.",
        why: "Folio does not guess: `1.0` as a number is not the version \"1.0\".",
        example: "version: 1.0",
        fix: "Put texts that look like numbers into quotes; write lists as `[a, b]` or one `- item` a line.",
    }
    WRONG_VALUE = "F213" "value not allowed" {
        what: "A value is not among those that can be chosen, is too small, too large, or not of the right form.",
        why: "The documents decide by it what to say.",
        example: "remote_work: sometimes",
        fix: "Use one of the values that the message lists.",
    }
    BAD_DATE = "F214" "not a date" {
        what: "A date is not written as YYYY-MM-DD, or does not exist.",
        why: "`03/04/2026` is two different days in two countries.",
        example: "due: 2026-02-30",
        fix: "Write year, month and day: 2026-03-04.",
    }
    EMPTY_VALUE = "F215" "empty value" {
        what: "A key has no value, or an empty text.",
        why: "An empty value would leave a gap in a document.",
        example: "website:",
        fix: "Write the value, or delete the key.",
    }
    DUPLICATE_ROW = "F220" "key of a row used twice" {
        what: "Two rows of a register have the same key.",
        why: "References could mean either row.",
        example: "two people with `id: ana`",
        fix: "Give each row its own key.",
    }
    DANGLING = "F221" "reference leads nowhere" {
        what: "A value names a row of a register, or an entry of a catalogue, that does not exist.",
        why: "The document would name nobody.",
        example: "owner: ciso, where no role has `id: ciso`",
        fix: "Correct the key; a near one is suggested. Or add the row.",
    }
    NONE_UNKNOWN = "F222" "`none` names what there is not" {
        what: "The list `none` names a path that no profile of this pack has, or a row that this one does not have.",
        why: "Documents would go on as if nobody had said anything.",
        example: "none: [workforce.contracters]",
        fix: "Correct the path; a near one is suggested. Rows are named by their keys: suppliers[S-01].reviewed.",
    }
    NONE_RECORDED = "F223" "`none` and a value" {
        what: "The list `none` says that there is none of something, and the profile records it.",
        why: "One of the two is wrong, and nobody could say which.",
        example: "none: [suppliers], and a register of suppliers with rows",
        fix: "Take the path out of the list, or delete the value.",
    }
    NAME_AMBIGUOUS = "F224" "name of several" {
        what: "A text stands in place of a key, and several rows or entries are called so.",
        why: "Names may stand wherever keys do, as long as one is called so; which of several is meant, only you know.",
        example: "owner: Ada Moor, where two people are called Ada Moor",
        fix: "Write the key of the one that is meant; the message lists them.",
    }
    PROPOSED_UNKNOWN = "F225" "`proposed` names what there is not" {
        what: "A row of a register names under `proposed` a property that rows of this register do not have.",
        why: "The value that was meant would pass for confirmed.",
        example: "controls.csv: proposed = ownr; status",
        fix: "Name properties of the row, or say `all`; to confirm a value, take its name out.",
    }
    PLACEHOLDER = "F228" "placeholder instead of a value" {
        what: "A value of the profile or of a register stands for something that is still to be written: TBD, [COMPANY NAME], Lorem ipsum, #REF!, {{…}}, or such words in the pack's language.",
        why: "It is printed as a fact, and goes to a client as finished.",
        example: "organisation.website: TBD",
        fix: "Write the value. Where it is not known yet, leave it out: documents then say that it is not recorded, and `folio check` counts it.",
    }
    REGISTER_FILE = "F230" "register cannot be read" {
        what: "A register's file does not exist, is not CSV or XLSX, is not in the encoding that it should be, is empty, or lacks the sheet that is named.",
        why: "Its rows would be missing.",
        example: "assets: {from: registers/assets.xlsx, sheet: Asets}",
        fix: "Correct the name; the message lists the sheets that are there.",
    }
    REGISTER_COLUMN = "F231" "column not understood" {
        what: "A register has a column that its schema does not have, has one twice, or lacks one that is required; or its headings do not stand where they are looked for.",
        why: "The column's values would be lost.",
        example: "a column `Ownr`",
        fix: "Name columns as the schema does, by key or title; or say in the profile what they hold, and which are left out: `columns: {Responsible: owner, Comment: ~}`. Where the headings stand below a title: `header: 3`.",
    }
    REGISTER_ROW = "F232" "row of the wrong length" {
        what: "A row of a CSV file has more or fewer cells than the heading.",
        why: "Cells would slip into the wrong columns. Often a comma in a text lacks its quotes.",
        example: "A-01,Server, old,it-lead",
        fix: "Put texts with commas into quotes: \"Server, old\".",
    }
    FORMULA = "F233" "formula without a value" {
        what: "A cell that Folio reads holds a formula, and the file no value of it.",
        why: "A formula is read by the value that the spreadsheet program stored when it saved the file; programs that only write files often store none.",
        example: "=B2*C2",
        fix: "Open the file in the spreadsheet program and save it; or copy the cells and paste them as values.",
    }
    MERGED_CELLS = "F234" "merged cells in a register" {
        what: "Cells of the table are merged over several columns, or in the column of the keys.",
        why: "All but the first would have no value there. What is merged over rows of one other column holds for each of them.",
        example: "one key across five rows",
        fix: "Unmerge them and write the value into each row.",
    }
    CELL_ERROR = "F235" "error in a cell" {
        what: "A cell shows an error, such as #REF!.",
        why: "It has no value.",
        example: "#REF!",
        fix: "Write the value.",
    }
    ENDS_BEFORE = "F236" "ends before it begins" {
        what: "The last day on which something holds lies before the first.",
        why: "It would never hold, and its documents would not show it.",
        example: "from: 2026-10-01\nuntil: 2026-09-30",
        fix: "Correct one of the two days. `until` is the last day on which it holds.",
    }
    HELD_WHEN = "F237" "days of a role that do not meet" {
        what: "Two hold a role at one time, or nobody does for some days between two holders.",
        why: "Documents name all who hold a role on their day, or nobody.",
        example: "holder: [{who: ann, until: 2026-09-30}, {who: ben, from: 2026-10-05}]",
        fix: "Let the one begin on the day after the other ends. Several who are meant to hold it together begin on one day.",
    }
}
