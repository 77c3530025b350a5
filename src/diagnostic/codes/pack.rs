//! Codes F3xx: packs, templates and rules.

use super::codes;

codes! {
    PACK_MISSING = "F301" "pack not found" {
        what: "The workspace names a pack that Folio does not have: not embedded, not kept in the workspace, and no folder at the path.",
        why: "Without its pack no document can be rendered.",
        example: "pack: iso27001-2031@^1",
        fix: "Run `folio pack list` to see what there is, or write `pack: {path: …}` with the folder of the pack.",
        kind: Usage,
    }
    PACK_VERSION = "F302" "pack version does not fit" {
        what: "The pack is there, but in no version that the workspace's range allows, or it needs another `folio`.",
        why: "A workspace says which versions it was made for, so that a set does not change unasked.",
        example: "pack: iso27001-2013@^7",
        fix: "Change the range in folio.yaml, or install the version or the `folio` that is named.",
    }
    PACK_FILE = "F303" "pack file missing or unreadable" {
        what: "A file that the pack needs is missing, too large, not UTF-8, or lies outside the pack's folder.",
        why: "A pack must hold all it needs, and nothing in it may reach other files.",
        example: "documents:\n  - ../../secret",
        fix: "Add the file, or name one inside the pack.",
    }
    PACK_MANIFEST = "F304" "mistake in a pack's data" {
        what: "`pack.yaml`, a rules file, topics, the theme, strings or a document's front matter has an unknown, missing or mistyped key.",
        why: "A key that Folio does not know would be ignored, and its author would not notice.",
        example: "kind: polici",
        fix: "Correct the key or value; the message names those that are known.",
    }
    FRONT_MATTER = "F305" "front matter missing or broken" {
        what: "A document does not begin with `---`, its front matter, and `---`.",
        why: "The front matter names the document: number, title, kind and the requirements it satisfies.",
        example: "# Scope",
        fix: "Begin the file with `---`, `number`, `title`, `kind`, `satisfies`, and `---`.",
    }
    PACK_FINAL = "F306" "part is final" {
        what: "A pack or workspace changes a document, block or check that the pack it builds on calls `final`.",
        why: "The author of the base decided that this part must not be weakened: an auditor relies on it.",
        example: "overrides/access-control-policy/approval.md.hbs, where the block is `{{#block \"approval\" final=true}}`",
        fix: "Take the file out; put what you want to add into another block. A final check may only be raised in severity.",
    }
    SCHEMA_LOOSENED = "F307" "schema loosens the engine's" {
        what: "The profile schema of a pack asks for less than the engine does of one of its own keys, or for something else.",
        why: "The engine reads these keys itself: without what it asks for, documents would name nobody, or nothing.",
        example: "\"organisation\": {\"additionalProperties\": true}",
        fix: "Take it out. A pack may add keys to a group of the engine, give other titles and defaults, and ask for more.",
    }
    RULE_SYNTAX = "F310" "rule is not CEL" {
        what: "A `derive`, `checks` or `when` expression cannot be read as CEL.",
        why: "A rule that is not understood computes nothing.",
        example: "value: sites.filter(s s.kind == \"office\")",
        fix: "Correct the expression; https://cel.dev describes the language.",
    }
    RULE_FAILED = "F311" "rule failed" {
        what: "An expression could not be evaluated on this profile, or on any, or gave a value of the wrong kind.",
        why: "A derived value or check that fails would leave a gap.",
        example: "value: scope.exclusions[0].what   # there is none",
        fix: "Do what the help says: guard optional keys with `has(…)` and lists with `size(…) > 0`, and write `string(…)` around what a text is joined with.",
    }
    RULE_TOO_DEEP = "F312" "rule nests too deep" {
        what: "`map`, `filter`, `all` and `exists` may be nested three deep.",
        why: "Each level multiplies the time that a rule may take.",
        example: "a.all(x, b.all(y, c.all(z, d.all(w, true))))",
        fix: "Derive an inner part first and use it as `derived.<id>`.",
    }
    PROPOSAL = "F313" "proposal does not fit the profile" {
        what: "A rule under `propose` names a register or a property that no profile has, or gives a value that the schema does not allow.",
        why: "`folio propose` writes what rules give into a client's registers, which then could not be read.",
        example: "values: {owner: item.lead}   # a name, where the schema asks for the key of a role",
        fix: "Give a value that the schema allows there, or null where there is none to give.",
    }
    TEMPLATE_SYNTAX = "F320" "template does not parse" {
        what: "A template, partial or override is not well-formed Handlebars: an unclosed block, a stray brace.",
        why: "Nothing can be rendered from it.",
        example: "{{#if privacy.personal_data}} … (no {{/if}})",
        fix: "Close the block, or write the brace as text.",
    }
    TEMPLATE_UNKNOWN = "F321" "unknown variable in a template" {
        what: "A template reads a key that neither the profile's schema, the pack's data nor its derived values have; also inside `if` and `each`.",
        why: "`{{#if tpyo}}` would silently never be true.",
        example: "{{#if organisaton.website}}",
        fix: "Correct the name; a near one is suggested. If the key is new, add it to profile.schema.json.",
    }
    TEMPLATE_MISSING = "F322" "value missing in a template" {
        what: "A template prints a key that this profile does not have.",
        why: "A missing value would leave a gap in the document.",
        example: "{{organisation.website}} where the profile has none",
        fix: "Fill the key in the profile, or let the template ask first: `{{#if organisation.website}}`.",
    }
    TEMPLATE_HELPER = "F323" "helper misused" {
        what: "A template calls a helper that does not exist, or with values that it cannot take.",
        why: "The result would be missing from the text.",
        example: "{{date organisation.name}}",
        fix: "See the list of helpers in the pack authors' guide.",
    }
    PARTIAL_MISSING = "F324" "partial not found" {
        what: "A template includes a partial that the pack does not have.",
        why: "Its text would be missing.",
        example: "{{> scop-intro}}",
        fix: "Correct the name, or add `partials/<name>.md.hbs`.",
    }
    PARTIAL_CYCLE = "F325" "partials include one another" {
        what: "A partial includes itself, directly or through others.",
        why: "Expanding it would never end.",
        example: "a.md.hbs: {{> b}}   b.md.hbs: {{> a}}",
        fix: "Break the circle.",
    }
    TEMPLATE_UNSUPPORTED = "F326" "template construct not supported" {
        what: "A template uses a part of Handlebars that packs may not use: `{{{…}}}`, `{{&…}}`, decorators, inline partials, or a partial with parameters.",
        why: "Unescaped values could break a document; the others would lose where a text comes from.",
        example: "{{{organisation.name}}}",
        fix: "Write `{{…}}`; use `{{md …}}` for Markdown that the profile holds; put values into scope with `{{#with}}`.",
    }
    TEMPLATE_TOO_LARGE = "F327" "template or text too large" {
        what: "A template file has more than 64 KB, or the text that one expands to more than 4 MB.",
        why: "The time to read a template grows with the square of its size, and a text of that size is a mistake.",
        example: "{{#each risks}}{{#each @root.assets}}…",
        fix: "Split the template into partials, or print less.",
    }
    PRIVATE_USE = "F328" "private-use character in a template" {
        what: "A template holds a character between U+E000 and U+F8FF.",
        why: "Folio marks values with these characters on their way through Markdown.",
        example: "a bullet pasted from a symbol font",
        fix: "Delete it, or write an ordinary character.",
    }
    TOPIC_UNKNOWN = "F329" "unknown topic" {
        what: "A template cites a topic that `data/topics.yaml` does not have, or a topic names an id that no catalogue has.",
        why: "The citation would be missing.",
        example: "{{cite \"acess-removal\"}}",
        fix: "Correct the topic, or add it to `data/topics.yaml`.",
    }
    LITERAL_ID = "F330" "literal id in a template" {
        what: "A template names a control or clause of the standard by its id.",
        why: "Ids differ between editions; the same text serves both only when it cites by topic.",
        example: "see control A.9.2.6",
        fix: "Write `{{cite \"topic\"}}` and give the topic its ids in `data/topics.yaml`.",
    }
    VERSION_STEP = "F331" "version makes too small a step" {
        what: "A release of a pack changes more than its version says.",
        why: "A workspace that asks for `^1` takes every 1.x: what it relies on may not go within it.",
        example: "1.2.0 to 1.3.0, where a profile key was removed",
        fix: "Raise the version: major when something has gone or asks for more, minor when something came or says something else, patch for words and look.",
    }
    MESSAGE_SYNTAX = "F332" "message cannot be read" {
        what: "An entry of a message table has a brace without its other half, a format that there is not, or a choice without `other`.",
        why: "Text that a message was meant to say would be missing, or show its braces.",
        example: "days: \"{n, plural, one {# day}}\"",
        fix: "Write a slot as `{name}`, a choice as `{n, plural, one {# day} other {# days}}`, a brace that is meant as `'{'`.",
    }
    MESSAGE_UNKNOWN = "F333" "message that no table has" {
        what: "A rule names a message by a key that no `messages/*.yaml` of the pack, or of the packs that it extends, has.",
        why: "The rule would have nothing to say.",
        example: "text('audit.reprot')",
        fix: "Correct the key, or write the message into `messages/`, under `texts`.",
    }
    PROSE = "F334" "words in a rule" {
        what: "A rule has words written out that people are to read: in a label, a reason, a message, an explanation.",
        why: "Rules are the same in every language. A pack in another language would have to copy the rule to change its words.",
        example: "value: 'has(x.due) ? x.due : \"no date yet\"'",
        fix: "Move the words into `messages/`, under `texts`, and name them: `text('no-date')`; those of a check under `checks`, with what its slots hold in `with`.",
    }
    MESSAGE_SLOTS = "F335" "message that does not fit its language or rule" {
        what: "A message has a slot that no rule gives, or lacks a form of number that its language has.",
        why: "It could not be said, or not rightly, for some profiles.",
        example: "days: \"{n, plural, one {# dzień} other {# dni}}\" in Polish, which has `few` and `many` as well",
        fix: "Use the slots that the rule gives, and write every form that is named.",
    }
    UNTRANSLATED = "F336" "text in another language" {
        what: "A pack in one language stands over a pack in another, and takes in something of it that is not translated.",
        why: "Two languages in one document are seen by its reader first, and by its author last.",
        example: "partials/roles.md.hbs of an English base, in a German document",
        fix: "Write the part in the pack's language, under the same name.",
    }
    TERM = "F337" "term off the glossary" {
        what: "A text uses a word that the pack's `glossary.yaml` avoids, or translates a term of the base by another word than the glossary's.",
        why: "One thing under two names is two things to a reader, and to an auditor.",
        example: "avoid: [Risikobesitzer], where a document says `der Risikobesitzer`",
        fix: "Use the glossary's word, or change the glossary.",
    }
    TRANSLATION = "F338" "translation differs from its base" {
        what: "A translated part has other ids than the base's, lacks some, or stands for a text that the base has changed since.",
        why: "Other documents, overrides and rules find a part by its id; a reader of one language would be told less than one of the other.",
        example: "{#sec-ausnahmen} where the base has {#sec-exceptions}",
        fix: "Keep the base's ids; bring what changed up to date, and let `folio pack check --against BASE --accept` note that.",
    }
    LANGUAGES_DIFFER = "F339" "two languages say different facts" {
        what: "A document of one workspace shows a value of the profile, or a figure, in one language and not in the other.",
        why: "Both are to be the same document: a reader of one would know what a reader of the other does not.",
        example: "a deadline of 72 hours that the translation left out",
        fix: "Bring the documents in line, or accept that one says more.",
    }
    UNUSED = "F340" "part that nothing uses" {
        what: "A file of a pack, a derived value, a topic, a font or a word is listed or read by nothing in it.",
        why: "It has to be kept right all the same, and a misspelt use of it looks just like this.",
        example: "partials/old-intro.md.hbs, which no template includes",
        fix: "Delete it, or use it. In a base, another pack that extends it may be the one that does.",
    }
    WHEN_UNREACHABLE = "F341" "condition that decides nothing" {
        what: "The `when` of a document reads nothing of the profile, or came out the same for every fixture.",
        why: "A document that is never made, or made for everybody, has no need of a condition; or no fixture tries the other case.",
        example: "when: '1 > 2'",
        fix: "Take the condition out, correct it, or add a fixture for which it comes out the other way.",
    }
    REFERENCE_UNKNOWN = "F342" "id that no catalogue has" {
        what: "A data table or the profile schema refers to an id, a catalogue or a register that the pack does not have.",
        why: "What it stands for would be missing.",
        example: "a row `A.9.9.9` in a column `control`, beside a catalogue `controls`",
        fix: "Correct the id; a near one is suggested. Or add it to the catalogue.",
    }
    CHECK_UNEXPLAINED = "F343" "check without explanation" {
        what: "A check says nothing in `explain`, or a word or two.",
        why: "Whoever reads the finding wants to know why it matters and what to do.",
        example: "explain: See above.",
        fix: "Write in a sentence or two why it matters, and what to do.",
    }
    TEXT_UNREACHED = "F344" "text that no fixture reaches" {
        what: "No fixture goes this way at an `if`, `unless` or `each`: into it, or past it.",
        why: "Nobody has seen the words that come out there.",
        example: "{{#if sites}}…{{else}}…{{/if}}, where every fixture has sites",
        fix: "Add a fixture that goes this way, or a workspace with `--on`.",
    }
    TEMPLATE_LONG = "F345" "long template" {
        what: "A template file has more than 8 KB.",
        why: "The time to read a template grows with the square of its size, and long files are hard to find one's way in.",
        example: "documents/everything.md.hbs",
        fix: "Move sections into partials: `{{> name}}`.",
    }
    KEY_SPELLING = "F346" "key spelt unlike its neighbours" {
        what: "A key, id or topic is one letter away from another in the same place, or is written in another style than the others.",
        why: "Two names for one thing make half of the templates read the wrong one.",
        example: "`access-removal` and `acess-removal` among the topics",
        fix: "Use one of the two everywhere; if both are meant, give them names that differ more.",
    }
    RULE_UNKNOWN = "F347" "unknown name in a rule" {
        what: "A rule calls a function that does not exist, or reads a key that neither the profile's schema, the pack's data nor its derived values have, or a derived value that is computed only after it.",
        why: "It would fail, or with `has(…)` silently never be true.",
        example: "value: organisaton.name",
        fix: "Correct the name; a near one is suggested. If the key is new, add it to profile.schema.json; if it is a derived value that stands below, move that up.",
    }
    WORDS_MISSING = "F355" "words of the language missing" {
        what: "Documents of the pack need words that Folio does not have in the pack's language, and `strings.yaml` does not give them: a form for a number, the state of a draft, what stands below what.",
        why: "Until they are given, a sign stands in their place, another number's form, or nothing.",
        example: "a pack in Polish whose `review_after_approval` has `one` and `many`, and no `few`",
        fix: "Write the keys that are named into `strings.yaml`.",
    }
    FIXTURE_MISSING = "F348" "pack without a fixture" {
        what: "The pack has no folder in `fixtures/`.",
        why: "Nothing of it is rendered here, so most mistakes would be found by those who use it.",
        example: "a pack without `fixtures/small/profile.yaml`",
        fix: "Add `fixtures/<name>/` with folio.yaml (without `pack`) and profile.yaml, then run `folio pack test --accept`.",
    }
    FIXTURE_DIFFERS = "F349" "document not as expected" {
        what: "A document of a fixture is not what `expected/` holds, is not expected yet, or is expected and not made.",
        why: "A change of the pack changes what it says; somebody should have read it.",
        example: "a word changed in a partial that three documents include",
        fix: "Read the difference. When it is meant, `folio pack test --accept` takes it over.",
    }
    TEXT_IN_ROW = "F350" "text of several lines in a row of a table" {
        what: "A partial, or a text in place of a block, has several lines and stands in a row of a table.",
        why: "A row is one line; the table would end in the middle of it.",
        example: "| {{id}} | {{> state}} |, where partials/state.md.hbs has two lines",
        fix: "Write the text as one line, with `<br>` where a cell needs a new one. The line end at the end of the file does no harm.",
    }
    SET_AMBIGUOUS = "F351" "two documents of one number or title" {
        what: "Two documents of a pack, with those that it extends, have the same number or the same title.",
        why: "References print number and title: nobody could tell which of the two is meant.",
        example: "number: P-1, in documents/visitors.md.hbs and in documents/equipment.md.hbs",
        fix: "Give one of them another number and title in its front matter.",
    }
    STARTER = "F352" "starter missing or not rendered" {
        what: "The pack has no `starter/`, or a workspace that `folio new` makes of it, or of a starter by name, does not render, or takes samples for true.",
        why: "`folio new` is how most people meet a pack, and what it lays down should be rendered before anything is changed.",
        example: "starter/profile.yaml without a key that the schema requires",
        fix: "Add `starter/folio.yaml` and `starter/profile.yaml`, or correct what the message names.",
    }
    VALUES_UNSEEN = "F353" "values that no fixture has" {
        what: "No fixture has a row of a list, a value that can be chosen, or a key that need not be there.",
        why: "What the pack says and finds for them has been seen by nobody.",
        example: "a register `incidents` that is empty in every fixture",
        fix: "Let one of the fixtures have them; a fixture with every register filled is a good habit.",
    }
    PACK_UNCHECKED = "F354" "pack with mistakes" {
        what: "`pack check` finds errors in a pack that is to be archived or signed, or an archive says that its mistakes were passed over.",
        why: "Whoever installs it would be stopped by what its author could have seen.",
        example: "folio pack build my-pack, where a template reads a key that there is not",
        fix: "Correct what is listed. `--unchecked` passes over it, and the archive then says so.",
    }
    SILENCE_SPEAKS = "F356" "text that silence says" {
        what: "A template has words in a way of an `if`, `unless` or `each` that it also goes when nobody has recorded the fact that it asks for.",
        why: "What nobody said would stand in the document as a fact.",
        example: "{{#if suppliers}}…{{else}}We have no suppliers.{{/if}}",
        fix: "Ask with `{{#known x}}` and `{{else none x}}`; or write `{{#either x}}` where both ways hold whatever the fact is.",
    }
    UNIVERSAL = "F357" "sentence about all or none" {
        what: "A sentence of a template holds a word that speaks of all or of none, as `universal` of the pack's `strings.yaml` lists them, no word of a duty, and stands in no `known` or `none`.",
        why: "It is true only where somebody has recorded the fact of each one.",
        example: "Every metric has a source.",
        fix: "Derive it from recorded facts and ask with `{{#known}}`, make a duty of it, or say less.",
    }
    DEFAULT_UNREASONED = "F358" "default without a reason" {
        what: "The schema gives a default that somebody has to decide, and no `x-folio-why`.",
        why: "Drafts list it as proposed, and whoever decides would ask why this figure.",
        example: "\"retention\": {\"type\": \"string\", \"default\": \"90 days\"}",
        fix: "Give `x-folio-why`, one sentence; or `\"x-folio-decision\": false` where nobody has to decide it.",
    }
    FIXTURE_SILENT = "F359" "no fixture that says nothing" {
        what: "The pack has no fixture `silent`: a profile with no more than the schema demands.",
        why: "Only such a profile shows what documents say of what nobody said.",
        example: "fixtures/remote alone",
        fix: "Add `fixtures/silent` with the least profile that validates, and read its documents sentence by sentence.",
    }
    VALUE_CHANGED = "F363" "value with a capital of the text's" {
        what: "A text prints a value of the profile with a capital letter that it has not itself, and the schema does not say that it may.",
        why: "A name stands as its owner writes it: `acme-prod` is another system than `Acme-prod`.",
        example: "{{cap name}} runs on two servers.",
        fix: "Build the sentence so that the value need not stand first; or say `\"x-folio-cap\": true` of what is a common noun.",
    }
    KEY_WORDS = "F364" "key without words" {
        what: "Keys of the profile have no title, or no description, in the pack's schema.",
        why: "Whoever fills a profile in reads nothing else of them: in an editor, in questions, in `folio schema --markdown`.",
        example: "\"exit_days\": {\"type\": \"integer\"}",
        fix: "Give each key a title of a few words, and a description that says what to write.",
    }
    MIGRATION_MISSING = "F360" "no way from one pack to another" {
        what: "A workspace is to move to a pack that has no `migrations/<id>.yaml` for the pack it has, or one for other versions of it.",
        why: "Without it nobody could say what becomes of a decision; guessing would lose some.",
        example: "folio migrate clients/acme --to iso27001-2031",
        fix: "Move to one of the packs that are named, or have the author of the pack write the migration.",
    }
    MIGRATION = "F361" "mistake in a migration" {
        what: "`migrations/<id>.yaml` or a table that it names has an unknown key, an id that its catalogue does not have, or a column or rule that does not fit the register.",
        why: "What is written wrong would send decisions to the wrong place.",
        example: "A.9.9.9,A.5.15",
        fix: "Correct it; the message names what is known.",
    }
    MIGRATION_EDIT = "F362" "file cannot be rewritten in place" {
        what: "A value that has to change stands behind an anchor or alias that something else needs as it is, or in a register without a column for it.",
        why: "Comments and order of your files are kept; where that cannot be done, nothing is changed.",
        example: "- &base {control: A.9.1.1, …}\n- {<<: *base, control: A.9.1.2}",
        fix: "Write the value out in place of the alias, or add the column, and run again.",
    }
    PACK_ARCHIVE = "F370" "archive refused" {
        what: "A pack's archive is damaged, or holds something that a pack may not: a path that leads out of it, a name that some system cannot hold or that stands twice, a link, an encrypted or oversized file, too many files.",
        why: "An archive comes from somebody else; what it says of itself is not believed.",
        example: "../../.profile in an archive",
        fix: "Have its author make it with `folio pack build`, which leaves such things out or names them.",
    }
    PACK_UNSIGNED = "F371" "pack is not signed" {
        what: "A pack that is to be installed has no signature beside it: `<archive>.minisig`. A folder never has one.",
        why: "A pack writes the words that an organisation is held to. Whoever can change it on its way can change them.",
        example: "folio pack install acme-1.0.0-0123456789ab.zip",
        fix: "Get the signature from where the pack came from, or have the author sign it with `folio pack sign`. `--allow-unsigned` installs it all the same.",
    }
    PACK_SIGNATURE = "F372" "signature does not hold" {
        what: "The signature is damaged, was made of other bytes, or its trusted comment names another pack, version or digest.",
        why: "The archive is not what was signed: it was altered, or the signature belongs to another one.",
        example: "one byte of the archive changed after `folio pack sign`",
        fix: "Get the archive and its signature anew from their author.",
    }
    PACK_UNTRUSTED = "F373" "key is not trusted for this pack" {
        what: "The pack is signed, by a key that the trust file does not have, or that may not sign packs of this id.",
        why: "Anybody can make a key; yours is the decision whose packs to use.",
        example: "a pack signed by a colleague whose key was never added",
        fix: "When you know whose key it is: `folio pack trust add PUBKEY --for ID`.",
    }
    PACK_INDEX = "F374" "index not usable" {
        what: "The index of packs is no JSON of format 1, or an archive that it names is not the one that it describes.",
        why: "What is installed must be what the index promises.",
        example: "{\"format\": 1, \"packs\": [{\"id\": \"acme\"}]}",
        fix: "Have whoever keeps the index write `id`, `version`, `file`, `sha256` and `sig` of each pack.",
    }
    PACK_FETCH = "F375" "download failed" {
        what: "A file could not be fetched: no connection, no certificate that is trusted, a redirect away from https, an error of the server, or more bytes than allowed.",
        why: "Nothing is installed in part.",
        example: "folio pack install acme --index http://example.org/packs/",
        fix: "Try the address in a browser. Behind a proxy with a certificate of its own, name that with `--ca FILE`.",
        kind: InputOutput,
    }
    PACK_ALTERED = "F376" "installed pack altered" {
        what: "An archive in the folder of installed packs is not what its name says: the digest in the name is not that of its files.",
        why: "It was changed after it was installed, and is not used.",
        example: "acme-1.0.0-0123456789ab.zip with an edited document",
        fix: "Delete the file and install the pack again.",
    }
    PACK_INSTALLED = "F377" "version installed with other content" {
        what: "The same version of the pack is installed, with other files.",
        why: "Two packs of one version cannot be told apart by name, and a workspace would get the one or the other.",
        example: "folio pack install acme-1.0.0-89abcdef0123.zip, while acme-1.0.0-0123456789ab.zip is installed",
        fix: "Give the pack a new version. `--replace` puts it in the place of the other.",
    }
    KEY = "F378" "key not usable" {
        what: "A key file is no key of minisign, its password is wrong, or a new key would overwrite one.",
        why: "Nothing can be signed or verified with it; a secret key that is overwritten is lost.",
        example: "folio pack sign acme.zip --key minisign.pub",
        fix: "Name the secret key (`.key`) to sign, the public one (`.pub`, or its second line) to verify. `folio pack key` makes both.",
        kind: Usage,
    }
    TRUST = "F379" "mistake in the trust file" {
        what: "The trust file has an unknown, missing or mistyped key, or a line that is no public key.",
        why: "A key that is not understood trusts nobody, or too many.",
        example: "keys: [{id: acme, pack: acme-*}]",
        fix: "Each of `keys` has `id`, `key` and `packs`, and may have a `comment`.",
        kind: Usage,
    }
    RULE_TOO_LONG = "F380" "rule runs too long" {
        what: "A rule handles more values than a rule may: lists that are gone through inside one another, or values that grow.",
        why: "A rule must end soon on any profile, also on a large one and whoever wrote the pack.",
        example: "risks.map(r, assets.map(a, controls.filter(c, c.id in a.controls)))   # with thousands of rows",
        fix: "Join lists with `group_by` or `index_by`, or derive an inner part first.",
    }
    TEMPLATE_TOO_LONG = "F381" "template runs too long" {
        what: "A template takes more steps than a document may: loops inside loops over long lists, or partials that include partials many times over.",
        why: "A document must be done soon, also one that prints nothing for most of its rows.",
        example: "{{#each assets}}{{#each ../assets}}{{#each ../../assets}}…",
        fix: "Derive in a rule what the loops look for, and go over that.",
    }
    PACK_TOO_LARGE = "F382" "pack too large" {
        what: "A pack has more data, rules, documents, or a larger schema than any real pack has.",
        why: "Reading it would take memory and time without end.",
        example: "a data file of 3 KB whose aliases stand for millions of values",
        fix: "Take out what no document prints; split a pack that is really so large.",
    }
    PACKS_FOLDER = "F390" "packs folder, or something in it, cannot be used" {
        what: "The folder of installed packs cannot be read, or something in it is no pack that can be used: a link that leads nowhere, a folder, a name that is not UTF-8, another kind of file.",
        why: "What cannot be read is passed over and named, so that a pack that is not found is not taken for one that was never there.",
        example: "acme-1.0.0-0123456789ab.zip, linked to a disk that is not there",
        fix: "Take the file away, or mend it. For a folder that cannot be read, change its permission or name another with `--packs DIR`.",
        kind: InputOutput,
    }
    INDEX_EXPIRED = "F391" "index no longer holds" {
        what: "The index says until when it holds, and that day has passed.",
        why: "Somebody between you and its keeper may be showing an old index, so that you never learn of newer packs; or nobody keeps it any more.",
        example: "{\"format\": 1, \"expires\": \"2026-03-31\", \"packs\": []}, read in April",
        fix: "Ask whoever keeps the index for a new one. `--allow-expired` takes a pack from it all the same.",
    }
    PACK_OLDER = "F392" "older than what was seen before" {
        what: "The index offers only older versions of a pack than one that it offered before, and that was signed by a trusted key.",
        why: "An old version is signed too. Who keeps the newer one back can keep you at mistakes that were mended.",
        example: "acme 1.0.0, from an index that had acme 1.2.0 last month",
        fix: "Ask whoever keeps the index. When the newer version was withdrawn, `--allow-older` installs this one. What was seen stands in `seen.json` beside the folder of installed packs.",
    }
    OVERRIDE_HIDES = "F393" "override hides a change of the pack" {
        what: "A newer pack says something else in a block that the workspace overrides; the override stands in its place, as it was.",
        why: "A duty that the pack now states would be missing from the document, and nothing in the document would show it.",
        example: "overrides/notice/text.md.hbs, where the pack's block `text` now names another duty",
        fix: "Read what changed in the pack's block, and take over into the override what concerns you.",
    }
    FONT_UNLICENSED = "F394" "font without licence" {
        what: "A pack brings font files, and no licence lies beside them: a file such as `OFL.txt` or `LICENSE` in the same folder, or in one of `fonts/` that it stands in.",
        why: "Whoever gets the pack gives the font on, in the pack and in every PDF, and must be able to show that they may.",
        example: "fonts/Lantern-Regular.ttf, and nothing else in `fonts/`",
        fix: "Put the font's licence beside it. Without one that allows to give it on, have each workspace bring the font under `fonts:` in folio.yaml.",
    }
}
