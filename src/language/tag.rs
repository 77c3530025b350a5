//! Tags of languages: which there are.

use icu_locale_core::LanguageIdentifier;

use super::Problem;

/// ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is \
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st \
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Of ISO 639-3, those in which Unicode's data has dates.
const MORE: &str = "agq asa asa ast bas bem bez bgc bho blo brx ccp ceb cgg chr ckb csw dav doi dje dsb dua dyo ebu ewo fil fur \
    gsw guz haw hsb jgo jmc kab kam kde kea kgp khq kln kok ksb ksf ksh kxv lag lij lkt lmo luo luy mai mas mer mfe mgh mgo mni \
    mua mzn naq nds nmg nnh nqo nus nyn pcm prg raj rof rwk sah saq sat sbp seh ses shi smn szl teo tok twq tzm vai vec vmw vun \
    wae xnr xog yav yrl yue zgh";

/// ISO 3166-1.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE \
    KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW \
    MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE \
    SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE \
    VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Languages that are written from the right, unless their tag says another script.
const FROM_THE_RIGHT: &str = "ar ckb dv fa he ks mzn nqo ps sd ug ur yi";
/// Scripts that are.
const SCRIPTS_FROM_THE_RIGHT: &str = "Adlm Arab Aran Hebr Mand Nkoo Rohg Samr Syrc Thaa";

/// A tag that is known.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) id: LanguageIdentifier,
}

impl Tag {
    /// That of no language.
    pub(super) fn none() -> Tag {
        Tag { id: LanguageIdentifier::UNKNOWN }
    }

    /// Reads a tag.
    pub(super) fn read(given: &str) -> Result<Tag, Problem> {
        let has = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
        let not = |why: &str| Problem::tag(format!("`{given}` is no language of the form `en` or `en-GB`{why}"));
        if given.contains('_') {
            return Err(Problem { help: Some(format!("write `{}`", given.replace('_', "-"))), ..not("") });
        }
        let id = LanguageIdentifier::try_from_str(given).map_err(|_| not(""))?;
        let language = id.language.as_str();
        if !has(LANGUAGES, language) && !has(MORE, language) {
            return Err(not(&format!(": there is no language `{language}`")));
        }
        if let Some(region) = id.region {
            let region = region.as_str();
            // Three figures are a part of the world: `es-419`.
            let is_part = region.len() == 3;
            if !is_part && !has(COUNTRIES, region) {
                let mut problem = not(&format!(": there is no country `{region}`"));
                problem.help = (region == "UK").then(|| format!("did you mean `{language}-GB`?"));
                return Err(problem);
            }
        }
        Ok(Tag { id })
    }

    /// Whether it is written from the right.
    pub(super) fn is_rtl(&self) -> bool {
        let has = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
        match self.id.script {
            Some(script) => has(SCRIPTS_FROM_THE_RIGHT, script.as_str()),
            None => has(FROM_THE_RIGHT, self.id.language.as_str()),
        }
    }
}
