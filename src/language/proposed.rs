//! What is said of figures that nobody has decided, by language, where a pack has no words of its own.

use serde::{Deserialize, Serialize};

/// What a draft says of figures that the pack proposes and nobody has decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// What the mark beside such a figure means, for those who do not see it.
    pub mark: String,
    /// Above the list of them.
    pub title: String,
    /// What they are, with `{mark}` for the mark that stands beside them.
    pub note: String,
    /// In the list: the figure.
    pub figure: String,
    /// In the list: what the figure is of.
    pub meaning: String,
    /// In the list: the profile's key.
    pub key: String,
    /// In the list: why this figure.
    pub why: String,
    /// In the list: how many rows of a register are proposed, with `{count}`.
    #[serde(default = "count_alone")]
    pub rows: String,
}

/// What packs say whose words are older than rows that are proposed.
fn count_alone() -> String {
    "{count}".to_owned()
}

/// The words of a language; none where there are none.
pub(super) fn words(language: &str) -> Option<Proposed> {
    let (_, words) = WORDS.iter().find(|(name, _)| *name == language)?;
    let [mark, title, note, figure, meaning, key, why, rows] = words.map(str::to_owned);
    Some(Proposed { mark, title, note, figure, meaning, key, why, rows })
}

/// Mark, title, note, figure, meaning, key, why, rows.
static WORDS: &[(&str, [&str; 8])] = &[
    (
        "en",
        [
            "proposed",
            "Proposed and not yet decided",
            "No decision on these figures is on record: they are proposals. Where one stands in this document, {mark} follows it.",
            "Figure",
            "What it is",
            "Key",
            "Why this figure",
            "Rows: {count}",
        ],
    ),
    (
        "de",
        [
            "vorgeschlagen",
            "Vorgeschlagen und noch nicht entschieden",
            "Zu diesen Werten ist keine Entscheidung festgehalten: Sie sind Vorschläge. Wo einer in diesem Dokument steht, folgt ihm {mark}.",
            "Wert",
            "Bedeutung",
            "Schlüssel",
            "Begründung",
            "Zeilen: {count}",
        ],
    ),
    (
        "fr",
        [
            "proposé",
            "Proposé et pas encore décidé",
            "Aucune décision n’est enregistrée pour ces valeurs : ce sont des propositions. Là où l’une figure dans ce document, {mark} la suit.",
            "Valeur",
            "Signification",
            "Clé",
            "Justification",
            "Lignes : {count}",
        ],
    ),
    (
        "es",
        [
            "propuesto",
            "Propuesto y aún no decidido",
            "No consta ninguna decisión sobre estos valores: son propuestas. Donde aparece uno en este documento, lo sigue {mark}.",
            "Valor",
            "Significado",
            "Clave",
            "Motivo",
            "Filas: {count}",
        ],
    ),
    (
        "it",
        [
            "proposto",
            "Proposto e non ancora deciso",
            "Per questi valori non è registrata alcuna decisione: sono proposte. Dove uno compare in questo documento, lo segue {mark}.",
            "Valore",
            "Significato",
            "Chiave",
            "Motivo",
            "Righe: {count}",
        ],
    ),
    (
        "nl",
        [
            "voorgesteld",
            "Voorgesteld en nog niet besloten",
            "Over deze waarden is geen besluit vastgelegd: het zijn voorstellen. Waar er een in dit document staat, volgt {mark}.",
            "Waarde",
            "Betekenis",
            "Sleutel",
            "Reden",
            "Rijen: {count}",
        ],
    ),
    (
        "pt",
        [
            "proposto",
            "Proposto e ainda não decidido",
            "Não há decisão registada sobre estes valores: são propostas. Onde um deles surge neste documento, segue-se {mark}.",
            "Valor",
            "Significado",
            "Chave",
            "Motivo",
            "Linhas: {count}",
        ],
    ),
    (
        "pl",
        [
            "propozycja",
            "Propozycje, o których jeszcze nie zdecydowano",
            "Dla tych wartości nie zapisano żadnej decyzji: są to propozycje. Tam, gdzie któraś stoi w tym dokumencie, następuje po niej {mark}.",
            "Wartość",
            "Znaczenie",
            "Klucz",
            "Uzasadnienie",
            "Wiersze: {count}",
        ],
    ),
    (
        "el",
        [
            "προτεινόμενο",
            "Προτεινόμενα που δεν έχουν ακόμη αποφασιστεί",
            "Δεν έχει καταγραφεί απόφαση για αυτές τις τιμές: είναι προτάσεις. Όπου υπάρχει κάποια σε αυτό το έγγραφο, ακολουθεί {mark}.",
            "Τιμή",
            "Σημασία",
            "Κλειδί",
            "Αιτιολογία",
            "Γραμμές: {count}",
        ],
    ),
    (
        "he",
        [
            "מוצע",
            "הצעות שטרם הוחלט עליהן",
            "לא נרשמה החלטה על ערכים אלה: אלו הצעות. במקום שבו מופיע ערך כזה במסמך, בא אחריו {mark}.",
            "ערך",
            "משמעות",
            "מפתח",
            "נימוק",
            "שורות: {count}",
        ],
    ),
    (
        "ja",
        [
            "提案",
            "提案中（未決定）",
            "以下の値は決定の記録がない提案です。この文書中の該当箇所には{mark}が付いています。",
            "値",
            "内容",
            "キー",
            "理由",
            "行数：{count}",
        ],
    ),
];
