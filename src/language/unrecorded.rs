//! What is said of facts that nobody recorded, by language, where a pack has no words of its own.

use serde::{Deserialize, Serialize};

/// What is said of facts that nobody recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unrecorded {
    /// What stands in a sentence or cell in place of such a fact.
    pub mark: String,
    /// Above the list of them at the end of a draft.
    pub title: String,
    /// What they are, before the list.
    pub note: String,
    /// In the list: what is missing.
    pub what: String,
    /// In the list: who can say it.
    pub who: String,
    /// In the list: by when.
    pub due: String,
    /// By when, where no day is set.
    pub before_issue: String,
    /// Which rows lack something, with `{what}`, `{rows}`, `{count}` and `{total}`.
    pub rows: String,
    /// Rows that are named, and how many there are besides, with `{rows}` and `{count}`.
    pub more: String,
    /// That all rows lack something, with `{what}` and `{total}`.
    pub all: String,
}

/// The words of a language; none where there are none.
pub(super) fn words(language: &str) -> Option<Unrecorded> {
    let (_, words) = WORDS.iter().find(|(name, _)| *name == language)?;
    let [mark, title, note, what, who, due, before_issue, rows, more, all] = words.map(str::to_owned);
    Some(Unrecorded { mark, title, note, what, who, due, before_issue, rows, more, all })
}

/// Of how many rows those are that lack something is not said: a row more would change the documents that lack nothing more.
/// Mark, title, note, what, who, due, before issue, rows, more, all.
static WORDS: &[(&str, [&str; 10])] = &[
    (
        "en",
        [
            "not recorded",
            "Not yet recorded",
            "Nobody has recorded these facts yet.",
            "What",
            "Who can say",
            "By when",
            "before issue",
            "{what} – {rows}",
            "{rows} and {count} more",
            "{what} – all",
        ],
    ),
    (
        "de",
        [
            "nicht erfasst",
            "Noch nicht erfasst",
            "Diese Angaben hat noch niemand erfasst.",
            "Was",
            "Wer es sagen kann",
            "Bis wann",
            "vor der Freigabe",
            "{what} – {rows}",
            "{rows} und {count} weitere",
            "{what} – alle",
        ],
    ),
    (
        "fr",
        [
            "non renseigné",
            "Pas encore renseigné",
            "Personne n’a encore renseigné ces informations.",
            "Quoi",
            "Qui peut le dire",
            "Pour quand",
            "avant l’approbation",
            "{what} – {rows}",
            "{rows} et {count} autres",
            "{what} – partout",
        ],
    ),
    (
        "es",
        [
            "sin registrar",
            "Aún sin registrar",
            "Nadie ha registrado todavía estos datos.",
            "Qué",
            "Quién puede decirlo",
            "Para cuándo",
            "antes de la aprobación",
            "{what} – {rows}",
            "{rows} y {count} más",
            "{what} – todos",
        ],
    ),
    (
        "it",
        [
            "non registrato",
            "Non ancora registrato",
            "Nessuno ha ancora registrato questi dati.",
            "Che cosa",
            "Chi può dirlo",
            "Entro quando",
            "prima dell’approvazione",
            "{what} – {rows}",
            "{rows} e altri {count}",
            "{what} – tutti",
        ],
    ),
    (
        "nl",
        [
            "niet vastgelegd",
            "Nog niet vastgelegd",
            "Niemand heeft deze gegevens nog vastgelegd.",
            "Wat",
            "Wie het kan zeggen",
            "Wanneer",
            "vóór vaststelling",
            "{what} – {rows}",
            "{rows} en nog {count}",
            "{what} – alle",
        ],
    ),
    (
        "pt",
        [
            "não registado",
            "Ainda não registado",
            "Ninguém registou ainda estes dados.",
            "O quê",
            "Quem pode dizer",
            "Até quando",
            "antes da aprovação",
            "{what} – {rows}",
            "{rows} e mais {count}",
            "{what} – todos",
        ],
    ),
    (
        "pl",
        [
            "nie podano",
            "Jeszcze nie podano",
            "Nikt jeszcze nie podał tych informacji.",
            "Co",
            "Kto może podać",
            "Do kiedy",
            "przed zatwierdzeniem",
            "{what} – {rows}",
            "{rows} i jeszcze {count}",
            "{what} – wszystkie",
        ],
    ),
    (
        "el",
        [
            "δεν έχει καταγραφεί",
            "Δεν έχουν ακόμη καταγραφεί",
            "Κανείς δεν έχει καταγράψει ακόμη αυτά τα στοιχεία.",
            "Τι",
            "Ποιος μπορεί να το πει",
            "Έως πότε",
            "πριν από την έγκριση",
            "{what} – {rows}",
            "{rows} και άλλα {count}",
            "{what} – όλα",
        ],
    ),
    (
        "he",
        [
            "לא תועד",
            "טרם תועד",
            "איש טרם תיעד עובדות אלה.",
            "מה",
            "מי יכול לומר",
            "עד מתי",
            "לפני האישור",
            "{what} – {rows}",
            "{rows} ועוד {count}",
            "{what} – הכול",
        ],
    ),
    (
        "ja",
        [
            "未記録",
            "未記録の事項",
            "以下の事項はまだ誰も記録していません。",
            "事項",
            "回答できる者",
            "期限",
            "承認前",
            "{what} – {rows}",
            "{rows}ほか{count}件",
            "{what} – すべて",
        ],
    ),
];
