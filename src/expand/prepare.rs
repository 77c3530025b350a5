//! Preparing a template: compile, splice partials and blocks in, rewrite what prints and what decides.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use handlebars::template::{HelperTemplate, Parameter, Template, TemplateElement};
use handlebars::{TemplateError, TemplateErrorReason};
use serde_json::Value as Json;

use super::asked;
use super::calls::{misasked, name_forms, quoted, unknown_helper, written};
use super::outline::{self, Part, Way};
use super::rewrite::rewrite;
use super::sites::{File, Site};
use super::tags::{self, Stand};
use crate::characters::is_private;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Code, Diagnostic, Sink, Span};

/// The most bytes of one template file: Handlebars' compile time grows with the square of the size, where a file cannot be
/// compiled in parts.
const MAX_TEMPLATE: usize = 64 * 1024;

/// The most bytes of all the files of one document, each counted as often as it is included.
const MAX_SPLICED: usize = 512 * 1024;

/// The most places of one document: its texts, expressions, blocks and inclusions.
const MAX_SITES: usize = 50_000;

/// How deep blocks, the links of an `else if` chain, and inclusions may be nested, all together; and parentheses.
const MAX_DEPTH: usize = 64;

/// The blocks that templates may open.
pub(super) const BLOCKS: [&str; 7] = ["if", "unless", "each", "with", "known", "none", asked::EITHER];

/// The text of a template, and the file it came from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file as the user knows it.
    pub name: EcoString,
    /// The Handlebars text, without front matter.
    pub text: String,
    /// The line of the file on which the text begins, from 1.
    pub first_line: u32,
    /// The pack that it comes from, counted outwards in from 0; a workspace's own text has 0 too.
    pub layer: usize,
    /// The innermost pack of which it takes the place of a text.
    pub replaces: Option<usize>,
}

/// What a template may pull in.
#[derive(Debug, Clone, Default)]
pub struct Library<'p> {
    /// Partials by name.
    pub partials: Cow<'p, BTreeMap<String, Source>>,
    /// What a pack further out, or a workspace, puts in place of blocks of this document, by block id.
    pub overrides: BTreeMap<String, Source>,
    /// The layer that calls this document final.
    pub final_since: Option<usize>,
}

/// A template ready to be expanded.
#[derive(Debug)]
pub struct Prepared {
    pub(super) template: Template,
    pub(super) name: EcoString,
    /// Its sites; marks and rewritten calls name them by index.
    pub sites: Arc<Vec<Site>>,
    /// The ids of the blocks that it holds.
    pub blocks: Vec<String>,
    /// The partials that it pulled in.
    pub partials: Vec<String>,
    /// What it holds.
    pub parts: Vec<Part>,
}

impl Prepared {
    /// Every way that it can go, each after the one that it lies in.
    pub fn ways(&self) -> Vec<Way> {
        let mut found = Vec::new();
        outline::ways(&self.parts, &self.sites, None, &mut found);
        found
    }
}

/// Prepares a template. All problems are reported; `None` when there was one.
pub fn prepare(source: &Source, library: &Library<'_>, sink: &mut Sink) -> Option<Prepared> {
    let mut own = Sink::new();
    let mut worker = Worker {
        library,
        sites: Vec::new(),
        stack: Vec::new(),
        depth: 0,
        spliced: 0,
        is_stopped: false,
        partials: Vec::new(),
        blocks: Vec::new(),
        final_since: library.final_since,
        sink: &mut own,
    };
    let plain = worker.splice(source);
    let (partials, blocks, sites) = (worker.partials, worker.blocks, worker.sites);
    let parts = outline::parts(&plain);
    let template = rewrite(plain);
    let failed = own.has_faults();
    sink.merge(own);
    (!failed).then(|| Prepared { template, name: source.name.clone(), sites: Arc::new(sites), blocks, partials, parts })
}

/// Compiles a text; one that holds no tags is what it says, and stands where it begins.
fn compiled(text: &str) -> Result<Template, TemplateError> {
    if text.is_empty() || text.contains("{{") {
        return Template::compile(text);
    }
    let mut template = Template::default();
    template.elements.push(TemplateElement::RawString(text.to_owned()));
    Ok(template)
}

/// An element of a spliced template, with its site.
#[derive(Debug)]
pub(super) enum Piece {
    Text(usize, String),
    Print(usize, Box<HelperTemplate>),
    Block(usize, Box<HelperTemplate>, Vec<Piece>, Option<Vec<Piece>>),
    /// What stands in a `{{#block}}`, by its index.
    Named(usize, Vec<Piece>),
}

struct Worker<'a> {
    library: &'a Library<'a>,
    sites: Vec<Site>,
    /// The files being spliced, outermost first.
    stack: Vec<EcoString>,
    /// How deep the piece at work is nested.
    depth: usize,
    /// The bytes of the files so far.
    spliced: usize,
    /// Whether the document is too large, and no more of it is read.
    is_stopped: bool,
    partials: Vec<String>,
    blocks: Vec<String>,
    /// The layer that calls final what is being spliced.
    final_since: Option<usize>,
    sink: &'a mut Sink,
}

impl Worker<'_> {
    /// Compiles a source and puts in what it includes.
    fn splice(&mut self, source: &Source) -> Vec<Piece> {
        if source.text.len() > MAX_TEMPLATE {
            let message =
                format!("the template has {} KB; at most {} KB are read", source.text.len() >> 10, MAX_TEMPLATE >> 10);
            self.sink.push(Diagnostic::fault(&codes::TEMPLATE_TOO_LARGE, message).at(Span::file(source.name.clone())));
            return Vec::new();
        }
        self.spliced += source.text.len();
        if self.spliced > MAX_SPLICED {
            return self.stop(source, format!("the document includes more than {} KB of templates", MAX_SPLICED >> 10));
        }
        if let Some(line) = too_deep(&source.text) {
            let span = Span::text(source.name.clone(), source.first_line + line, 1, 0);
            let message = format!("blocks or parentheses are nested deeper than {MAX_DEPTH} here");
            self.sink.push(Diagnostic::fault(&codes::TEMPLATE_TOO_LONG, message).at(span));
            return Vec::new();
        }
        for (number, line) in source.text.lines().enumerate() {
            if let Some((column, c)) = line.chars().enumerate().find(|(_, c)| is_private(*c)) {
                let span = Span::text(source.name.clone(), source.first_line + number as u32, column as u32 + 1, 1);
                let message = format!("the private-use character U+{:04X} may not stand in a template", u32::from(c));
                self.sink.push(Diagnostic::fault(&codes::PRIVATE_USE, message).at(span));
                return Vec::new();
            }
        }
        self.stack.push(source.name.clone());
        let mut file = File::new(source);
        let mut pieces = Vec::new();
        for part in tags::parts(&source.text) {
            match self.part(part, &file) {
                Some(more) => pieces.extend(more),
                None => {
                    pieces.clear();
                    break;
                }
            }
            file.before += part.matches('\n').count() as u32;
        }
        self.stack.pop();
        pieces
    }

    /// Compiles a part of a source; `None` when it is no template, which is reported.
    fn part(&mut self, text: &str, file: &File<'_>) -> Option<Vec<Piece>> {
        let source = file.source;
        match compiled(text) {
            Ok(template) => Some(self.pieces(template, file, (file.before + 1, 1), &[])),
            Err(error) => {
                let (line, column) = error.pos().unwrap_or((0, 0));
                let line = if line == 0 { 0 } else { line + file.before as usize };
                let span = match line {
                    0 => Span::file(source.name.clone()),
                    line => Span::text(source.name.clone(), source.first_line + line as u32 - 1, column as u32, 1),
                };
                let line = file.line(line as u32).map(EcoString::to_string);
                let reason = match error.reason() {
                    TemplateErrorReason::InvalidSyntax(_) => {
                        "a block or expression is not closed, or a brace is stray".to_owned()
                    }
                    TemplateErrorReason::MismatchingClosedHelper(open, close) => {
                        format!("`{{{{#{}}}}}` is open here, and `{{{{/{}}}}}` closes", name_in(open), name_in(close))
                    }
                    TemplateErrorReason::InvalidParam(_) => "something in it is neither a name nor a value".to_owned(),
                    _ => "it has a part that templates do not have".to_owned(),
                };
                let mut diagnostic =
                    Diagnostic::fault(&codes::TEMPLATE_SYNTAX, format!("this is not Handlebars: {reason}")).at(span);
                diagnostic.excerpt = line;
                self.sink.push(diagnostic);
                None
            }
        }
    }

    /// Reads no more of a document that is too large, and says so once.
    fn stop(&mut self, source: &Source, message: String) -> Vec<Piece> {
        if !std::mem::replace(&mut self.is_stopped, true) {
            let diagnostic = Diagnostic::fault(&codes::TEMPLATE_TOO_LONG, message);
            self.sink.push(diagnostic.at(Span::file(source.name.clone())).help(codes::TEMPLATE_TOO_LONG.fix));
        }
        Vec::new()
    }

    /// The pieces of a template. The links of an `else if` chain come without places of their own: `links` has them.
    fn pieces(&mut self, template: Template, file: &File<'_>, block: (u32, u32), links: &[(u32, u32)]) -> Vec<Piece> {
        if self.depth > MAX_DEPTH {
            return self.stop(file.source, format!("blocks and partials are nested deeper than {MAX_DEPTH}"));
        }
        self.depth += 1;
        let pieces = self.each_piece(template, file, block, links);
        self.depth -= 1;
        pieces
    }

    fn each_piece(
        &mut self,
        template: Template,
        file: &File<'_>,
        block: (u32, u32),
        links: &[(u32, u32)],
    ) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (index, element) in template.elements.into_iter().enumerate() {
            if self.is_stopped || self.sites.len() > MAX_SITES {
                return self
                    .stop(file.source, format!("with what it includes, the document has more than {MAX_SITES} parts"));
            }
            let place = template.mapping.get(index).map(|place| (file.before + place.0 as u32, place.1 as u32));
            let (line, column) = place.or(links.first().copied()).unwrap_or(block);
            match element {
                TemplateElement::RawString(text) => {
                    let site = self.site(file, file.text_line(line, column, &text), column, "");
                    pieces.push(Piece::Text(site, text));
                }
                TemplateElement::Expression(mut call) => {
                    name_forms(&mut call);
                    let site = self.site(file, line, column, &written(&call));
                    if let Some((problem, help)) = misasked(&call) {
                        self.report(site, &codes::TEMPLATE_HELPER, problem, Some(help));
                    }
                    if let Some(problem) = unknown_helper(&call) {
                        self.report(site, &codes::TEMPLATE_HELPER, problem.0, problem.1);
                    }
                    pieces.push(Piece::Print(site, call));
                }
                TemplateElement::HelperBlock(mut block) => {
                    let name = block.name.as_name().unwrap_or_default().to_owned();
                    let is_link = place.is_none() && !links.is_empty();
                    let shown = written(&block);
                    let shown = if is_link { shown.replacen('#', "else ", 1) } else { shown };
                    let site = self.site(file, line, column, &shown);
                    let inner = block.template.take();
                    let inverse = block.inverse.take();
                    if name == "block" {
                        pieces.extend(self.block(site, &block, inner, file, (line, column)));
                        continue;
                    }
                    if let Some((problem, help)) = misasked(&block) {
                        self.report(site, &codes::TEMPLATE_HELPER, problem, Some(help));
                    }
                    if !BLOCKS.contains(&name.as_str()) {
                        let help = format!("templates have the blocks {} and `block`", quoted(&BLOCKS));
                        self.report(site, &codes::TEMPLATE_HELPER, format!("there is no block `{name}`"), Some(help));
                    }
                    let own = if is_link || inverse.is_none() {
                        Vec::new()
                    } else {
                        tags::links(&file.source.text, (line, column))
                    };
                    let links = if is_link { links.get(1..).unwrap_or_default() } else { &own };
                    let inner = inner.map(|inner| self.pieces(inner, file, (line, column), &[])).unwrap_or_default();
                    let inverse = inverse.map(|inverse| self.pieces(inverse, file, (line, column), links));
                    pieces.push(Piece::Block(site, block, inner, inverse));
                }
                TemplateElement::PartialExpression(call) if call.params.is_empty() && call.hash.is_empty() => {
                    let name = call.name.as_name().unwrap_or_default().to_owned();
                    let site = self.site(file, line, column, &format!("> {name}"));
                    let included = self.partial(site, &name);
                    let from = self.library.partials.get(&name).map(|partial| &partial.name);
                    pieces.extend(self.fitted(included, site, tags::stand(&file.source.text, (line, column)), from));
                }
                TemplateElement::Comment(_) => {}
                other => {
                    let (text, help) = match other {
                        TemplateElement::HtmlExpression(_) => ("{{{…}}} and {{&…}} print unescaped", "write `{{…}}`"),
                        TemplateElement::PartialExpression(_) => {
                            ("a partial takes no parameters", "put values into scope with `{{#with}}`")
                        }
                        _ => ("decorators and inline partials are not for packs", "use a partial file or `{{#block}}`"),
                    };
                    let site = self.site(file, line, column, "");
                    self.report(site, &codes::TEMPLATE_UNSUPPORTED, text.into(), Some(help.into()));
                }
            }
        }
        pieces
    }

    fn partial(&mut self, site: usize, name: &str) -> Vec<Piece> {
        let Some(partial) = self.library.partials.get(name) else {
            let near = crate::diagnostic::nearest(name, self.library.partials.keys().map(String::as_str));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            self.report(site, &codes::PARTIAL_MISSING, format!("the pack has no partial `{name}`"), help);
            return Vec::new();
        };
        if self.stack.contains(&partial.name) {
            let circle = self.stack.iter().map(EcoString::as_str).collect::<Vec<_>>().join(" → ");
            let message = format!("`{name}` includes itself: {circle} → {}", partial.name);
            self.report(site, &codes::PARTIAL_CYCLE, message, None);
            return Vec::new();
        }
        if !self.partials.iter().any(|known| known == name) {
            self.partials.push(name.to_owned());
        }
        if let Some(layer) = self.final_since
            && partial.layer < layer
            && partial.replaces.is_some_and(|replaced| replaced >= layer)
        {
            let message = format!("`{}` takes the place of a partial in a part that is final", partial.name);
            let help = "leave the partial as it is, or change a part that is not final".to_owned();
            self.report(site, &codes::PACK_FINAL, message, Some(help));
        }
        self.splice(partial)
    }

    /// What a file gives where it stands within a line: the line end that editors put at the end of a file is none of its
    /// text there. In a row of a table it must be one line, or the row would end in the middle.
    fn fitted(&mut self, mut pieces: Vec<Piece>, site: usize, stand: Stand, file: Option<&EcoString>) -> Vec<Piece> {
        if stand == Stand::Alone {
            return pieces;
        }
        trim_end(&mut pieces, stand == Stand::Row);
        if stand == Stand::Row
            && let Some(file) = file
            && has_lines(&pieces)
        {
            let shown = self.sites[site].text.clone();
            let message = format!("`{{{{{shown}}}}}` stands in a row of a table, and `{file}` has several lines");
            let help = "write it as one line; where a cell needs a new line, write `<br>`".to_owned();
            self.report(site, &codes::TEXT_IN_ROW, message, Some(help));
        }
        pieces
    }

    fn block(
        &mut self,
        site: usize,
        block: &HelperTemplate,
        inner: Option<Template>,
        file: &File<'_>,
        place: (u32, u32),
    ) -> Vec<Piece> {
        let [Parameter::Literal(Json::String(id))] = block.params.as_slice() else {
            self.report(
                site,
                &codes::TEMPLATE_HELPER,
                "a block has one id in quotes".into(),
                Some("write `{{#block \"purpose\"}}`".into()),
            );
            return Vec::new();
        };
        if self.blocks.contains(id) {
            self.report(site, &codes::TEMPLATE_HELPER, format!("the block `{id}` stands twice in this document"), None);
        }
        self.blocks.push(id.clone());
        let index = self.blocks.len() - 1;
        let outside = self.final_since;
        let is_final = matches!(block.hash.get("final"), Some(Parameter::Literal(Json::Bool(true))));
        if is_final {
            self.final_since = outside.max(Some(file.source.layer));
        }
        let pieces = match self.library.overrides.get(id) {
            Some(own) if self.final_since.is_some() => {
                let message = format!("the block `{id}` is final; `{}` would change it", own.name);
                self.sink.push(
                    Diagnostic::fault(&codes::PACK_FINAL, message)
                        .at(Span::file(own.name.clone()))
                        .related(self.sites[site].span.clone(), "called final at")
                        .help(codes::PACK_FINAL.fix),
                );
                Vec::new()
            }
            Some(own) => {
                let pieces = self.splice(own);
                self.fitted(pieces, site, tags::stand(&file.source.text, place), Some(&own.name))
            }
            None => inner.map(|inner| self.pieces(inner, file, place, &[])).unwrap_or_default(),
        };
        self.final_since = outside;
        vec![Piece::Named(index, pieces)]
    }

    fn site(&mut self, file: &File<'_>, line: u32, column: u32, text: &str) -> usize {
        self.sites.push(file.site(line, column, text));
        self.sites.len() - 1
    }

    fn report(&mut self, site: usize, code: &'static Code, message: String, help: Option<String>) {
        let Site { span, line, .. } = &self.sites[site];
        let mut diagnostic = Diagnostic::fault(code, message).at(span.clone());
        diagnostic.excerpt = line.as_ref().map(EcoString::to_string);
        self.sink.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}

/// The name in what Handlebars says of a block: its own notation of a name or path.
fn name_in(said: &str) -> String {
    let name: String = said.chars().filter(|c| c.is_alphanumeric() || "-_./@".contains(*c)).take(60).collect();
    name.trim_start_matches("Name").to_owned()
}

/// Takes the line end off the end of pieces, whichever way they go; `all` of them when there are several.
fn trim_end(pieces: &mut [Piece], all: bool) {
    for piece in pieces.iter_mut().rev() {
        match piece {
            Piece::Text(_, text) => {
                while text.ends_with('\n') {
                    text.truncate(text.len() - 1);
                    text.truncate(text.strip_suffix('\r').unwrap_or(text).len());
                    if !all {
                        return;
                    }
                }
                if !text.is_empty() {
                    return;
                }
            }
            Piece::Block(_, block, body, otherwise) if block.name.as_name() != Some("each") => {
                trim_end(body, all);
                otherwise.iter_mut().for_each(|otherwise| trim_end(otherwise, all));
                return;
            }
            Piece::Named(_, pieces) if !pieces.is_empty() => return trim_end(pieces, all),
            Piece::Named(..) => {}
            Piece::Print(..) | Piece::Block(..) => return,
        }
    }
}

/// Whether a line ends in pieces, whichever way they go.
fn has_lines(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text(_, text) => text.contains('\n'),
        Piece::Print(..) => false,
        Piece::Block(_, _, body, otherwise) => has_lines(body) || otherwise.as_deref().is_some_and(has_lines),
        Piece::Named(_, pieces) => has_lines(pieces),
    })
}

/// The line, from 0, on which blocks, or parentheses of an expression, are nested too deep for a parser that calls itself
/// for each.
fn too_deep(text: &str) -> Option<u32> {
    let (mut blocks, mut parentheses) = (0usize, 0usize);
    let mut is_inside = false;
    for (number, line) in (0..).zip(text.lines()) {
        for (at, c) in line.char_indices() {
            let opens = || line[..at].trim_end_matches('~').ends_with("{{");
            match c {
                '{' | '}' => (is_inside, parentheses) = (c == '{', 0),
                '#' if opens() => blocks += 1,
                '/' if opens() => blocks = blocks.saturating_sub(1),
                '(' if is_inside => parentheses += 1,
                ')' if is_inside => parentheses = parentheses.saturating_sub(1),
                _ => {}
            }
            if blocks > MAX_DEPTH || parentheses > MAX_DEPTH {
                return Some(number);
            }
        }
    }
    None
}
