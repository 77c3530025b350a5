//! Codes F1xx: workspace and files.

use super::codes;

codes! {
    NOT_A_WORKSPACE = "F101" "not a workspace" {
        what: "The folder has no `folio.yaml`.",
        why: "It names the pack and the profile; without it there is nothing to render.",
        example: "folio render empty-folder",
        fix: "Name the client's folder, or make one with `folio new DIR`.",
        kind: Usage,
    }
    SETTINGS = "F102" "mistake in folio.yaml" {
        what: "A key of `folio.yaml` is unknown, missing or has a value that it cannot have.",
        why: "A key that Folio does not know would be ignored, and nobody would notice.",
        example: "formts: [docx]",
        fix: "Correct the key or value; the message names those that are known.",
    }
    FILE_UNREADABLE = "F103" "file cannot be read" {
        what: "A file that is named does not exist, is too large, lies outside its folder, or the system refuses it.",
        why: "What it holds would be missing.",
        example: "profile: ../other-client/profile.yaml",
        fix: "Correct the name. Everything that a workspace reads lies in its folder.",
        kind: InputOutput,
    }
    NOT_EMPTY = "F104" "folder is not empty" {
        what: "`folio new` was given a folder that holds something.",
        why: "It never writes over what is there.",
        example: "folio new .",
        fix: "Name a new folder, or empty this one.",
        kind: Usage,
    }
    THEME = "F105" "mistake in a theme" {
        what: "A colour, length, font or part of the theme is unknown, a colour is too light to read on white, a picture is missing, or a header or footer is higher than its margin.",
        why: "It would be ignored, or the text could not be read (WCAG 2.2 asks for a contrast of 4.5:1).",
        example: "theme: {colours: {accent: \"#ffee00\"}}",
        fix: "Correct it; colours are `#rrggbb`, lengths carry a unit such as `10.5pt` or `20mm`. A word alone in a header or footer is a field; `{text: word}` is the word itself.",
    }
    SAMPLE_VALUE = "F106" "sample value" {
        what: "A value, or rows of a register, are as the pack's starter laid them down.",
        why: "Documents that print it carry SAMPLE across their pages.",
        example: "organisation.name: Sample Organisation Ltd",
        fix: "Write the real value or rows: what you change is no sample any more. What is true as it stands is confirmed by taking its line out of `samples` in folio.yaml.",
    }
    REQUIREMENT_MISSING = "F111" "requirement without a document" {
        what: "The standard demands something that no document of the set answers.",
        why: "An auditor asks for each of these by name.",
        example: "satisfies: [clause-9.3] in no document",
        fix: "Have the pack's author add the document, or use a version of the pack that has it.",
    }
    UNKNOWN_DOCUMENT = "F107" "unknown document" {
        what: "A document is named, under `documents` or `skip` or by an override, that the pack does not have.",
        why: "It would be ignored, and nobody would notice.",
        example: "documents: {skip: {isms-scop: nobody reads it}}",
        fix: "Correct the id; `folio pack show` lists them.",
    }
    INTAKE = "F112" "foreign list" {
        what: "`folio intake` cannot take a file as it was asked to, or something of it is not certain.",
        why: "A column that is taken for another would stand in documents under a wrong name.",
        example: "folio intake clients/acme assets.xlsx --write",
        fix: "Answer what is asked by the option that the message shows, or mend the cells that it names.",
    }
    REFUSED_UNKNOWN = "F113" "`refused` names what there is not" {
        what: "A line of `refused` in `folio.yaml` names a register or a property that there is not.",
        why: "The pack would propose again what somebody refused.",
        example: "refused: [supliers.owner]",
        fix: "Name a value `suppliers[S-1].owner`, a row `suppliers[S-1]`, a property `suppliers.owner` or a register `suppliers`.",
    }
    LOGO = "F108" "logo not usable" {
        what: "The logo is missing, is neither SVG, PNG nor JPEG, holds a filter or a link, or is too large.",
        why: "It stands at the head of every page.",
        example: "branding: {logo: logo.tiff}",
        fix: "Save it as SVG without shadows and blurs, as PNG or as JPEG, in the workspace.",
    }
    USAGE = "F109" "option not understood" {
        what: "An option has a value that it cannot have.",
        why: "Folio would do something else than what was meant.",
        example: "folio render --formats odt",
        fix: "See `folio help` for the values.",
        kind: Usage,
    }
    DOCUMENT_CONTROL = "F110" "document control incomplete" {
        what: "A document has no approver, neither of its own nor by default.",
        why: "Who approves it stands on its first page.",
        example: "document_defaults without approver",
        fix: "Fill `document_defaults`, or the document's entry under `documents`.",
    }
}
