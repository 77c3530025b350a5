//! What Unicode's library does not hold of a language: words for numbers and stretches of time, ordinals, marks of
//! quotation, where the sign of a currency stands. After CLDR, which has them in data of its own.

use crate::time::Unit;

/// Forms of a word by plural category, with `{n}`.
type Forms = &'static [(&'static str, &'static str)];

/// Words of a language.
#[derive(Debug)]
pub(super) struct Words {
    /// From 0 on.
    numbers: &'static [&'static str],
    /// What 0 and 1 are before a noun, where that is another word.
    before_noun: Option<[&'static str; 2]>,
    /// From the numbers of the table on to a hundred.
    rules: Option<fn(usize) -> String>,
    minute: Forms,
    hour: Forms,
    day: Forms,
    working_day: Forms,
    week: Forms,
    month: Forms,
    year: Forms,
    /// Of the units above in other forms than that of a list, by the form's name; units that stay as they are have none.
    cases: &'static [(&'static str, &'static [(Unit, Forms)])],
    /// How often: every so many of a unit.
    every: &'static [(Unit, Forms)],
    /// By the category of ordinals.
    ordinals: Forms,
    /// Words that no sentence ends in.
    pub(super) unfinished: &'static [&'static str],
    /// The commonest words, by which a sentence is known to be of the language; none of other languages.
    pub(super) common: &'static [&'static str],
    /// Articles, none of which stands before the name of a person.
    pub(super) articles: &'static [&'static str],
    /// Words that hold an article together with a preposition, each with that alone.
    pub(super) contracted: &'static [(&'static str, &'static str)],
    /// Of the engine's own; none: a sign stands there, or nothing.
    pub(super) own: Option<Own>,
}

/// The few words that a document has of the engine itself where its pack says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    /// In the alternative text of a tree: what stands below what, with `{node}` and `{above}`.
    pub below: &'static str,
    /// The state of a draft.
    pub draft: &'static str,
    /// The state of what was issued.
    pub issued: &'static str,
    /// What a picture is called in a list of objects.
    pub picture: &'static str,
}

/// Below, draft, issued, picture.
const fn own([below, draft, issued, picture]: [&'static str; 4]) -> Option<Own> {
    Some(Own { below, draft, issued, picture })
}

const NONE: Words = Words {
    numbers: &[],
    before_noun: None,
    rules: None,
    minute: &[],
    hour: &[],
    day: &[],
    working_day: &[],
    week: &[],
    month: &[],
    year: &[],
    cases: &[],
    every: &[],
    ordinals: &[],
    unfinished: &[],
    common: &[],
    articles: &[],
    contracted: &[],
    own: None,
};

impl Words {
    pub(super) fn spellout(&self, number: i64) -> Option<String> {
        let at = usize::try_from(number).ok()?;
        match self.numbers.get(at) {
            Some(word) => Some((*word).to_owned()),
            None if at <= 100 => self.rules.map(|rule| rule(at)),
            None => None,
        }
    }

    pub(super) fn before_noun(&self, number: i64) -> Option<String> {
        let own = usize::try_from(number).ok().and_then(|at| self.before_noun?.get(at).copied());
        own.map(str::to_owned).or_else(|| self.spellout(number))
    }

    pub(super) fn duration(&self, unit: Unit, category: &str) -> Option<&'static str> {
        form(
            match unit {
                Unit::Minute => self.minute,
                Unit::Hour => self.hour,
                Unit::Day => self.day,
                Unit::WorkingDay => self.working_day,
                Unit::Week => self.week,
                Unit::Month => self.month,
                Unit::Year => self.year,
            },
            category,
        )
    }

    /// The same in a form such as `dative`; nothing when the language's words are not known in that form.
    pub(super) fn duration_in(&self, unit: Unit, category: &str, case: &str) -> Option<&'static str> {
        let (_, units) = self.cases.iter().find(|(name, _)| *name == case)?;
        let own = units.iter().find(|(known, _)| *known == unit);
        own.and_then(|(_, forms)| form(forms, category)).or_else(|| self.duration(unit, category))
    }

    /// Every so many of a unit.
    pub(super) fn every(&self, unit: Unit, category: &str) -> Option<&'static str> {
        let (_, forms) = self.every.iter().find(|(known, _)| *known == unit)?;
        form(forms, category)
    }

    pub(super) fn ordinal(&self, category: &str) -> Option<&'static str> {
        form(self.ordinals, category)
    }
}

fn form(forms: Forms, category: &str) -> Option<&'static str> {
    let of = |wanted: &str| forms.iter().find(|(name, _)| *name == wanted).map(|(_, form)| *form);
    of(category).or_else(|| of("other"))
}

/// The words of a language; none where there are none.
pub(super) fn words(language: &str) -> &'static Words {
    let found = WORDS.iter().find(|(names, _)| names.contains(&language));
    found.map_or(&NONE, |(_, words)| words)
}

const POINT: Forms = &[("other", "{n}.")];

static WORDS: &[(&[&str], Words)] = &[
    (
        &["en"],
        Words {
            numbers: &[
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ],
            before_noun: Some(["no", "one"]),
            rules: Some(english),
            minute: &[("one", "{n} minute"), ("other", "{n} minutes")],
            hour: &[("one", "{n} hour"), ("other", "{n} hours")],
            day: &[("one", "{n} day"), ("other", "{n} days")],
            working_day: &[("one", "{n} working day"), ("other", "{n} working days")],
            week: &[("one", "{n} week"), ("other", "{n} weeks")],
            month: &[("one", "{n} month"), ("other", "{n} months")],
            year: &[("one", "{n} year"), ("other", "{n} years")],
            every: &[
                (Unit::Minute, &[("one", "every minute"), ("other", "every {n} minutes")]),
                (Unit::Hour, &[("one", "every hour"), ("other", "every {n} hours")]),
                (Unit::Day, &[("one", "every day"), ("other", "every {n} days")]),
                (Unit::WorkingDay, &[("one", "every working day"), ("other", "every {n} working days")]),
                (Unit::Week, &[("one", "every week"), ("other", "every {n} weeks")]),
                (Unit::Month, &[("one", "every month"), ("other", "every {n} months")]),
                (Unit::Year, &[("one", "every year"), ("other", "every {n} years")]),
            ],
            cases: &[],
            ordinals: &[("one", "{n}st"), ("two", "{n}nd"), ("few", "{n}rd"), ("other", "{n}th")],
            own: own(["{node} below {above}", "Draft", "Final", "Picture"]),
            unfinished: &["the", "an"],
            common: &[
                "the", "of", "to", "and", "by", "with", "for", "from", "or", "this", "that", "it", "are", "be", "has",
                "have", "not", "who", "which", "must", "may", "each", "every", "no", "there", "at", "on", "as",
            ],
            articles: &["the", "a", "an"],
            contracted: &[],
        },
    ),
    (
        &["de"],
        Words {
            common: &[
                "der", "die", "das", "und", "von", "zu", "mit", "für", "ist", "sind", "nicht", "ein", "eine", "einen",
                "auf", "wird", "werden", "sie", "er", "es", "wer", "oder", "auch", "als", "bei",
            ],
            numbers: &[
                "null",
                "eins",
                "zwei",
                "drei",
                "vier",
                "fünf",
                "sechs",
                "sieben",
                "acht",
                "neun",
                "zehn",
                "elf",
                "zwölf",
                "dreizehn",
                "vierzehn",
                "fünfzehn",
                "sechzehn",
                "siebzehn",
                "achtzehn",
                "neunzehn",
            ],
            before_noun: Some(["kein", "ein"]),
            rules: Some(german),
            minute: &[("one", "{n} Minute"), ("other", "{n} Minuten")],
            hour: &[("one", "{n} Stunde"), ("other", "{n} Stunden")],
            day: &[("one", "{n} Tag"), ("other", "{n} Tage")],
            working_day: &[("one", "{n} Arbeitstag"), ("other", "{n} Arbeitstage")],
            week: &[("one", "{n} Woche"), ("other", "{n} Wochen")],
            month: &[("one", "{n} Monat"), ("other", "{n} Monate")],
            year: &[("one", "{n} Jahr"), ("other", "{n} Jahre")],
            every: &[
                (Unit::Minute, &[("one", "jede Minute"), ("other", "alle {n} Minuten")]),
                (Unit::Hour, &[("one", "jede Stunde"), ("other", "alle {n} Stunden")]),
                (Unit::Day, &[("one", "jeden Tag"), ("other", "alle {n} Tage")]),
                (Unit::WorkingDay, &[("one", "jeden Arbeitstag"), ("other", "alle {n} Arbeitstage")]),
                (Unit::Week, &[("one", "jede Woche"), ("other", "alle {n} Wochen")]),
                (Unit::Month, &[("one", "jeden Monat"), ("other", "alle {n} Monate")]),
                (Unit::Year, &[("one", "jedes Jahr"), ("other", "alle {n} Jahre")]),
            ],
            cases: &[(
                "dative",
                &[
                    (Unit::Day, &[("one", "{n} Tag"), ("other", "{n} Tagen")]),
                    (Unit::WorkingDay, &[("one", "{n} Arbeitstag"), ("other", "{n} Arbeitstagen")]),
                    (Unit::Month, &[("one", "{n} Monat"), ("other", "{n} Monaten")]),
                    (Unit::Year, &[("one", "{n} Jahr"), ("other", "{n} Jahren")]),
                ],
            )],
            ordinals: POINT,
            own: own(["{node} unter {above}", "Entwurf", "Freigegeben", "Bild"]),
            articles: &["der", "die", "das", "dem", "den", "des", "ein", "eine", "einen", "einem", "einer", "eines"],
            contracted: &[("zum", "zu"), ("zur", "zu"), ("vom", "von"), ("beim", "bei")],
            ..NONE
        },
    ),
    (
        &["fr"],
        Words {
            common: &[
                "le", "la", "les", "du", "et", "est", "sont", "pour", "par", "dans", "que", "qui", "ne", "pas", "sur",
                "avec", "une", "au", "aux", "ou",
            ],
            numbers: &[
                "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
                "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
            ],
            before_noun: Some(["aucun", "un"]),
            rules: Some(french),
            minute: &[("one", "{n}\u{a0}minute"), ("other", "{n}\u{a0}minutes")],
            hour: &[("one", "{n}\u{a0}heure"), ("other", "{n}\u{a0}heures")],
            day: &[("one", "{n}\u{a0}jour"), ("other", "{n}\u{a0}jours")],
            working_day: &[("one", "{n}\u{a0}jour ouvré"), ("other", "{n}\u{a0}jours ouvrés")],
            week: &[("one", "{n}\u{a0}semaine"), ("other", "{n}\u{a0}semaines")],
            month: &[("other", "{n}\u{a0}mois")],
            year: &[("one", "{n}\u{a0}an"), ("other", "{n}\u{a0}ans")],
            every: &[
                (Unit::Minute, &[("one", "chaque minute"), ("other", "toutes les {n}\u{a0}minutes")]),
                (Unit::Hour, &[("one", "chaque heure"), ("other", "toutes les {n}\u{a0}heures")]),
                (Unit::Day, &[("one", "chaque jour"), ("other", "tous les {n}\u{a0}jours")]),
                (Unit::WorkingDay, &[("one", "chaque jour ouvré"), ("other", "tous les {n}\u{a0}jours ouvrés")]),
                (Unit::Week, &[("one", "chaque semaine"), ("other", "toutes les {n}\u{a0}semaines")]),
                (Unit::Month, &[("one", "chaque mois"), ("other", "tous les {n}\u{a0}mois")]),
                (Unit::Year, &[("one", "chaque année"), ("other", "tous les {n}\u{a0}ans")]),
            ],
            ordinals: &[("one", "{n}er"), ("other", "{n}e")],
            own: own(["{node} sous {above}", "Brouillon", "Approuvé", "Image"]),
            articles: &["le", "la", "les", "un", "une"],
            contracted: &[("du", "de"), ("des", "de"), ("au", "à"), ("aux", "à")],
            ..NONE
        },
    ),
    (
        &["pl"],
        Words {
            common: &["i", "w", "z", "na", "do", "nie", "jest", "się", "są", "oraz", "lub", "przez", "dla"],
            numbers: &[
                "zero",
                "jeden",
                "dwa",
                "trzy",
                "cztery",
                "pięć",
                "sześć",
                "siedem",
                "osiem",
                "dziewięć",
                "dziesięć",
                "jedenaście",
                "dwanaście",
                "trzynaście",
                "czternaście",
                "piętnaście",
                "szesnaście",
                "siedemnaście",
                "osiemnaście",
                "dziewiętnaście",
            ],
            rules: Some(polish),
            minute: &[("one", "{n} minuta"), ("few", "{n} minuty"), ("many", "{n} minut"), ("other", "{n} minuty")],
            hour: &[("one", "{n} godzina"), ("few", "{n} godziny"), ("many", "{n} godzin"), ("other", "{n} godziny")],
            day: &[("one", "{n} dzień"), ("few", "{n} dni"), ("many", "{n} dni"), ("other", "{n} dnia")],
            working_day: &[
                ("one", "{n} dzień roboczy"),
                ("few", "{n} dni robocze"),
                ("many", "{n} dni roboczych"),
                ("other", "{n} dnia roboczego"),
            ],
            week: &[
                ("one", "{n} tydzień"),
                ("few", "{n} tygodnie"),
                ("many", "{n} tygodni"),
                ("other", "{n} tygodnia"),
            ],
            month: &[
                ("one", "{n} miesiąc"),
                ("few", "{n} miesiące"),
                ("many", "{n} miesięcy"),
                ("other", "{n} miesiąca"),
            ],
            year: &[("one", "{n} rok"), ("few", "{n} lata"), ("many", "{n} lat"), ("other", "{n} roku")],
            every: &[
                (
                    Unit::Minute,
                    &[
                        ("one", "co minutę"),
                        ("few", "co {n} minuty"),
                        ("many", "co {n} minut"),
                        ("other", "co {n} minuty"),
                    ],
                ),
                (
                    Unit::Hour,
                    &[
                        ("one", "co godzinę"),
                        ("few", "co {n} godziny"),
                        ("many", "co {n} godzin"),
                        ("other", "co {n} godziny"),
                    ],
                ),
                (
                    Unit::Day,
                    &[("one", "co dzień"), ("few", "co {n} dni"), ("many", "co {n} dni"), ("other", "co {n} dnia")],
                ),
                (
                    Unit::WorkingDay,
                    &[
                        ("one", "co dzień roboczy"),
                        ("few", "co {n} dni robocze"),
                        ("many", "co {n} dni roboczych"),
                        ("other", "co {n} dnia roboczego"),
                    ],
                ),
                (
                    Unit::Week,
                    &[
                        ("one", "co tydzień"),
                        ("few", "co {n} tygodnie"),
                        ("many", "co {n} tygodni"),
                        ("other", "co {n} tygodnia"),
                    ],
                ),
                (
                    Unit::Month,
                    &[
                        ("one", "co miesiąc"),
                        ("few", "co {n} miesiące"),
                        ("many", "co {n} miesięcy"),
                        ("other", "co {n} miesiąca"),
                    ],
                ),
                (
                    Unit::Year,
                    &[("one", "co rok"), ("few", "co {n} lata"), ("many", "co {n} lat"), ("other", "co {n} roku")],
                ),
            ],
            ordinals: POINT,
            own: own(["{node} pod: {above}", "Projekt", "Zatwierdzony", "Obraz"]),
            ..NONE
        },
    ),
    (
        &["el"],
        Words {
            numbers: &[
                "μηδέν",
                "ένα",
                "δύο",
                "τρία",
                "τέσσερα",
                "πέντε",
                "έξι",
                "επτά",
                "οκτώ",
                "εννέα",
                "δέκα",
                "έντεκα",
                "δώδεκα",
            ],
            minute: &[("one", "{n} λεπτό"), ("other", "{n} λεπτά")],
            hour: &[("one", "{n} ώρα"), ("other", "{n} ώρες")],
            day: &[("one", "{n} ημέρα"), ("other", "{n} ημέρες")],
            working_day: &[("one", "{n} εργάσιμη ημέρα"), ("other", "{n} εργάσιμες ημέρες")],
            week: &[("one", "{n} εβδομάδα"), ("other", "{n} εβδομάδες")],
            month: &[("one", "{n} μήνας"), ("other", "{n} μήνες")],
            year: &[("one", "{n} έτος"), ("other", "{n} έτη")],
            every: &[
                (Unit::Minute, &[("one", "κάθε λεπτό"), ("other", "κάθε {n} λεπτά")]),
                (Unit::Hour, &[("one", "κάθε ώρα"), ("other", "κάθε {n} ώρες")]),
                (Unit::Day, &[("one", "κάθε ημέρα"), ("other", "κάθε {n} ημέρες")]),
                (Unit::WorkingDay, &[("one", "κάθε εργάσιμη ημέρα"), ("other", "κάθε {n} εργάσιμες ημέρες")]),
                (Unit::Week, &[("one", "κάθε εβδομάδα"), ("other", "κάθε {n} εβδομάδες")]),
                (Unit::Month, &[("one", "κάθε μήνα"), ("other", "κάθε {n} μήνες")]),
                (Unit::Year, &[("one", "κάθε έτος"), ("other", "κάθε {n} έτη")]),
            ],
            ordinals: &[("other", "{n}ος")],
            own: own(["{node} κάτω από: {above}", "Προσχέδιο", "Τελικό", "Εικόνα"]),
            ..NONE
        },
    ),
    (
        &["he"],
        Words {
            numbers: &[
                "אפס",
                "אחת",
                "שתיים",
                "שלוש",
                "ארבע",
                "חמש",
                "שש",
                "שבע",
                "שמונה",
                "תשע",
                "עשר",
                "אחת עשרה",
                "שתים עשרה",
            ],
            minute: &[("one", "דקה אחת"), ("two", "שתי דקות"), ("other", "{n} דקות")],
            hour: &[("one", "שעה אחת"), ("two", "שעתיים"), ("other", "{n} שעות")],
            day: &[("one", "יום אחד"), ("two", "יומיים"), ("other", "{n} ימים")],
            working_day: &[("one", "יום עבודה אחד"), ("two", "שני ימי עבודה"), ("other", "{n} ימי עבודה")],
            week: &[("one", "שבוע אחד"), ("two", "שבועיים"), ("other", "{n} שבועות")],
            month: &[("one", "חודש אחד"), ("two", "חודשיים"), ("other", "{n} חודשים")],
            year: &[("one", "שנה אחת"), ("two", "שנתיים"), ("other", "{n} שנים")],
            every: &[
                (Unit::Minute, &[("one", "כל דקה"), ("two", "כל שתי דקות"), ("other", "כל {n} דקות")]),
                (Unit::Hour, &[("one", "כל שעה"), ("two", "כל שעתיים"), ("other", "כל {n} שעות")]),
                (Unit::Day, &[("one", "כל יום"), ("two", "כל יומיים"), ("other", "כל {n} ימים")]),
                (
                    Unit::WorkingDay,
                    &[("one", "כל יום עבודה"), ("two", "כל שני ימי עבודה"), ("other", "כל {n} ימי עבודה")],
                ),
                (Unit::Week, &[("one", "כל שבוע"), ("two", "כל שבועיים"), ("other", "כל {n} שבועות")]),
                (Unit::Month, &[("one", "כל חודש"), ("two", "כל חודשיים"), ("other", "כל {n} חודשים")]),
                (Unit::Year, &[("one", "כל שנה"), ("two", "כל שנתיים"), ("other", "כל {n} שנים")]),
            ],
            own: own(["{node} מתחת ל: {above}", "טיוטה", "סופי", "תמונה"]),
            ..NONE
        },
    ),
    (
        &["ja"],
        Words {
            minute: &[("other", "{n}分")],
            hour: &[("other", "{n}時間")],
            day: &[("other", "{n}日")],
            working_day: &[("other", "{n}営業日")],
            week: &[("other", "{n}週間")],
            month: &[("other", "{n}か月")],
            year: &[("other", "{n}年")],
            every: &[
                (Unit::Minute, &[("other", "{n}分ごと")]),
                (Unit::Hour, &[("other", "{n}時間ごと")]),
                (Unit::Day, &[("other", "{n}日ごと")]),
                (Unit::WorkingDay, &[("other", "{n}営業日ごと")]),
                (Unit::Week, &[("other", "{n}週間ごと")]),
                (Unit::Month, &[("other", "{n}か月ごと")]),
                (Unit::Year, &[("other", "{n}年ごと")]),
            ],
            ordinals: &[("other", "第{n}")],
            own: own(["{above}の下に{node}", "下書き", "承認済み", "図"]),
            ..NONE
        },
    ),
    (
        &["zh"],
        Words {
            minute: &[("other", "{n}分钟")],
            hour: &[("other", "{n}小时")],
            day: &[("other", "{n}天")],
            working_day: &[("other", "{n}个工作日")],
            week: &[("other", "{n}周")],
            month: &[("other", "{n}个月")],
            year: &[("other", "{n}年")],
            ordinals: &[("other", "第{n}")],
            ..NONE
        },
    ),
    (
        &["es"],
        Words {
            common: &[
                "el", "los", "las", "y", "que", "con", "para", "por", "una", "es", "son", "no", "del", "se", "lo",
            ],
            numbers: &[
                "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
                "doce",
            ],
            before_noun: Some(["ningún", "un"]),
            minute: &[("one", "{n} minuto"), ("other", "{n} minutos")],
            hour: &[("one", "{n} hora"), ("other", "{n} horas")],
            day: &[("one", "{n} día"), ("other", "{n} días")],
            working_day: &[("one", "{n} día hábil"), ("other", "{n} días hábiles")],
            week: &[("one", "{n} semana"), ("other", "{n} semanas")],
            month: &[("one", "{n} mes"), ("other", "{n} meses")],
            year: &[("one", "{n} año"), ("other", "{n} años")],
            ordinals: &[("other", "{n}.º")],
            own: own(["{node} bajo {above}", "Borrador", "Aprobado", "Imagen"]),
            articles: &["el", "la", "los", "las", "un", "una"],
            contracted: &[("del", "de"), ("al", "a")],
            ..NONE
        },
    ),
    (
        &["it"],
        Words {
            common: &["il", "gli", "le", "e", "che", "con", "per", "una", "è", "sono", "non", "della", "dei", "si"],
            numbers: &[
                "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici",
                "dodici",
            ],
            before_noun: Some(["nessun", "un"]),
            minute: &[("one", "{n} minuto"), ("other", "{n} minuti")],
            hour: &[("one", "{n} ora"), ("other", "{n} ore")],
            day: &[("one", "{n} giorno"), ("other", "{n} giorni")],
            working_day: &[("one", "{n} giorno lavorativo"), ("other", "{n} giorni lavorativi")],
            week: &[("one", "{n} settimana"), ("other", "{n} settimane")],
            month: &[("one", "{n} mese"), ("other", "{n} mesi")],
            year: &[("one", "{n} anno"), ("other", "{n} anni")],
            ordinals: &[("other", "{n}º")],
            own: own(["{node} sotto {above}", "Bozza", "Approvato", "Immagine"]),
            articles: &["il", "lo", "la", "i", "gli", "le", "un", "uno", "una"],
            contracted: &[
                ("del", "di"),
                ("dello", "di"),
                ("della", "di"),
                ("dei", "di"),
                ("degli", "di"),
                ("delle", "di"),
                ("al", "a"),
                ("allo", "a"),
                ("alla", "a"),
                ("ai", "a"),
                ("agli", "a"),
                ("alle", "a"),
                ("dal", "da"),
                ("dallo", "da"),
                ("dalla", "da"),
                ("dai", "da"),
                ("dagli", "da"),
                ("dalle", "da"),
            ],
            ..NONE
        },
    ),
    (
        &["nl"],
        Words {
            common: &[
                "de", "het", "een", "en", "van", "met", "voor", "is", "zijn", "niet", "die", "dat", "op", "wordt", "of",
            ],
            numbers: &[
                "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
            ],
            before_noun: Some(["geen", "een"]),
            minute: &[("one", "{n} minuut"), ("other", "{n} minuten")],
            hour: &[("other", "{n} uur")],
            day: &[("one", "{n} dag"), ("other", "{n} dagen")],
            working_day: &[("one", "{n} werkdag"), ("other", "{n} werkdagen")],
            week: &[("one", "{n} week"), ("other", "{n} weken")],
            month: &[("one", "{n} maand"), ("other", "{n} maanden")],
            year: &[("other", "{n} jaar")],
            ordinals: &[("other", "{n}e")],
            own: own(["{node} onder {above}", "Concept", "Vastgesteld", "Afbeelding"]),
            articles: &["de", "het", "een"],
            ..NONE
        },
    ),
    (
        &["pt"],
        Words {
            numbers: &[
                "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze",
            ],
            before_noun: Some(["nenhum", "um"]),
            minute: &[("one", "{n} minuto"), ("other", "{n} minutos")],
            hour: &[("one", "{n} hora"), ("other", "{n} horas")],
            day: &[("one", "{n} dia"), ("other", "{n} dias")],
            working_day: &[("one", "{n} dia útil"), ("other", "{n} dias úteis")],
            week: &[("one", "{n} semana"), ("other", "{n} semanas")],
            month: &[("one", "{n} mês"), ("other", "{n} meses")],
            year: &[("one", "{n} ano"), ("other", "{n} anos")],
            ordinals: &[("other", "{n}.º")],
            own: own(["{node} abaixo de {above}", "Rascunho", "Aprovado", "Imagem"]),
            articles: &["o", "a", "os", "as", "um", "uma"],
            contracted: &[
                ("do", "de"),
                ("da", "de"),
                ("dos", "de"),
                ("das", "de"),
                ("ao", "a"),
                ("à", "a"),
                ("pelo", "por"),
                ("pela", "por"),
            ],
            ..NONE
        },
    ),
    (
        &["cs"],
        Words {
            minute: &[("one", "{n} minuta"), ("few", "{n} minuty"), ("many", "{n} minuty"), ("other", "{n} minut")],
            hour: &[("one", "{n} hodina"), ("few", "{n} hodiny"), ("many", "{n} hodiny"), ("other", "{n} hodin")],
            day: &[("one", "{n} den"), ("few", "{n} dny"), ("many", "{n} dne"), ("other", "{n} dní")],
            working_day: &[
                ("one", "{n} pracovní den"),
                ("few", "{n} pracovní dny"),
                ("many", "{n} pracovního dne"),
                ("other", "{n} pracovních dní"),
            ],
            week: &[("one", "{n} týden"), ("few", "{n} týdny"), ("many", "{n} týdne"), ("other", "{n} týdnů")],
            month: &[("one", "{n} měsíc"), ("few", "{n} měsíce"), ("many", "{n} měsíce"), ("other", "{n} měsíců")],
            year: &[("one", "{n} rok"), ("few", "{n} roky"), ("many", "{n} roku"), ("other", "{n} let")],
            ordinals: POINT,
            ..NONE
        },
    ),
    (
        &["sv"],
        Words {
            minute: &[("one", "{n} minut"), ("other", "{n} minuter")],
            hour: &[("one", "{n} timme"), ("other", "{n} timmar")],
            day: &[("one", "{n} dag"), ("other", "{n} dagar")],
            working_day: &[("one", "{n} arbetsdag"), ("other", "{n} arbetsdagar")],
            week: &[("one", "{n} vecka"), ("other", "{n} veckor")],
            month: &[("one", "{n} månad"), ("other", "{n} månader")],
            year: &[("other", "{n} år")],
            ordinals: &[("one", "{n}:a"), ("other", "{n}:e")],
            ..NONE
        },
    ),
    (
        &["da"],
        Words {
            minute: &[("one", "{n} minut"), ("other", "{n} minutter")],
            hour: &[("one", "{n} time"), ("other", "{n} timer")],
            day: &[("one", "{n} dag"), ("other", "{n} dage")],
            working_day: &[("one", "{n} arbejdsdag"), ("other", "{n} arbejdsdage")],
            week: &[("one", "{n} uge"), ("other", "{n} uger")],
            month: &[("one", "{n} måned"), ("other", "{n} måneder")],
            year: &[("other", "{n} år")],
            ordinals: POINT,
            ..NONE
        },
    ),
    (
        &["nb", "no"],
        Words {
            minute: &[("one", "{n} minutt"), ("other", "{n} minutter")],
            hour: &[("one", "{n} time"), ("other", "{n} timer")],
            day: &[("one", "{n} dag"), ("other", "{n} dager")],
            working_day: &[("one", "{n} arbeidsdag"), ("other", "{n} arbeidsdager")],
            week: &[("one", "{n} uke"), ("other", "{n} uker")],
            month: &[("one", "{n} måned"), ("other", "{n} måneder")],
            year: &[("other", "{n} år")],
            ordinals: POINT,
            ..NONE
        },
    ),
];

fn english(number: usize) -> String {
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match (number / 10, number % 10) {
        (10, _) => "one hundred".to_owned(),
        (tens, 0) => TENS[tens - 2].to_owned(),
        (tens, one) => format!("{}-{}", TENS[tens - 2], words("en").numbers[one]),
    }
}

fn german(number: usize) -> String {
    const TENS: [&str; 8] = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
    match (number / 10, number % 10) {
        (10, _) => "einhundert".to_owned(),
        (tens, 0) => TENS[tens - 2].to_owned(),
        (tens, 1) => format!("einund{}", TENS[tens - 2]),
        (tens, one) => format!("{}und{}", words("de").numbers[one], TENS[tens - 2]),
    }
}

fn french(number: usize) -> String {
    const TENS: [&str; 8] =
        ["vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"];
    let numbers = words("fr").numbers;
    match (number / 10, number % 10) {
        (10, _) => "cent".to_owned(),
        (8, 0) => "quatre-vingts".to_owned(),
        (7, 1) => "soixante et onze".to_owned(),
        // Seventy and ninety count on from sixty and eighty.
        (tens @ (7 | 9), one) => format!("{}-{}", TENS[tens - 2], numbers[10 + one]),
        (tens, 0) => TENS[tens - 2].to_owned(),
        (8, one) => format!("quatre-vingt-{}", numbers[one]),
        (tens, 1) => format!("{} et un", TENS[tens - 2]),
        (tens, one) => format!("{}-{}", TENS[tens - 2], numbers[one]),
    }
}

fn polish(number: usize) -> String {
    const TENS: [&str; 8] = [
        "dwadzieścia",
        "trzydzieści",
        "czterdzieści",
        "pięćdziesiąt",
        "sześćdziesiąt",
        "siedemdziesiąt",
        "osiemdziesiąt",
        "dziewięćdziesiąt",
    ];
    match (number / 10, number % 10) {
        (10, _) => "sto".to_owned(),
        (tens, 0) => TENS[tens - 2].to_owned(),
        (tens, one) => format!("{} {}", TENS[tens - 2], words("pl").numbers[one]),
    }
}

/// Marks of quotation, and those inside them; `None` for a language of which they are not known.
pub(super) fn quotes(language: &str, region: Option<&str>) -> Option<[&'static str; 4]> {
    Some(match (language, region) {
        ("und", _) => return None,
        ("de", Some("CH" | "LI")) => ["«", "»", "‹", "›"],
        ("de", _) => ["„", "“", "‚", "‘"],
        ("fr", Some("CH")) => ["«", "»", "‹", "›"],
        ("fr", _) => ["«\u{a0}", "\u{a0}»", "“", "”"],
        ("el", _) => ["«", "»", "“", "”"],
        ("es" | "it" | "ca" | "gl" | "eu", _) | ("pt", Some("PT")) => ["«", "»", "“", "”"],
        ("pl" | "ro", _) => ["„", "”", "«", "»"],
        ("hu", _) => ["„", "”", "»", "«"],
        ("cs" | "sk" | "sl" | "bg" | "lt" | "is" | "hr" | "et" | "mk" | "ka", _) => ["„", "“", "‚", "‘"],
        ("sr" | "bs", _) => ["„", "”", "’", "’"],
        ("sv" | "fi", _) => ["”", "”", "’", "’"],
        ("da", _) => ["”", "”", "’", "’"],
        ("nb" | "nn" | "no", _) => ["«", "»", "‘", "’"],
        ("nl", _) => ["‘", "’", "“", "”"],
        ("ru" | "uk" | "be", _) => ["«", "»", "„", "“"],
        ("lv" | "sq" | "hy" | "az" | "fa", _) => ["«", "»", "“", "”"],
        ("he", _) => ["”", "”", "’", "’"],
        ("ja", _) => ["「", "」", "『", "』"],
        ("zh", Some("TW" | "HK" | "MO")) => ["「", "」", "『", "』"],
        _ => ["“", "”", "‘", "’"],
    })
}

/// What people write, in small letters, for a value that is still to come.
pub(super) fn placeholders(language: &str) -> &'static [&'static str] {
    match language {
        "de" => &[
            "noch offen",
            "noch zu klären",
            "zu klären",
            "zu definieren",
            "noch festzulegen",
            "festzulegen",
            "folgt",
            "folgt noch",
            "wird ergänzt",
            "wird noch ergänzt",
            "wird nachgereicht",
            "noch zu benennen",
            "zu benennen",
            "platzhalter",
            "bitte ergänzen",
        ],
        "fr" => &["à définir", "à compléter", "à préciser", "à confirmer", "à déterminer", "à venir"],
        "es" => &["por definir", "por determinar", "por confirmar", "por completar", "pendiente de definir"],
        "it" => &["da definire", "da confermare", "da completare", "da stabilire", "da determinare"],
        "pt" => &["a definir", "por definir", "a confirmar", "a completar", "a preencher"],
        "nl" => &["nader te bepalen", "n.t.b", "ntb", "nog in te vullen", "nog te bepalen", "volgt nog"],
        "pl" => &["do ustalenia", "do uzupełnienia", "do określenia"],
        "sv" => &["att definiera", "fylls i senare", "meddelas senare"],
        "da" | "nb" | "nn" | "no" => &["skal defineres", "udfyldes senere", "fylles ut senere", "avklares senere"],
        _ => &[],
    }
}

/// What stands between the ends of a period, blanks included: a word where one fits before any date, else a dash.
pub(super) fn until(language: &str) -> &'static str {
    match language {
        "en" => " to ",
        "de" => " bis ",
        "ja" => "～",
        "zh" => "至",
        _ => " \u{2013} ",
    }
}

/// How a sentence says on which day something is, in which month and in which year, each with `{}` for the date; and, where
/// a month has another form then, the months with what stands before and after them.
pub(super) struct On {
    pub(super) day: &'static str,
    pub(super) month: &'static str,
    pub(super) year: &'static str,
    /// By month, without the year.
    pub(super) months: Option<[&'static str; 12]>,
}

/// A date within a sentence. Languages that are not among these put nothing before it.
pub(super) fn on(language: &str) -> On {
    let plain = |[day, month, year]: [&'static str; 3]| On { day, month, year, months: None };
    let named = |[day, month, year]: [&'static str; 3], months| On { day, month, year, months: Some(months) };
    match language {
        "en" => plain(["on {}", "in {}", "in {}"]),
        "de" => plain(["am {}", "im {}", "{}"]),
        "fr" => plain(["le {}", "en {}", "en {}"]),
        "es" => plain(["el {}", "en {}", "en {}"]),
        "it" => plain(["il {}", "a {}", "nel {}"]),
        "nl" => plain(["op {}", "in {}", "in {}"]),
        "pt" => plain(["em {}", "em {}", "em {}"]),
        "sv" => plain(["den {}", "i {}", "{}"]),
        "da" | "nb" | "nn" | "no" => plain(["den {}", "i {}", "i {}"]),
        "he" => plain(["ב-{}", "ב{}", "ב-{}"]),
        "pl" => named(
            ["{}", "{} {year}", "w {} roku"],
            [
                "w styczniu",
                "w lutym",
                "w marcu",
                "w kwietniu",
                "w maju",
                "w czerwcu",
                "w lipcu",
                "w sierpniu",
                "we wrześniu",
                "w październiku",
                "w listopadzie",
                "w grudniu",
            ],
        ),
        "cs" => named(
            ["{}", "{} {year}", "v roce {}"],
            [
                "v lednu",
                "v únoru",
                "v březnu",
                "v dubnu",
                "v květnu",
                "v červnu",
                "v červenci",
                "v srpnu",
                "v září",
                "v říjnu",
                "v listopadu",
                "v prosinci",
            ],
        ),
        "el" => named(
            ["στις {}", "{} του {year}", "το {}"],
            [
                "τον Ιανουάριο",
                "τον Φεβρουάριο",
                "τον Μάρτιο",
                "τον Απρίλιο",
                "τον Μάιο",
                "τον Ιούνιο",
                "τον Ιούλιο",
                "τον Αύγουστο",
                "τον Σεπτέμβριο",
                "τον Οκτώβριο",
                "τον Νοέμβριο",
                "τον Δεκέμβριο",
            ],
        ),
        _ => plain(["{}", "{}", "{}"]),
    }
}

/// Where the sign of a currency stands.
pub(super) fn money(language: &str, region: Option<&str>) -> &'static str {
    const BEFORE: &str = "{currency}{amount}";
    const BEFORE_APART: &str = "{currency}\u{a0}{amount}";
    const AFTER: &str = "{amount}\u{a0}{currency}";
    match (language, region) {
        ("de", Some("AT" | "CH" | "LI")) | ("it", Some("CH")) | ("nl" | "nb" | "nn" | "no" | "und", _) => BEFORE_APART,
        ("pt", Some("PT")) => AFTER,
        ("pt", _) => BEFORE_APART,
        ("es", Some("ES") | None) => AFTER,
        ("en" | "es" | "ja" | "zh" | "ko" | "tr" | "ga" | "cy" | "hi" | "th" | "fil" | "ms", _) => BEFORE,
        _ => AFTER,
    }
}

/// How many decimals a currency has (ISO 4217).
pub(super) fn decimals(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// The sign of a currency where a language has one for it; its code where not.
pub(super) fn currency<'c>(currency: &'c str, language: &str, region: Option<&str>) -> &'c str {
    match (currency, language, region) {
        ("EUR", ..) => "€",
        ("GBP", ..) => "£",
        ("ILS", ..) => "₪",
        ("INR", ..) => "₹",
        ("KRW", ..) => "₩",
        ("USD", "en", Some("US") | None) | ("USD", "de" | "fr" | "el" | "it" | "ja" | "he", _) => "$",
        ("USD", "en" | "es" | "pt" | "nl" | "zh", _) => "US$",
        ("CAD", _, Some("CA")) | ("AUD", _, Some("AU")) | ("NZD", _, Some("NZ")) => "$",
        ("JPY", "ja", _) => "￥",
        ("JPY", "zh", _) => "JP¥",
        ("JPY", ..) => "¥",
        ("CNY", "zh", _) => "¥",
        ("PLN", "pl", _) => "zł",
        ("CZK", "cs", _) => "Kč",
        ("SEK", "sv", _) => "kr",
        ("DKK", "da", _) => "kr.",
        ("NOK", "nb" | "nn" | "no", _) => "kr",
        ("HUF", "hu", _) => "Ft",
        ("BRL", "pt", _) => "R$",
        _ => currency,
    }
}
