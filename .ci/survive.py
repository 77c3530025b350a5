"""Checks that what tells Folio where a Word file came from outlives other programs: each document is saved again by
LibreOffice, by LibreOffice through ODT, and by python-docx, and all anchors, values and properties are found again.

Usage: survive.py [--keep FOLDER] FILE.docx...
With --keep the files that were saved stay in a folder each; tests/fixtures/anchors is made so.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

import docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
UNCOUNTED = re.compile(r"[\d\s]")
# What the custom properties are called.
PROPERTIES = ("FolioWorkspace", "FolioDocument", "FolioVersion", "FolioModel")


def marks(path):
    """The anchors with the words that they stand at, how many characters stand in each style of values, the properties."""
    with zipfile.ZipFile(path) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
        properties = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    anchors, values = collections.Counter(), collections.Counter()
    for paragraph in body.iter(f"{W}p"):
        # LibreOffice counts the numbers of references anew.
        text = UNCOUNTED.sub("", "".join(node.text or "" for node in paragraph.iter(f"{W}t")))
        for start in paragraph.iter(f"{W}bookmarkStart"):
            name = start.get(f"{W}name")
            if name.startswith("_f"):
                anchors[name, text] += 1
        for run in paragraph.iter(f"{W}r"):
            style = run.find(f"{W}rPr/{W}rStyle")
            style = "" if style is None else style.get(f"{W}val")
            if style.startswith("FolioValue"):
                for node in run.iter(f"{W}t"):
                    values[style] += len(node.text or "")
    told = {node.get("name"): "".join(node.itertext()) for node in properties}
    return anchors, values, {name: told.get(name) for name in PROPERTIES}


def office(profile, folder, kind, paths):
    """Saves files as another kind into a folder; one start of the program for all."""
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [folder / f"{path.stem}.{kind}" for path in paths]


def main():
    arguments = sys.argv[1:]
    keep = arguments[1] if arguments[:1] == ["--keep"] else None
    paths = [pathlib.Path(path).resolve() for path in arguments[2 if keep else 0 :]]
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        folders = {name: pathlib.Path(keep or place, name).resolve() for name in ("office", "odt", "through-odt", "python")}
        folders["profile"] = pathlib.Path(place, "profile")
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        saved = {"LibreOffice": office(folders["profile"], folders["office"], "docx", paths)}
        texts = office(folders["profile"], folders["odt"], "odt", paths)
        saved["LibreOffice through ODT"] = office(folders["profile"], folders["through-odt"], "docx", texts)
        saved["python-docx"] = [folders["python"] / path.name for path in paths]
        for path, target in zip(paths, saved["python-docx"]):
            docx.Document(str(path)).save(str(target))
        for saver, targets in saved.items():
            for path, target in zip(paths, targets):
                before, after = marks(path), marks(target)
                problems = [f"{what} lost: {lost}" for what, lost in (
                    ("anchors", before[0] - after[0]),
                    ("characters of values", before[1] - after[1]),
                    ("properties", set(before[2].items()) - set(after[2].items())),
                ) if lost]
                if not (before[0] and all(before[2].values())):
                    problems.append("there was nothing to be found")
                failed += bool(problems)
                print("FAIL" if problems else "ok  ", saver, path.stem)
                for problem in problems:
                    print("      ", problem[:600])
    print(f"{len(paths)} documents, {failed} files with losses")
    sys.exit(1 if failed or not paths else 0)


main()
