//! Words that people write into the cells of a list, whatever language they work in: yes and no, that there is none, and
//! the months. Held against one another without accents and in small letters.

use crate::characters::folded;

/// Words of one language.
struct Words {
    yes: &'static [&'static str],
    no: &'static [&'static str],
    none: &'static [&'static str],
    /// What stands before a first day, and before a last one.
    from: &'static [&'static str],
    until: &'static [&'static str],
    months: [&'static [&'static str]; 12],
}

#[rustfmt::skip]
static WORDS: [Words; 8] = [
    Words {
        yes: &["true", "yes"],
        no: &["false", "no"],
        none: &["none"],
        from: &["from", "since"],
        until: &["until", "till", "to"],
        months: [&["january", "jan"], &["february", "feb"], &["march", "mar"], &["april", "apr"], &["may"], &["june", "jun"],
            &["july", "jul"], &["august", "aug"], &["september", "sep", "sept"], &["october", "oct"], &["november", "nov"], &["december", "dec"]],
    },
    Words { // German
        yes: &["ja", "wahr"],
        no: &["nein", "falsch"],
        none: &["keine", "keiner", "keines", "keins"],
        from: &["ab", "von", "seit"],
        until: &["bis"],
        months: [&["januar", "janner", "jan"], &["februar", "feber", "feb"], &["marz", "maerz", "mar", "mrz"], &["april", "apr"], &["mai"], &["juni", "jun"],
            &["juli", "jul"], &["august", "aug"], &["september", "sep", "sept"], &["oktober", "okt"], &["november", "nov"], &["dezember", "dez"]],
    },
    Words { // French
        yes: &["oui", "vrai"],
        no: &["non", "faux"],
        none: &["aucun", "aucune", "neant"],
        from: &["du", "des", "depuis"],
        until: &["au"],
        months: [&["janvier", "janv"], &["fevrier", "fevr"], &["mars"], &["avril", "avr"], &["mai"], &["juin"],
            &["juillet", "juil"], &["aout"], &["septembre", "sept"], &["octobre", "oct"], &["novembre", "nov"], &["decembre", "dec"]],
    },
    Words { // Spanish
        yes: &["si", "verdadero"],
        no: &["no", "falso"],
        none: &["ninguno", "ninguna", "ningunos", "ningunas"],
        from: &["desde"],
        until: &["hasta"],
        months: [&["enero", "ene"], &["febrero", "feb"], &["marzo", "mar"], &["abril", "abr"], &["mayo", "may"], &["junio", "jun"],
            &["julio", "jul"], &["agosto", "ago"], &["septiembre", "setiembre", "sep", "sept"], &["octubre", "oct"], &["noviembre", "nov"], &["diciembre", "dic"]],
    },
    Words { // Polish
        yes: &["tak", "prawda"],
        no: &["nie", "falsz"],
        none: &["brak", "zaden", "zadna", "zadne"],
        from: &["od"],
        until: &["do"],
        months: [&["stycznia", "styczen", "sty"], &["lutego", "luty", "lut"], &["marca", "marzec", "mar"], &["kwietnia", "kwiecien", "kwi"], &["maja", "maj"], &["czerwca", "czerwiec", "cze"],
            &["lipca", "lipiec", "lip"], &["sierpnia", "sierpien", "sie"], &["wrzesnia", "wrzesien", "wrz"], &["pazdziernika", "pazdziernik", "paz"], &["listopada", "listopad", "lis"], &["grudnia", "grudzien", "gru"]],
    },
    Words { // Italian
        yes: &["si", "vero"],
        no: &["no", "falso"],
        none: &["nessuno", "nessuna"],
        from: &["dal"],
        until: &["al"],
        months: [&["gennaio", "gen"], &["febbraio", "feb"], &["marzo", "mar"], &["aprile", "apr"], &["maggio", "mag"], &["giugno", "giu"],
            &["luglio", "lug"], &["agosto", "ago"], &["settembre", "set", "sett"], &["ottobre", "ott"], &["novembre", "nov"], &["dicembre", "dic"]],
    },
    Words { // Portuguese
        yes: &["sim", "verdadeiro"],
        no: &["nao", "falso"],
        none: &["nenhum", "nenhuma", "nenhuns", "nenhumas"],
        from: &["desde"],
        until: &["ate"],
        months: [&["janeiro", "jan"], &["fevereiro", "fev"], &["marco", "mar"], &["abril", "abr"], &["maio", "mai"], &["junho", "jun"],
            &["julho", "jul"], &["agosto", "ago"], &["setembro", "set"], &["outubro", "out"], &["novembro", "nov"], &["dezembro", "dez"]],
    },
    Words { // Dutch
        yes: &["ja", "waar"],
        no: &["nee", "onwaar"],
        none: &["geen"],
        from: &["vanaf", "sinds"],
        until: &["tot"],
        months: [&["januari", "jan"], &["februari", "feb"], &["maart", "mrt"], &["april", "apr"], &["mei"], &["juni", "jun"],
            &["juli", "jul"], &["augustus", "aug"], &["september", "sep", "sept"], &["oktober", "okt"], &["november", "nov"], &["december", "dec"]],
    },
];

/// Signs that stand for yes and for no: ticked boxes, crosses, figures.
const YES: [&str; 10] = ["x", "1", "✓", "✔", "☑", "☒", "🗹", "✅", "🗷", "[x]"];
const NO: [&str; 6] = ["0", "☐", "✗", "✘", "❌", "[ ]"];

/// Whether a word stands before a first day.
pub fn is_from(text: &str) -> bool {
    word(text).is_some_and(|word| WORDS.iter().any(|words| words.from.contains(&word.as_str())))
}

/// Whether a word stands before a last day.
pub fn is_until(text: &str) -> bool {
    word(text).is_some_and(|word| WORDS.iter().any(|words| words.until.contains(&word.as_str())))
}

/// Yes or no, as people write it.
pub fn truth(text: &str) -> Option<bool> {
    let text = text.trim();
    // A sign may come with the mark that asks for it in colours.
    let sign = text.trim_end_matches(['\u{FE0E}', '\u{FE0F}']).to_lowercase();
    if YES.contains(&sign.as_str()) || NO.contains(&sign.as_str()) {
        return Some(YES.contains(&sign.as_str()));
    }
    let word = word(text)?;
    let is_in = |list: &[&str]| list.contains(&word.as_str());
    if WORDS.iter().any(|words| is_in(words.yes)) {
        return Some(true);
    }
    WORDS.iter().any(|words| is_in(words.no)).then_some(false)
}

/// Whether a cell says that there is none.
pub fn says_none(text: &str) -> bool {
    word(text).is_some_and(|word| WORDS.iter().any(|words| words.none.contains(&word.as_str())))
}

/// The month that a name means, written out or short; from 1.
pub fn month(name: &str) -> Option<i8> {
    let name = folded(name);
    let at = |words: &Words| words.months.iter().position(|names| names.contains(&name.as_str()));
    WORDS.iter().find_map(at).and_then(|at| i8::try_from(at + 1).ok())
}

/// One word, folded; nothing of a text that is more.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() <= 32 && text.chars().all(char::is_alphabetic)).then(|| folded(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_eight_languages_and_signs() {
        for yes in ["Ja", "OUI", "wahr", "vrai", "x", "X", "✓", "☑", "☒", "✔️", "TRUE", "Sí", "sì", "tak", "Sim", "1"]
        {
            assert_eq!(truth(yes), Some(true), "{yes}");
        }
        for no in ["nein", "Non", "falsch", "faux", "☐", "✗", "FALSE", "nie", "nee", "não", "0"] {
            assert_eq!(truth(no), Some(false), "{no}");
        }
        for neither in ["", "maybe", "-", "ja, nein", "10"] {
            assert_eq!(truth(neither), None, "{neither}");
        }
        assert!(says_none("Keine") && says_none("żaden") && !says_none("none of these"));
        assert_eq!(
            ["März", "févr.", "paź", "May", "grudnia", "março", "heute"].map(month),
            [Some(3), Some(2), Some(10), Some(5), Some(12), Some(3), None]
        );
    }
}
