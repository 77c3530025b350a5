//! Codes F6xx: writing outputs.

use super::codes;

codes! {
    OUTPUT_UNWRITABLE = "F601" "output cannot be written" {
        what: "The output folder cannot be made, or a file cannot be written into it: no permission, no space, a folder of that name.",
        why: "Files are prepared beside their targets first; when one fails, none is replaced.",
        example: "out/ belongs to another user, or the disk is full",
        fix: "Free space or change the permission and run again; the previous set is whole.",
        kind: InputOutput,
    }
    OUTPUT_EDITED = "F602" "output was edited by hand" {
        what: "A file in the output folder is not the one that Folio wrote.",
        why: "Somebody's work is never overwritten unasked.",
        example: "ISMS-01 Scope of the ISMS.docx, changed in Word",
        fix: "Move the edits into the profile or an override, or keep the file elsewhere; then run with `--overwrite-edited`.",
    }
    LOCK_BROKEN = "F603" "folio.lock cannot be read" {
        what: "`folio.lock` is not what Folio wrote, or was written by a newer Folio.",
        why: "It says which files are Folio's own; without it nothing may be overwritten.",
        example: "a merge conflict in folio.lock",
        fix: "Take one side of the conflict, restore it from version control, or delete it and move the old outputs away.",
    }
    OUTPUT_TARGET = "F604" "outputs of several workspaces collide" {
        what: "`--out` was given with several workspaces that would write the same file.",
        why: "The second would replace the first.",
        example: "folio render a b --out all",
        fix: "Render them one by one, or leave `--out` away: each writes into its own folder.",
        kind: Usage,
    }
}
