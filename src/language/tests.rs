use jiff::civil::date;

use super::*;

fn language(tag: &str) -> Language {
    Language::new(tag).unwrap()
}

#[test]
fn days_are_written_as_the_country_writes_them() {
    let day = date(2026, 11, 24);
    for (tag, expected) in [
        ("en-GB", "24 November 2026"),
        ("en-US", "November 24, 2026"),
        ("de-DE", "24. November 2026"),
        ("fr-FR", "24 novembre 2026"),
        ("pl-PL", "24 listopada 2026"),
        ("el-GR", "24 Νοεμβρίου 2026"),
        ("he-IL", "24 בנובמבר 2026"),
        ("ja-JP", "2026年11月24日"),
        ("es-ES", "24 de noviembre de 2026"),
        ("th-TH", "24 พฤศจิกายน ค.ศ. 2026"),
        ("hu-HU", "2026. november 24."),
    ] {
        assert_eq!(language(tag).date(day), expected, "{tag}");
    }
    assert_eq!(language("de-DE").date(date(2026, 1, 1)), "1. Januar 2026");
}

#[test]
fn numbers_have_the_signs_of_the_country() {
    for (tag, grouped, plain, small) in [
        ("en-GB", "1,234,567.5", "1234567.5", "1,234"),
        ("en-US", "1,234,567.5", "1234567.5", "1,234"),
        ("de-DE", "1.234.567,5", "1234567,5", "1.234"),
        ("de-CH", "1'234'567.5", "1234567.5", "1'234"),
        ("fr-FR", "1\u{202f}234\u{202f}567,5", "1234567,5", "1\u{202f}234"),
        ("pl-PL", "1\u{a0}234\u{a0}567,5", "1234567,5", "1234"),
        ("el-GR", "1.234.567,5", "1234567,5", "1.234"),
        ("he-IL", "1,234,567.5", "1234567.5", "1,234"),
        ("ja-JP", "1,234,567.5", "1234567.5", "1,234"),
        ("hi-IN", "12,34,567.5", "1234567.5", "1,234"),
    ] {
        let language = language(tag);
        assert_eq!(language.number("1234567.5"), grouped, "{tag}");
        assert_eq!(language.plain(1234567.5), plain, "{tag}");
        assert_eq!(language.number(1234), small, "{tag}");
        assert_eq!(language.plain(2026), "2026", "{tag}");
    }
    let german = language("de-DE");
    assert_eq!(german.plain("12.50"), "12,50");
    assert_eq!(german.number(-1234.5), "-1.234,5");
    assert_eq!(german.number("1e21"), "1.000.000.000.000.000.000.000");
    assert_eq!(german.number("about 3.5"), "about 3.5");
    assert_eq!(german.number("9".repeat(500)), "9".repeat(500));
    for (number, places, expected) in [("0.995", 2, "1,00"), ("-0.001", 2, "0,00"), ("12.5", 0, "13"), ("9", 2, "9,00")]
    {
        assert_eq!(german.rounded(number, places), expected, "{number}");
    }
}

#[test]
fn money_has_the_sign_where_the_country_has_it() {
    for (tag, currency, expected) in [
        ("en-GB", "GBP", "£1,234.50"),
        ("en-US", "USD", "$1,234.50"),
        ("en-GB", "CHF", "CHF\u{a0}1,234.50"),
        ("de-DE", "EUR", "1.234,50\u{a0}€"),
        ("de-AT", "EUR", "€\u{a0}1\u{a0}234,50"),
        ("fr-FR", "EUR", "1\u{202f}234,50\u{a0}€"),
        ("pl-PL", "PLN", "1234,50\u{a0}zł"),
        ("el-GR", "EUR", "1.234,50\u{a0}€"),
        ("ja-JP", "JPY", "￥1,235"),
    ] {
        assert_eq!(language(tag).money("1234.5", currency), expected, "{tag}");
    }
    assert_eq!(language("de-DE").money(5000, "EUR"), "5.000\u{a0}€");
    assert_eq!(language("en-GB").money("-3.5", "GBP"), "-£3.50");
}

#[test]
fn lists_end_in_the_language() {
    let items = ["Ada", "Ben", "Cy"];
    for (tag, expected) in [
        ("en-GB", "Ada, Ben and Cy"),
        ("en-US", "Ada, Ben, and Cy"),
        ("de-DE", "Ada, Ben und Cy"),
        ("fr-FR", "Ada, Ben et Cy"),
        ("pl-PL", "Ada, Ben i Cy"),
        ("el-GR", "Ada, Ben και Cy"),
        ("he-IL", "Ada, Ben ו\u{2011}Cy"),
        ("ja-JP", "Ada、Ben、Cy"),
    ] {
        assert_eq!(language(tag).list(&items), expected, "{tag}");
    }
    let formats = Formats { list: Some(Joints::with("and")), ..Formats::default() };
    let own = Language::with("en-US", formats).unwrap();
    assert_eq!(own.list(&items), "Ada, Ben and Cy");
    assert_eq!(own.list(&items[..2]), "Ada and Ben");
    assert_eq!(own.list(&items[..1]), "Ada");
    assert_eq!(own.list::<&str>(&[]), "");
}

#[test]
fn numbers_are_spelt_where_there_are_words() {
    for (tag, number, expected) in [
        ("en-GB", 3, "three"),
        ("en-GB", 42, "forty-two"),
        ("en-GB", 100, "one hundred"),
        ("en-GB", 101, "101"),
        ("de-DE", 21, "einundzwanzig"),
        ("de-DE", 30, "dreißig"),
        ("de-DE", 77, "siebenundsiebzig"),
        ("fr-FR", 21, "vingt et un"),
        ("fr-FR", 71, "soixante et onze"),
        ("fr-FR", 80, "quatre-vingts"),
        ("fr-FR", 81, "quatre-vingt-un"),
        ("fr-FR", 99, "quatre-vingt-dix-neuf"),
        ("pl-PL", 44, "czterdzieści cztery"),
        ("el-GR", 7, "επτά"),
        ("ja-JP", 7, "7"),
        ("de-DE", -3, "-3"),
    ] {
        assert_eq!(language(tag).spellout(number), expected, "{tag}");
    }
    let words = |tag: &str| [0, 1, 3, 12, 13].map(|number| language(tag).words(number)).join(" ");
    assert_eq!(words("en-GB"), "no one three twelve 13");
    assert_eq!(words("de-DE"), "kein ein drei zwölf 13");
    assert_eq!(words("ja-JP"), "0 1 3 12 13");
    for tag in ["en", "de", "fr", "pl"] {
        let all: std::collections::BTreeSet<String> = (0..=100).map(|number| language(tag).spellout(number)).collect();
        assert_eq!(all.len(), 101, "{tag}");
        assert!(all.iter().all(|word| !word.contains(|c: char| c.is_ascii_digit())), "{tag}");
    }
}

#[test]
fn words_go_with_their_number() {
    let said = |tag: &str, numbers: &[i64]| {
        numbers.iter().map(|number| language(tag).category(*number).name()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(said("en-GB", &[0, 1, 2]), "other one other");
    assert_eq!(said("fr-FR", &[0, 1, 2]), "one one other");
    assert_eq!(said("pl-PL", &[1, 2, 5, 12, 22]), "one few many many few");
    assert_eq!(said("he-IL", &[1, 2, 3]), "one two other");
    assert_eq!(said("ja-JP", &[1, 2]), "other other");
    assert_eq!(language("en-GB").category_of("1.0"), Category::Other);
    assert_eq!(language("pl-PL").category_of("1.5"), Category::Other);
    assert_eq!(language("pl-PL").categories(), [Category::One, Category::Few, Category::Many, Category::Other]);
    for (tag, minutes, expected) in [
        ("en-GB", 90, "90 minutes"),
        ("en-GB", 60, "1 hour"),
        ("en-GB", 1440, "24 hours"),
        ("en-GB", 2880, "2 days"),
        ("en-GB", 0, "0 minutes"),
        ("de-DE", 90, "90 Minuten"),
        ("pl-PL", 180, "3 godziny"),
        ("pl-PL", 300, "5 godzin"),
        ("he-IL", 120, "שעתיים"),
        ("sw", 120, "2\u{a0}h"),
    ] {
        assert_eq!(language(tag).duration(minutes), expected, "{tag}");
    }
}

#[test]
fn lengths_of_time_are_in_words() {
    let said = |tag: &str| {
        let say = |text| language(tag).length(&time::Duration::read(text).unwrap(), None).unwrap();
        [
            "15 min",
            "1 h",
            "0.5 h",
            "10 days",
            "1 working day",
            "2 working days",
            "6 weeks",
            "18 months",
            "3 years",
            "1 year 6 months",
        ]
        .map(say)
        .join("; ")
    };
    for (tag, expected) in [
        (
            "en-GB",
            "15 minutes; 1 hour; 0.5 hours; 10 days; 1 working day; 2 working days; 6 weeks; 18 months; 3 years; 1 year and 6 months",
        ),
        (
            "de-DE",
            "15 Minuten; 1 Stunde; 0,5 Stunden; 10 Tage; 1 Arbeitstag; 2 Arbeitstage; 6 Wochen; 18 Monate; 3 Jahre; 1 Jahr und 6 Monate",
        ),
        (
            "fr-FR",
            "15\u{a0}minutes; 1\u{a0}heure; 0,5\u{a0}heure; 10\u{a0}jours; 1\u{a0}jour ouvré; 2\u{a0}jours ouvrés; 6\u{a0}semaines; 18\u{a0}mois; 3\u{a0}ans; 1\u{a0}an et 6\u{a0}mois",
        ),
        (
            "pl-PL",
            "15 minut; 1 godzina; 0,5 godziny; 10 dni; 1 dzień roboczy; 2 dni robocze; 6 tygodni; 18 miesięcy; 3 lata; 1 rok i 6 miesięcy",
        ),
        (
            "el-GR",
            "15 λεπτά; 1 ώρα; 0,5 ώρες; 10 ημέρες; 1 εργάσιμη ημέρα; 2 εργάσιμες ημέρες; 6 εβδομάδες; 18 μήνες; 3 έτη; 1 έτος και 6 μήνες",
        ),
        (
            "he-IL",
            "15 דקות; שעה אחת; 0.5 שעות; 10 ימים; יום עבודה אחד; שני ימי עבודה; 6 שבועות; 18 חודשים; 3 שנים; שנה אחת ו\u{2011}6 חודשים",
        ),
        ("ja-JP", "15分; 1時間; 0.5時間; 10日; 1営業日; 2営業日; 6週間; 18か月; 3年; 1年、6か月"),
    ] {
        assert_eq!(said(tag), expected, "{tag}");
    }
    let say = |tag: &str, text, form| language(tag).length(&time::Duration::read(text).unwrap(), form);
    assert_eq!(say("sw", "6 weeks", None).as_deref(), Some("6\u{a0}wk"));
    assert_eq!(say("de-DE", "3 Working Days", Some("dative")).as_deref(), Some("3 Arbeitstagen"));
    assert_eq!(say("de-DE", "3 weeks", Some("dative")).as_deref(), Some("3 Wochen"));
    assert_eq!(say("en-GB", "3 weeks", Some("dative")), None);
}

#[test]
fn intervals_are_in_words() {
    for (tag, expected) in [
        ("en-GB", "every hour; every 2 working days; every 6 weeks; every month; every 18 months; every year"),
        ("de-DE", "jede Stunde; alle 2 Arbeitstage; alle 6 Wochen; jeden Monat; alle 18 Monate; jedes Jahr"),
        (
            "fr-FR",
            "chaque heure; tous les 2\u{a0}jours ouvrés; toutes les 6\u{a0}semaines; chaque mois; tous les 18\u{a0}mois; chaque année",
        ),
        ("pl-PL", "co godzinę; co 2 dni robocze; co 6 tygodni; co miesiąc; co 18 miesięcy; co rok"),
        ("el-GR", "κάθε ώρα; κάθε 2 εργάσιμες ημέρες; κάθε 6 εβδομάδες; κάθε μήνα; κάθε 18 μήνες; κάθε έτος"),
        ("he-IL", "כל שעה; כל שני ימי עבודה; כל 6 שבועות; כל חודש; כל 18 חודשים; כל שנה"),
        ("ja-JP", "1時間ごと; 2営業日ごと; 6週間ごと; 1か月ごと; 18か月ごと; 1年ごと"),
        ("sw", "1\u{a0}h; 2\u{a0}wd; 6\u{a0}wk; 1\u{a0}mo; 18\u{a0}mo; 1\u{a0}y"),
    ] {
        let say = |text| language(tag).every(&time::Duration::read(text).unwrap());
        let said = ["1 h", "2 working days", "6 weeks", "1 month", "18 months", "1 year"].map(say).join("; ");
        assert_eq!(said, expected, "{tag}");
    }
}

#[test]
fn what_is_known_of_a_date_is_said() {
    for (tag, month, year) in [
        ("en-GB", "March 2026", "2026"),
        ("en-US", "March 2026", "2026"),
        ("de-DE", "März 2026", "2026"),
        ("fr-FR", "mars 2026", "2026"),
        ("pl-PL", "marzec 2026", "2026"),
        ("el-GR", "Μάρτιος 2026", "2026"),
        ("he-IL", "מרץ 2026", "2026"),
        ("ja-JP", "2026年3月", "2026年"),
    ] {
        let say = |text| language(tag).day(time::Day::read(text).unwrap());
        assert_eq!((say("2026-03"), say("2026")), (month.to_owned(), year.to_owned()), "{tag}");
        assert_eq!(say("2026-03-14"), language(tag).date(date(2026, 3, 14)), "{tag}");
    }
}

#[test]
fn a_sentence_says_on_which_day_and_in_which_month() {
    let say = |tag: &str| {
        ["2026-12-08", "2026-12", "2026"].map(|text| language(tag).on(time::Day::read(text).unwrap())).join("; ")
    };
    let said: Vec<String> =
        ["en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-PT", "pl-PL", "cs-CZ", "sv-SE", "da-DK"]
            .iter()
            .map(|tag| say(tag))
            .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    on 8 December 2026; in December 2026; in 2026
    am 8. Dezember 2026; im Dezember 2026; 2026
    le 8 décembre 2026; en décembre 2026; en 2026
    el 8 de diciembre de 2026; en diciembre de 2026; en 2026
    l’8 dicembre 2026; a dicembre 2026; nel 2026
    op 8 december 2026; in december 2026; in 2026
    em 8 de dezembro de 2026; em dezembro de 2026; em 2026
    8 grudnia 2026; w grudniu 2026; w 2026 roku
    8. prosince 2026; v prosinci 2026; v roce 2026
    den 8 december 2026; i december 2026; 2026
    den 8. december 2026; i december 2026; i 2026
    "#);
}

#[test]
fn periods_say_once_what_both_ends_have() {
    let said = |tag: &str| {
        let say = |text| language(tag).period(Period::read(text).unwrap());
        [
            "2026-01-01/2026-03-31",
            "2026-03-01/2026-03-14",
            "2025-12-01/2026-01-31",
            "2026-01/2026-03",
            "2025/2027",
            "2026-03/2026-04-10",
        ]
        .map(say)
        .join("; ")
    };
    for (tag, expected) in [
        (
            "en-GB",
            "1 January to 31 March 2026; 1 to 14 March 2026; 1 December 2025 to 31 January 2026; January to March 2026; 2025 to 2027; March 2026 to 10 April 2026",
        ),
        (
            "en-US",
            "January 1 to March 31, 2026; March 1 to March 14, 2026; December 1, 2025 to January 31, 2026; January to March 2026; 2025 to 2027; March 2026 to April 10, 2026",
        ),
        (
            "de-DE",
            "1. Januar bis 31. März 2026; 1. bis 14. März 2026; 1. Dezember 2025 bis 31. Januar 2026; Januar bis März 2026; 2025 bis 2027; März 2026 bis 10. April 2026",
        ),
        (
            "fr-FR",
            "1 janvier – 31 mars 2026; 1 – 14 mars 2026; 1 décembre 2025 – 31 janvier 2026; janvier – mars 2026; 2025 – 2027; mars 2026 – 10 avril 2026",
        ),
        (
            "pl-PL",
            "1 stycznia – 31 marca 2026; 1 – 14 marca 2026; 1 grudnia 2025 – 31 stycznia 2026; styczeń – marzec 2026; 2025 – 2027; marzec 2026 – 10 kwietnia 2026",
        ),
        (
            "el-GR",
            "1 Ιανουαρίου – 31 Μαρτίου 2026; 1 – 14 Μαρτίου 2026; 1 Δεκεμβρίου 2025 – 31 Ιανουαρίου 2026; Ιανουάριος – Μάρτιος 2026; 2025 – 2027; Μάρτιος 2026 – 10 Απριλίου 2026",
        ),
        (
            "he-IL",
            "1 בינואר – 31 במרץ 2026; 1 – 14 במרץ 2026; 1 בדצמבר 2025 – 31 בינואר 2026; ינואר – מרץ 2026; 2025 – 2027; מרץ 2026 – 10 באפריל 2026",
        ),
        (
            "ja-JP",
            "2026年1月1日～3月31日; 2026年3月1日～14日; 2025年12月1日～2026年1月31日; 2026年1月～3月; 2025年～2027年; 2026年3月～2026年4月10日",
        ),
    ] {
        assert_eq!(said(tag), expected, "{tag}");
    }
    assert_eq!(language("en-GB").period(Period::read("2026").unwrap()), "2026");
}

#[test]
fn ordinals_end_in_the_language() {
    let said = |tag: &str| [1, 2, 3, 11, 23].map(|number| language(tag).ordinal(number)).join(" ");
    assert_eq!(said("en-GB"), "1st 2nd 3rd 11th 23rd");
    assert_eq!(said("de-DE"), "1. 2. 3. 11. 23.");
    assert_eq!(said("fr-FR"), "1er 2e 3e 11e 23e");
    assert_eq!(said("ja-JP"), "第1 第2 第3 第11 第23");
}

#[test]
fn order_is_that_of_the_language() {
    let sorted = |tag: &str, items: &[&str]| {
        let language = language(tag);
        let mut items = items.to_vec();
        items.sort_by(|a, b| language.compare(a, b));
        items.join(" ")
    };
    assert_eq!(sorted("de-DE", &["Zoll", "Ärger", "Apfel"]), "Apfel Ärger Zoll");
    assert_eq!(sorted("sv-SE", &["Zoll", "Ärger", "Apfel"]), "Apfel Zoll Ärger");
    assert_eq!(sorted("pl-PL", &["ławka", "luty", "mama"]), "luty ławka mama");
    let ids = ["A-1", "A-2", "A-10", "A.5.1", "A.5.2", "A.5.10", "B", "R-07"];
    assert_eq!(sorted("en-GB", &ids), ids.join(" "));
    let days = ["2025-12-31", "2026-01-01", "2026-01-10", "2026-11-02"];
    assert_eq!(sorted("de-DE", &days), days.join(" "));
}

#[test]
fn letters_change_as_the_language_has_them() {
    let turkish = language("tr-TR");
    assert_eq!(
        (turkish.capitalise("istanbul"), turkish.lower("ISTANBUL İzmir")),
        ("İstanbul".into(), "ıstanbul izmir".into())
    );
    assert_eq!(language("de-DE").capitalise("ärger"), "Ärger");
    assert_eq!(language("el-GR").lower("ΣΟΦΟΣ"), "σοφος");
    assert_eq!(language("nl-NL").capitalise("ijs"), "IJs");
}

#[test]
fn a_tag_that_is_none_is_told_apart() {
    for (tag, message, help) in [
        ("english", "`english` is no language of the form `en` or `en-GB`", None),
        ("de_DE", "`de_DE` is no language of the form `en` or `en-GB`", Some("write `de-DE`")),
        (
            "en-UK",
            "`en-UK` is no language of the form `en` or `en-GB`: there is no country `UK`",
            Some("did you mean `en-GB`?"),
        ),
        ("xx-DE", "`xx-DE` is no language of the form `en` or `en-GB`: there is no language `xx`", None),
        ("", "`` is no language of the form `en` or `en-GB`", None),
        ("de DE", "`de DE` is no language of the form `en` or `en-GB`", None),
    ] {
        let problem = Language::new(tag).unwrap_err();
        assert_eq!(problem.message, message);
        if help.is_some() {
            assert_eq!(problem.help.as_deref(), help);
        }
    }
    for tag in ["en", "de-Latn-AT", "zh-Hant-TW", "es-419", "fil-PH", "sr-Cyrl"] {
        assert!(Language::new(tag).is_ok(), "{tag}");
    }
    assert_eq!(language("he-IL").direction(), Direction::RightToLeft);
    assert_eq!(language("az-Arab").direction(), Direction::RightToLeft);
    assert_eq!(language("en-GB").direction(), Direction::LeftToRight);
}

#[test]
fn what_a_pack_has_otherwise_goes_before() {
    let formats: Formats = serde_json::from_value(serde_json::json!({
        "date": "d.M.yy", "decimal": "·", "group": "'", "quotes": ["»", "«", "›", "‹"], "words": ["keine", "eine"],
        "durations": {"hour": {"one": "{n} Std.", "other": "{n} Stdn."}},
        "ordinals": {"other": "{n}-te"}, "money": "{amount} {currency}", "currencies": {"EUR": "Euro"},
    }))
    .unwrap();
    let own = Language::with("de-DE", formats.clone()).unwrap();
    assert_eq!(own.date(date(2026, 1, 31)), "31.1.26");
    assert_eq!(own.number("1234.5"), "1'234·5");
    assert_eq!(own.quotes().unwrap().open, "»");
    assert_eq!((own.words(1), own.words(2)), ("eine".into(), "zwei".into()));
    assert_eq!((own.duration(120), own.duration(90)), ("2 Stdn.".into(), "90 Minuten".into()));
    assert_eq!(own.ordinal(3), "3-te");
    assert_eq!(own.money("3.5", "EUR"), "3·50 Euro");
    assert_eq!(serde_json::from_value::<Formats>(serde_json::to_value(&formats).unwrap()).unwrap(), formats);
    let wrong = |json: serde_json::Value| {
        let formats: Formats = serde_json::from_value(json).unwrap();
        let Problem { key, message, .. } = Language::with("de", formats).unwrap_err();
        format!("{}: {message}", key.unwrap_or_default())
    };
    assert_eq!(wrong(serde_json::json!({"date": "d. Monat y"})), "date: `o` is no part of a date in `d. Monat y`");
    assert_eq!(wrong(serde_json::json!({"date": "MMMM y"})), "date: `MMMM y` has not day, month and year");
    assert_eq!(wrong(serde_json::json!({"months": ["Januar"]})), "months: there are 1 months, not 12");
    assert_eq!(wrong(serde_json::json!({"ordinals": {"uno": "1"}})), "ordinals: there is no plural category `uno`");
    assert_eq!(
        wrong(serde_json::json!({"durations": {"hour": {"one": "1"}}})),
        "durations: the form `other` is missing"
    );
    assert_eq!(wrong(serde_json::json!({"durations": {"decade": {}}})), "durations: there is no unit `decade`");
    assert_eq!(
        wrong(serde_json::json!({"money": "{amount}"})),
        "money: the pattern has not `{amount}` and `{currency}`"
    );
}

/// What is read off Unicode's library is what the library says, for every language that it has.
#[test]
fn days_are_those_of_unicode() {
    use icu_datetime::FixedCalendarDateTimeFormatter;
    use icu_datetime::fieldsets::{Y, YM, YMD};
    use icu_datetime::input::Date as Day;

    for tag in [
        "en", "de", "fr", "pl", "el", "he", "ja", "ar-EG", "cs", "da", "es", "fi", "hi", "hr", "id", "it", "ko", "lt",
        "lv", "nb", "nl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh", "zh-Hant", "fa",
        "bn", "eu", "ca",
    ] {
        let id: icu_locale_core::LanguageIdentifier = tag.parse().unwrap();
        let theirs =
            FixedCalendarDateTimeFormatter::<icu_calendar::Gregorian, _>::try_new((&id).into(), YMD::long()).unwrap();
        let months =
            FixedCalendarDateTimeFormatter::<icu_calendar::Gregorian, _>::try_new((&id).into(), YM::long()).unwrap();
        let years =
            FixedCalendarDateTimeFormatter::<icu_calendar::Gregorian, _>::try_new((&id).into(), Y::long()).unwrap();
        for month in 1..=12 {
            let day = Day::try_new_gregorian(2026, month, 24).unwrap();
            let ours = language(tag).date(date(2026, month as i8, 24));
            assert_eq!(ours, theirs.format(&day).to_string(), "{tag}");
            let ours = language(tag).day(time::Day::Month(2026, month as i8));
            assert_eq!(ours, months.format(&day).to_string(), "{tag}");
            let ours = language(tag).day(time::Day::Year(2026));
            assert_eq!(ours, years.format(&day).to_string(), "{tag}");
        }
    }
}

#[test]
fn a_language_is_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Language>();
}
