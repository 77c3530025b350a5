//! What keeps an expression from being CEL, in plain words.
//!
//! CEL's parser was made by a generator, and says what it expected in the generator's words. Here the expression is read
//! once more, by its signs alone; what stands beside what it cannot stand beside is found that way. From the parser
//! comes only where it stopped.

use super::mistake::Mistake;
use crate::diagnostic::codes::pack as codes;

/// Words that CEL's grammar keeps for itself
/// (<https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax>).
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Words of other languages, and what CEL writes.
const WORDS: [(&str, &str); 9] = [
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("is", "=="),
    ("equals", "=="),
    ("then", "?"),
    ("AND", "&&"),
    ("OR", "||"),
    ("NOT", "!"),
];

/// Signs of other languages, the longer first, and what CEL writes.
const SIGNS: [(&str, &str); 13] = [
    ("===", "=="),
    ("!==", "!="),
    ("??", "has(…) ? … : …"),
    ("?.", "has(…)"),
    ("[?", "has(…)"),
    ("=>", ">="),
    ("=<", "<="),
    ("<>", "!="),
    ("->", "."),
    ("**", "*"),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
];

/// The signs of CEL, the longer first.
const KNOWN: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}",
];

const CONDITION: &str = "write a choice as `condition ? this : that`";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    Text,
    Sign,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    /// Its first character.
    first: usize,
    text: String,
}

impl Token {
    fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    fn length(&self) -> usize {
        self.text.chars().count()
    }

    fn opens(&self) -> Option<&'static str> {
        (self.kind == Kind::Sign).then_some(())?;
        [("(", ")"), ("[", "]"), ("{", "}")].into_iter().find(|(open, _)| self.text == *open).map(|(_, close)| close)
    }

    fn closes(&self) -> bool {
        [")", "]", "}"].iter().any(|close| self.is(close))
    }

    /// Whether a value ends with it.
    fn ends_value(&self) -> bool {
        match self.kind {
            Kind::Word => self.text != "in",
            Kind::Number | Kind::Text => true,
            Kind::Sign => self.closes(),
        }
    }

    /// Whether it stands between two values, or before one.
    fn is_operator(&self) -> bool {
        match self.kind {
            Kind::Word => self.text == "in",
            Kind::Sign => !self.closes() && self.opens().is_none(),
            _ => false,
        }
    }
}

/// What keeps `text` from being CEL; `stops` are the lines and columns, from 1, where the parser stopped.
pub(super) fn explain(text: &str, stops: &[(usize, usize)]) -> Mistake {
    let found = tokens(text).and_then(|tokens| {
        standing(text, &tokens)?;
        stops.iter().try_for_each(|stop| stopped(&tokens, offset(text, *stop)))?;
        Ok(tokens)
    });
    let tokens = match found {
        Err(mistake) => return mistake,
        Ok(tokens) => tokens,
    };
    let at = stops.first().filter(|(line, _)| *line > 0).map_or(0, |stop| offset(text, *stop));
    match tokens.iter().rfind(|token| token.first <= at).or(tokens.first()) {
        Some(token) => wrong(token, &format!("it cannot be read as CEL near `{}`", short(&token.text))),
        None => plain("it says nothing"),
    }
}

fn plain(problem: &str) -> Mistake {
    Mistake::new(&codes::RULE_SYNTAX, format!("this is not CEL: {problem}"))
}

fn wrong(token: &Token, problem: &str) -> Mistake {
    plain(problem).at(token.first, token.length())
}

/// A text as messages show it.
fn short(text: &str) -> String {
    const MOST: usize = 30;
    let start: String = text.chars().take(MOST).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

/// The character at a line and column, both from 1.
fn offset(text: &str, (line, column): (usize, usize)) -> usize {
    let before =
        text.split_inclusive('\n').take(line.saturating_sub(1)).map(|line| line.chars().count()).sum::<usize>();
    before + column.saturating_sub(1)
}

/// The words and signs of an expression.
fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let starts = |sign: &str| sign.chars().enumerate().all(|(step, c)| chars.get(at + step) == Some(&c));
        let run = |from: usize, holds: fn(char) -> bool| chars[from..].iter().take_while(|c| holds(**c)).count();
        let (kind, length) = if c.is_whitespace() {
            at += 1;
            continue;
        } else if starts("//") {
            at += run(at, |c| c != '\n');
            continue;
        } else if let Some(prefix) = quoted(&chars[at..]) {
            (Kind::Text, literal(&chars, at, prefix)?)
        } else if c.is_ascii_alphabetic() || c == '_' {
            (Kind::Word, run(at, |c| c.is_ascii_alphanumeric() || c == '_'))
        } else if c.is_ascii_digit() {
            (Kind::Number, number(&chars[at..]))
        } else if let Some((sign, meant)) = SIGNS
            .iter()
            .find(|(sign, _)| starts(sign) && !KNOWN.iter().any(|known| known.len() > sign.len() && starts(known)))
        {
            let token = Token { kind: Kind::Sign, first: at, text: (*sign).to_owned() };
            return Err(wrong(&token, &format!("`{sign}` means nothing here")).help(format!("write `{meant}`")));
        } else if let Some(sign) = KNOWN.iter().find(|sign| starts(sign)) {
            (Kind::Sign, sign.len())
        } else {
            return Err(strange(&chars, at));
        };
        tokens.push(Token { kind, first: at, text: chars[at..at + length].iter().collect() });
        at += length;
    }
    if tokens.is_empty() {
        return Err(plain("the expression is empty").help("write what the rule gives, or take the key out"));
    }
    Ok(tokens)
}

/// A character that has no place outside a text.
fn strange(chars: &[char], at: usize) -> Mistake {
    let c = chars[at];
    let token = Token { kind: Kind::Sign, first: at, text: c.to_string() };
    if matches!(c, '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '´' | '`') {
        return wrong(&token, &format!("texts do not stand between `{c}`").replace("```", "back quotes"))
            .help("put texts between straight quotes, `'…'` or `\"…\"`");
    }
    let (token, problem, help) = match c {
        '–' | '—' | '−' => (token, format!("`{c}` is no minus"), "write `-`".to_owned()),
        c if c.is_alphabetic() => {
            let word: String = chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            let problem = format!("`{}` stands outside a text, and names have the letters a to z alone", short(&word));
            (Token { text: word, ..token }, problem, "put texts between quotes: `'…'`".to_owned())
        }
        '#' => (
            token,
            "`#` means nothing here".to_owned(),
            "begin a comment with `//`, or put a text between quotes".to_owned(),
        ),
        ';' => (
            token,
            "`;` means nothing here".to_owned(),
            "a rule is one expression: derive a part of it first".to_owned(),
        ),
        c => (token, format!("`{c}` means nothing here"), "put texts between quotes: `'…'`".to_owned()),
    };
    wrong(&token, &problem).help(help)
}

/// How many characters stand before the quote, where a text begins.
fn quoted(chars: &[char]) -> Option<usize> {
    let prefix = chars.iter().take(2).take_while(|c| matches!(c, 'r' | 'R' | 'b' | 'B')).count();
    chars.get(prefix).filter(|c| matches!(c, '\'' | '"')).map(|_| prefix)
}

/// The length of a text with its quotes.
fn literal(chars: &[char], first: usize, prefix: usize) -> Result<usize, Mistake> {
    let start = first + prefix;
    let quote = chars[start];
    let is_raw = chars[first..start].iter().any(|c| matches!(c, 'r' | 'R'));
    let is_triple = chars.get(start + 1) == Some(&quote) && chars.get(start + 2) == Some(&quote);
    let is_end = |at: usize| (0..if is_triple { 3 } else { 1 }).all(|step| chars.get(at + step) == Some(&quote));
    let width = if is_triple { 3 } else { 1 };
    let mut at = start + width;
    loop {
        match chars.get(at) {
            _ if is_end(at) => return Ok(at + width - first),
            None => break,
            Some('\n') if !is_triple => break,
            Some('\\') if !is_raw => {
                let escape = chars.get(at + 1).copied().unwrap_or(' ');
                if !"abfnrtv\\?\"'`xXuU0123".contains(escape) {
                    let token = Token { kind: Kind::Text, first: at, text: format!("\\{escape}") };
                    return Err(wrong(&token, &format!("`\\{escape}` in a text stands for nothing"))
                        .help(format!("write `\\\\{escape}` for a backslash, or `r'…'` for the whole text")));
                }
                at += 2;
            }
            Some(_) => at += 1,
        }
    }
    let text: String = chars[first..at.min(chars.len())].iter().collect();
    let token = Token { kind: Kind::Text, first, text };
    Err(wrong(&token, &format!("the text that begins with `{}` is not closed", short(&token.text)))
        .help(format!("end it with `{quote}`; a `{quote}` inside it is written `\\{quote}`")))
}

/// The length of a number.
fn number(chars: &[char]) -> usize {
    let digits = |from: usize| chars[from.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    if chars.starts_with(&['0', 'x']) {
        return 2 + chars[2..].iter().take_while(|c| c.is_ascii_hexdigit()).count();
    }
    let mut length = digits(0);
    if chars.get(length) == Some(&'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(chars.get(length), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(length + 1), Some('+' | '-')));
        if digits(length + 1 + sign) > 0 {
            length += 1 + sign + digits(length + 1 + sign);
        }
    }
    length + usize::from(matches!(chars.get(length), Some('u' | 'U')))
}

/// A bracket that is open.
struct Open<'t> {
    token: &'t Token,
    close: &'static str,
    /// The `?` in it that still have no `:`.
    choices: Vec<&'t Token>,
    /// Whether the next `:` stands after a key.
    has_key: bool,
}

/// Whether everything stands where it can: values beside operators, brackets in pairs.
fn standing(text: &str, tokens: &[Token]) -> Result<(), Mistake> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut choices: Vec<&Token> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let is_key = open.last().is_some_and(|inner| inner.has_key);
        beside(before, token, tokens.get(at + 1), is_key)?;
        if let Some(close) = token.opens() {
            open.push(Open { token, close, choices: Vec::new(), has_key: close == "}" });
        } else if token.closes() {
            let inner = open.pop().ok_or_else(|| wrong(token, &format!("`{}` closes nothing", token.text)))?;
            lonely_key(&inner, before)?;
            if let Some(choice) = inner.choices.last() {
                return Err(no_colon(choice));
            }
            if inner.close != token.text {
                let problem = format!(
                    "`{}` stands where `{}` closes what `{}` opened",
                    token.text, inner.close, inner.token.text
                );
                return Err(wrong(token, &problem));
            }
        } else if token.is("?") {
            open.last_mut().map_or(&mut choices, |inner| &mut inner.choices).push(token);
        } else if token.is(":") {
            let is_choice = open.last_mut().map_or(&mut choices, |inner| &mut inner.choices).pop().is_some();
            let is_key = !is_choice && open.last_mut().is_some_and(|inner| std::mem::take(&mut inner.has_key));
            if !is_choice && !is_key {
                return Err(wrong(token, "`:` stands here without a `?` before it").help(CONDITION));
            }
        } else if token.is(",") {
            match open.last_mut() {
                None => {
                    return Err(wrong(token, "`,` stands outside brackets").help("a list stands in brackets: `[a, b]`"));
                }
                Some(inner) => {
                    lonely_key(inner, before)?;
                    if let Some(choice) = inner.choices.last() {
                        return Err(no_colon(choice));
                    }
                    inner.has_key = inner.close == "}";
                }
            }
        }
    }
    let Some(last) = tokens.last() else { return Ok(()) };
    if last.is_operator() {
        return Err(wrong(last, &format!("a value is missing after `{}`", last.text)));
    }
    if let Some(inner) = open.last() {
        if let Some(choice) = inner.choices.last() {
            return Err(no_colon(choice));
        }
        let problem = format!("`{}` is not closed", inner.token.text);
        return Err(
            wrong(inner.token, &problem).help(format!("`{}` is missing, at the end at the latest", inner.close))
        );
    }
    match choices.last() {
        Some(choice) => Err(no_colon(choice)),
        None if text.trim().is_empty() => Err(plain("the expression is empty")),
        None => Ok(()),
    }
}

/// A key of a map that has no value.
fn lonely_key(inner: &Open<'_>, before: Option<&Token>) -> Result<(), Mistake> {
    match before.filter(|before| inner.has_key && before.ends_value()) {
        Some(key) => {
            Err(wrong(key, &format!("the key `{}` has no value", short(&key.text))).help("write `{'key': value}`"))
        }
        None => Ok(()),
    }
}

fn no_colon(choice: &Token) -> Mistake {
    wrong(choice, "the `?` has no `:` after it").help(CONDITION)
}

/// Whether a word or sign can stand after the one before it.
fn beside(before: Option<&Token>, token: &Token, after: Option<&Token>, is_key: bool) -> Result<(), Mistake> {
    let follows_dot = before.is_some_and(|before| before.is("."));
    let is_call = after.is_some_and(|after| after.is("("));
    if follows_dot && token.kind != Kind::Word {
        let problem = format!("a name is missing between `.` and `{}`", short(&token.text));
        return Err(wrong(token, &problem));
    }
    if token.kind == Kind::Word && !follows_dot && !(token.text == "in" && before.is_some_and(Token::ends_value)) {
        if matches!(token.text.as_str(), "if" | "else") {
            return Err(wrong(token, &format!("CEL has no `{}`", token.text)).help(CONDITION));
        }
        if RESERVED.contains(&token.text.as_str()) {
            let problem = format!("`{}` is a word that CEL keeps for itself", token.text);
            return Err(wrong(token, &problem).help("choose another name"));
        }
    }
    let written = before.filter(|before| before.ends_value() && !before.is("."));
    match written {
        Some(before) => {
            let begins_value = match token.kind {
                Kind::Word => token.text != "in",
                Kind::Number | Kind::Text => true,
                // A bracket behind a value takes an element of it, or calls it.
                Kind::Sign => {
                    token.is("{") && before.kind != Kind::Word
                        || token.is("!")
                        || token.is("(") && before.kind != Kind::Word
                }
            };
            if !begins_value {
                return Ok(());
            }
            let foreign = |word: &&Token| WORDS.iter().find(|(name, _)| word.kind == Kind::Word && word.text == *name);
            for word in [token, before] {
                if let Some((name, meant)) = foreign(&word) {
                    return Err(wrong(word, &format!("CEL has no `{name}`")).help(format!("write `{meant}`")));
                }
            }
            if token.is("!") && after.is_some_and(|after| after.text == "in") {
                return Err(wrong(token, "`!` cannot stand before `in`").help("write `!(a in list)`"));
            }
            let what = if is_key { "`:`" } else { "an operator or a comma" };
            let problem = format!("{what} is missing between `{}` and `{}`", short(&before.text), short(&token.text));
            let mistake = wrong(token, &problem);
            let is_quote = before.kind == Kind::Text && token.kind == Kind::Text;
            Err(if is_quote { mistake.help("a quote inside a text is written `\\'`") } else { mistake })
        }
        None => {
            let lacks_value = match token.kind {
                Kind::Word => token.text == "in",
                Kind::Number | Kind::Text => false,
                Kind::Sign if token.is("-") || token.is("!") || token.is(".") && !is_call => false,
                Kind::Sign if token.opens().is_some() => false,
                Kind::Sign if token.closes() => {
                    // `f()`, `[]`, `{}` and a last comma in a list or map.
                    let is_empty = before.is_some_and(|before| before.opens() == Some(token.text.as_str()));
                    let follows_comma = before.is_some_and(|before| before.is(","));
                    !is_empty && (token.is(")") || !follows_comma)
                }
                Kind::Sign => true,
            };
            if !lacks_value {
                return Ok(());
            }
            match before {
                Some(before) => {
                    let problem = format!("a value is missing between `{}` and `{}`", before.text, token.text);
                    Err(wrong(token, &problem))
                }
                None => Err(wrong(token, &format!("a value is missing before `{}`", token.text))),
            }
        }
    }
}

/// What is wrong where the parser stopped, of what only it sees: numbers, and what macros are given.
fn stopped(tokens: &[Token], at: usize) -> Result<(), Mistake> {
    if let Some(token) = tokens.iter().find(|token| token.first == at && token.kind == Kind::Number)
        && token.text.parse::<f64>().is_ok_and(|number| number.abs() >= 9_223_372_036_854_775_807.0)
    {
        return Err(wrong(token, &format!("the number `{}` is too large", short(&token.text))));
    }
    // The innermost call that is open where it stopped.
    let mut calls: Vec<Option<&Token>> = Vec::new();
    for (place, token) in tokens.iter().enumerate().take_while(|(_, token)| token.first < at) {
        if token.opens().is_some() {
            let name = place.checked_sub(1).map(|name| &tokens[name]);
            calls.push(name.filter(|name| token.is("(") && name.kind == Kind::Word));
        } else if token.closes() {
            calls.pop();
        }
    }
    match calls.last().copied().flatten() {
        Some(call) if call.text == "has" => Err(wrong(call, "`has` is not given the path of a key")
            .help("`has` is called as `has(group.key)`; for other keys write `'key' in group`")),
        Some(call) if super::expression::MACROS.iter().any(|(name, _)| *name == call.text) => {
            let usage = super::expression::usage(&call.text);
            Err(wrong(call, &format!("`{}` first gives each element a name, and what stands there is none", call.text))
                .help(format!("`{}` is called as `{usage}`", call.text)))
        }
        _ => Ok(()),
    }
}
