//! The document model: the semantic tree between templates and backends.
//!
//! It is closed and knows no output format. Names are CommonMark's and pandoc's. A document whose references are not
//! yet resolved is a [`ParsedDocument`], another type than the [`Document`] that backends take.

use ecow::EcoString;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

pub mod chart;
pub mod content;
pub mod control;
pub mod identity;
pub mod image;
pub mod knowledge;
pub mod label;
pub mod origins;
pub mod pages;
pub mod places;
#[cfg(test)]
pub(crate) mod specimen;
pub mod stored;
pub mod value;
pub mod walk;

pub use control::{Approval, Control, Day, Level, NextReview, Party, Revision, State, Version};
pub use image::{Image, ImageFormat, Images, LOGO};
pub use knowledge::Knowledge;
pub use label::{Label, Labels};
pub use origins::Origins;
pub use pages::{Pages, Printed};
pub use walk::{plain, texts, walk};

/// A document as parsed: its references are still [`Target`]s.
pub type ParsedDocument = Tree<Target>;

/// A document ready for a backend: every reference has its text.
pub type Document = Tree<Reference>;

/// A document: its control data and its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree<R> {
    /// Title, number, version, owner, history: what the engine knows of the document.
    pub control: Control,
    /// The body, in order.
    pub body: Vec<Block<R>>,
    /// The bodies of footnotes, by the number that [`Inline::Footnote`] carries, from 1.
    pub footnotes: BTreeMap<u32, Vec<Inline<R>>>,
    /// The paths of the profile that it asked for and nobody recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<EcoString>,
}

impl<R> Tree<R> {
    /// Its headings in order, those of landscape pages among them.
    pub fn headings(&self) -> Vec<&Heading<R>> {
        fn find<'a, R>(blocks: &'a [Block<R>], found: &mut Vec<&'a Heading<R>>) {
            for block in blocks {
                match &block.node {
                    Node::Heading(heading) => found.push(heading),
                    Node::Landscape { body } => find(body, found),
                    _ => {}
                }
            }
        }
        let mut found = Vec::new();
        find(&self.body, &mut found);
        found
    }
}

/// A block and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block<R> {
    /// What it is.
    #[serde(flatten)]
    pub node: Node<R>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Origin::is_empty")]
    pub origin: Origin,
}

/// Where a block or row came from: a place in a template and the paths that caused it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The template, partial or override, and the line in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The innermost `{{#block}}` that it stands in, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<EcoString>,
    /// The paths that enclosing `if`, `each` and `with` looked at, outermost first, without repeats. A loop over the rows
    /// of a register stands with the row that it is at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<EcoString>,
    /// The rows of registers that the loops around it are at, outermost first: it was written for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<EcoString>,
    /// The version that was issued with these words, which are kept because what they tell of is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<EcoString>,
    /// What it is called in files, where that is not its [`identity`]: the name that it has from the version issued before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<EcoString>,
}

impl Origin {
    fn is_empty(&self) -> bool {
        *self == Origin::default()
    }
}

/// The kinds of block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Node<R> {
    /// A heading. Level 1 is a section of the document, not its title.
    Heading(Heading<R>),
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline<R>>,
    },
    /// A bullet or ordered list.
    List(List<R>),
    /// Terms and what they mean.
    DefinitionList {
        /// The terms, in order.
        items: Vec<Definition<R>>,
    },
    /// A table.
    Table(Table<R>),
    /// A picture with its caption.
    Figure(Figure<R>),
    /// Text in a box: a note, a warning, or what matters at a glance.
    Callout(Callout<R>),
    /// Preformatted text.
    CodeBlock {
        /// The lines, as they are.
        text: Text,
    },
    /// A quotation.
    BlockQuote {
        /// What is quoted.
        body: Vec<Block<R>>,
    },
    /// Ruled lines for signatures.
    SignOff {
        /// Who signs.
        signatories: Vec<Party>,
    },
    /// Pages that lie on their side: a section of its own in both formats.
    Landscape {
        /// What stands on them.
        body: Vec<Block<R>>,
    },
    /// The next block begins a page.
    PageBreak,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heading<R> {
    /// 1 to 6.
    pub level: u8,
    /// Its stable id: bookmark in Word, label in PDF, `[](#id)` in templates.
    pub id: String,
    /// Its number, such as `3.2`; given by the `number` stage.
    pub number: String,
    /// Its text.
    pub content: Vec<Inline<R>>,
}

/// A list. Every ordered list starts anew at [`List::start`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct List<R> {
    /// Numbered, or bulleted.
    pub ordered: bool,
    /// The first number of an ordered list.
    pub start: u32,
    /// The items, each of blocks.
    pub items: Vec<Vec<Block<R>>>,
}

/// A term and its definitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition<R> {
    /// The term.
    pub term: Vec<Inline<R>>,
    /// What it means.
    pub body: Vec<Block<R>>,
}

/// A table: one header row, body rows of the same width.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table<R> {
    /// Its id, when it can be cited.
    pub id: Option<String>,
    /// `Table 2` without its word: given by the `number` stage to tables with a caption.
    pub number: Option<u32>,
    /// Its caption.
    pub caption: Option<Vec<Inline<R>>>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The header cells.
    pub header: Vec<Vec<Inline<R>>>,
    /// The body.
    pub rows: Vec<Row<R>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Hundredths of the table's width; the columns of a table add up to 100.
    pub width: f64,
    /// How its cells are aligned.
    pub align: Align,
}

/// Horizontal alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the start of the line.
    Left,
    /// In the middle.
    Center,
    /// At the end, as figures are.
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row<R> {
    /// Whether it is one cell across all columns that heads the rows below it; then [`Row::cells`] has one cell.
    pub band: bool,
    /// The row of a register that it shows, such as `risks[R-07]`, when it shows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<EcoString>,
    /// Where it came from: its own line of the template, and what its being there hangs on.
    #[serde(default, skip_serializing_if = "Origin::is_empty")]
    pub origin: Origin,
    /// The cells.
    pub cells: Vec<Vec<Inline<R>>>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure<R> {
    /// Its id, when it can be cited.
    pub id: Option<String>,
    /// `Figure 2` without its word.
    pub number: Option<u32>,
    /// The image, by its key in the job's images.
    pub image: String,
    /// The figures that it is drawn from, when it is a chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<chart::Chart>,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// Hundredths of the text width.
    pub width: f64,
    /// Its caption.
    pub caption: Option<Vec<Inline<R>>>,
}

/// Text in a box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Callout<R> {
    /// What kind of box.
    pub kind: CalloutKind,
    /// Its heading; the kind's own word when absent.
    pub title: Option<String>,
    /// What it says.
    pub body: Vec<Block<R>>,
}

/// The kinds of callout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalloutKind {
    /// What matters most, on the first page.
    Glance,
    /// Something worth knowing.
    Note,
    /// Something that must not be missed.
    Important,
    /// Something that does harm.
    Warning,
}

/// The kinds of inline content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "inline", rename_all = "kebab-case")]
pub enum Inline<R> {
    /// Plain text.
    Text(Text),
    /// Strong emphasis.
    Strong {
        /// What is emphasised.
        content: Vec<Inline<R>>,
    },
    /// Emphasis.
    Emphasis {
        /// What is emphasised.
        content: Vec<Inline<R>>,
    },
    /// Code.
    Code(Text),
    /// A word that names a state, with a small mark in that state's colour.
    Status {
        /// The colour.
        tone: Tone,
        /// The word.
        text: Text,
    },
    /// The mark of a fact that is not recorded, with the paths where it would stand.
    Unrecorded(Text),
    /// A link out of the document.
    Link {
        /// `https:`, `http:` or `mailto:`; nothing else gets this far.
        url: String,
        /// What is shown.
        content: Vec<Inline<R>>,
    },
    /// A reference to a heading, table or figure of this document or another.
    Reference(R),
    /// A footnote's mark: its number in [`Tree::footnotes`].
    Footnote {
        /// From 1.
        number: u32,
    },
    /// A place to fill in by hand.
    Field(Field),
    /// A line break inside a paragraph.
    LineBreak,
}

/// How a [`Inline::Status`] is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As it should be.
    Good,
    /// On the way.
    Caution,
    /// Not as it should be.
    Bad,
    /// Neither.
    Neutral,
}

/// Text, and where it came from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Text {
    /// The characters. A newline in them is a line break that the data holds.
    pub text: String,
    /// The paths it came from, as [`places`] writes them; empty for a template's own words. With `computed` false the
    /// text is the value at the first path as it stands, and further paths say how it was found: `roles[cto].title`
    /// by `responsibilities.security_lead`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<EcoString>,
    /// Whether it was made out of the values at `from` by a rule or helper.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub computed: bool,
    /// Whether it shows a figure that the pack proposes and nobody has decided yet. Formats mark its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proposed: bool,
    /// How it differs from another version; of documents that show that alone, and of no document that is issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// What became of words from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The new version alone has them.
    Added,
    /// The old version alone has them.
    Removed,
}

impl Text {
    /// A template's own words.
    pub fn literal(text: impl Into<String>) -> Text {
        Text { text: text.into(), ..Text::default() }
    }

    /// A value as it stands at a path.
    pub fn value(text: impl Into<String>, path: impl Into<EcoString>) -> Text {
        Text { text: text.into(), from: vec![path.into()], ..Text::default() }
    }
}

/// The mark after a figure that the pack proposes and nobody has decided yet.
pub const PROPOSED: &str = "\u{2020}";

/// The key of a row of a register that names what of it is proposed.
pub const PROPOSED_KEY: &str = "proposed";

/// A place to fill in by hand: a content control in Word, a ruled line in PDF.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The tag, unique in the document.
    pub name: String,
    /// What is asked for: title of the control and the text that it shows while empty.
    pub label: String,
    /// What kind of answer.
    pub kind: FieldKind,
    /// The answers to choose from, for a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// The kinds of field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Free text.
    Text,
    /// A date.
    Date,
    /// One of a list.
    Choice,
    /// A box to tick.
    Checkbox,
}

/// A box to tick that is empty, as both formats show it.
pub const EMPTY_BOX: char = '\u{2610}';

/// A reference as written: not yet known to exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The document, when it is another.
    pub document: Option<String>,
    /// The label in it, when it is not the document as a whole.
    pub label: Option<String>,
    /// The author's own words for it, instead of the usual ones.
    pub content: Vec<Inline<Target>>,
    /// Whether another document is called by its number alone, as in a narrow column.
    pub is_short: bool,
    /// Where it was written.
    pub span: Option<Span>,
}

/// A reference that leads somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The document, when it is another; it cannot be jumped to then.
    pub document: Option<String>,
    /// The label in this document to jump to.
    pub label: Option<String>,
    /// What is shown: `section 3.2`, `Table 2`, `Access control policy, section 4`.
    pub text: String,
    /// What of [`Reference::text`] is the number, so that Word can hold it in a field: `3.2`, `Table 2`.
    pub field: Option<String>,
}
