//! Codes F4xx: parsing and resolving documents.

use super::codes;

codes! {
    RAW_HTML = "F401" "raw HTML" {
        what: "A template holds an HTML tag. Only `<br>` is known, and comments, which are left out: `<!-- … -->`.",
        why: "HTML has no meaning in Word or PDF and would be lost.",
        example: "<b>important</b>",
        fix: "Write Markdown: `**important**`.",
    }
    DIRECTIVE_UNCLOSED = "F402" "directive not closed" {
        what: "A `:::` directive has no closing `:::`, or a closing one has no opening.",
        why: "Everything up to the end of the document would stand inside it.",
        example: ":::callout {kind=note}\nRead this.",
        fix: "Close it with a line of as many colons. A directive inside another needs a longer fence outside.",
    }
    DIRECTIVE_UNKNOWN = "F403" "directive not understood" {
        what: "A directive's name, or one of its attributes, is unknown or malformed.",
        why: "It would be printed as text, or ignored.",
        example: ":::calout {kind=note}",
        fix: "Correct the name; the message lists those that are known. Attributes hold no colon.",
    }
    HEADING_ID = "F404" "heading without id" {
        what: "A heading has no explicit id.",
        why: "Ids keep references, bookmarks and overrides stable when a heading is reworded.",
        example: "# Scope",
        fix: "Write `# Scope {#sec-scope}`.",
    }
    HEADING_LEVEL = "F405" "heading level skipped" {
        what: "A heading is more than one level below the heading before it, or deeper than six.",
        why: "Screen readers and tables of contents follow the levels; PDF/UA forbids gaps.",
        example: "# Rules {#sec-a}\n### Passwords {#sec-b}",
        fix: "Use the next level.",
    }
    LABEL_TWICE = "F406" "label used twice" {
        what: "Two headings, tables or figures of a document have the same id.",
        why: "A reference could mean either.",
        example: "# A {#sec-x} … # B {#sec-x}",
        fix: "Give each its own id.",
    }
    LABEL_UNKNOWN = "F407" "reference leads nowhere" {
        what: "A reference names a label, or a document, that does not exist in the set.",
        why: "The reader would be sent nowhere.",
        example: "[](#sec-scop)",
        fix: "Correct the label; a near one is suggested.",
    }
    LINK_SCHEME = "F408" "link not allowed" {
        what: "A link is neither `https:`, `http:` nor `mailto:`.",
        why: "A link such as `javascript:` or `file:` does harm or leads nowhere on another computer.",
        example: "[click](javascript:alert(1))",
        fix: "Link to a web address or an e-mail address, or write the text without a link.",
    }
    MARKDOWN_UNSUPPORTED = "F409" "Markdown construct not supported" {
        what: "A construct that has no place in a document: a thematic break, a task list, an image inside a sentence, a heading inside a table.",
        why: "It would be lost in one of the formats.",
        example: "***",
        fix: "Write it differently; the message says how.",
    }
    TABLE_SHAPE = "F410" "table malformed" {
        what: "A table's widths do not fit its columns, its header is empty, or a `:::table` holds something else than one table.",
        why: "Columns would not line up, or a screen reader could not name them.",
        example: ":::table {widths=\"50,50\"} around a table of three columns",
        fix: "Give one width for each column, adding up to 100, and a word in each header cell.",
    }
    ATTRIBUTE = "F411" "attribute missing or wrong" {
        what: "A field, status word, figure or sign-off lacks an attribute or has one that is not understood.",
        why: "It could not be shown as meant.",
        example: "`____`{.field}",
        fix: "Add the attribute that the message names.",
    }
    FIELD_TWICE = "F412" "field name used twice" {
        what: "Two fill-in fields of a document have the same name.",
        why: "The name is the tag of the content control by which the answer is read back.",
        example: "`____`{.field name=date} … `____`{.field name=date}",
        fix: "Give each its own name.",
    }
    NESTING = "F413" "nested too deep" {
        what: "Lists are nested deeper than twelve, or blocks deeper than sixteen.",
        why: "Word has nine levels of lists, and nobody reads the tenth.",
        example: "- - - - - - - - - - - - - x",
        fix: "Use headings or a table.",
    }
    EMPTY_DOCUMENT = "F414" "document or section without text" {
        what: "A document has no text, or a heading is followed at once by the end of its section.",
        why: "An empty section looks like a gap that somebody forgot to fill.",
        example: "# Exceptions {#sec-exceptions}\n# Review {#sec-review}",
        fix: "Write the section, or put the heading inside the condition too.",
    }
    IMAGE_MISSING = "F415" "image not usable" {
        what: "An image does not exist in the pack, is neither SVG, PNG nor JPEG, holds a filter or a link, is too large, or has no alternative text.",
        why: "A picture without alternative text is nothing to somebody who cannot see it; PDF/UA requires one.",
        example: "![](flow.svg)",
        fix: "Add the file to the pack's `images/`, and say in the brackets what it shows.",
    }
    EMPTY_CELL = "F416" "empty table cell" {
        what: "A cell of a table came out empty.",
        why: "An empty cell cannot be told from one that somebody forgot.",
        example: "| {{#if due}}{{date due}}{{/if}} |",
        fix: "Write what an absent value means, in `{{else}}`: 'none', 'open', '–'.",
    }
    LEFTOVER = "F417" "leftover of a template" {
        what: "A document shows the syntax of a template, or a word that stands for something to be filled in.",
        why: "It goes to a client as finished.",
        example: "The owner is TBC.",
        fix: "Write the text at the place named, or the value in the profile.",
    }
    GAP = "F418" "sentence with a gap" {
        what: "A sentence of a template is broken: a stop after nothing, two commas, empty brackets.",
        why: "That is what a missing value leaves behind.",
        example: "It is kept for , by the .",
        fix: "Say in `{{else}}` what holds when the value is missing.",
    }
    FOREIGN_NAME = "F419" "name of somebody else" {
        what: "Text of a template or an override holds a name that stands in the starter or in a workspace beside this one.",
        why: "One client's name in another client's document is the worst mistake there is.",
        example: "an override that was copied from another client's folder",
        fix: "Write the name out of the profile: `{{organisation.short_name}}`.",
    }
    TYPED_FIGURE = "F420" "figure written into a text" {
        what: "A template or an override holds a figure with a unit instead of reading it from the profile.",
        why: "The same figure stands in several documents; only from one key do all change together.",
        example: "within 5 working days",
        fix: "Give the figure a key in the profile and print that.",
    }
    FORM_MISSING = "F421" "form of a value missing" {
        what: "A text asks for a form of a role, name or term, such as its genitive, that neither the profile nor the pack has.",
        why: "The text shows the base form instead, which is not what its sentence needs.",
        example: "{{role \"ciso\" form=genitive}}, while `roles[ciso]` has no `forms: {genitive: …}`",
        fix: "Write the form under `forms` of the row in the profile, or in `forms.yaml` of the pack.",
    }
    MARKUP_LEFT = "F423" "Markdown that was not understood" {
        what: "A text shows the signs of Markdown: they begin something that does not end, or name something that is not there.",
        why: "The reader sees stars and brackets instead of what was meant.",
        example: "This is **important.",
        fix: "Close it, or name what is there. Where the sign itself is meant, write a backslash before it: `\\*`.",
    }
    SAME_NUMBER = "F422" "two documents of one number" {
        what: "Two documents of the set have the same number; letter case and spaces do not tell two apart.",
        why: "References and registers call documents by their numbers: nobody could tell which of the two is meant.",
        example: "documents: {backup-policy: {number: H-1}}, where another document is H-1",
        fix: "Give one of them another number, under `documents` of the profile or in the pack.",
    }
    CLOSED_CHANGED = "F431" "closed record changed" {
        what: "A row of a register that was closed when a version was issued says something else now.",
        why: "A closed record keeps the words with which it was issued: its documents do not show what was changed.",
        example: "audits[A-3].conclusion, after version 1.0 of internal-audit-results",
        fix: "Write what happened later as a new row. A true correction is named under `corrections` of the profile, with the row, the day and the reason; then the row's new values are shown.",
    }
    CLOSED_REMOVED = "F432" "closed record removed" {
        what: "A row of a register that was closed when a version was issued is not in the register any more.",
        why: "A record does not vanish: its documents keep showing what was issued.",
        example: "audits[A-3], which version 1.0 of internal-audit-results shows",
        fix: "Put the row back into the register. Where it must go, as after its time of retention, name it under `corrections` of the profile, with the day and the reason.",
    }
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
