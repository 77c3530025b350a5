"""Checks rendered sets: every DOCX against the Open XML SDK, every PDF against PDF/UA-1 and PDF/A-2a, and that both
formats of a document hold the same words in the same order.

Usage: validate.py OOXML_VALIDATOR FOLDER...
"""

import difflib
import json
import pathlib
import re
import subprocess
import sys
import unicodedata
import zipfile
from xml.etree import ElementTree

import page
from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Marks that one format draws and the other writes: bullets, the marks of states, zero-width breaks.
UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad\u2022\u25aa\u25cf\u25b2\u25a0\u25cb"), None)


def words(text):
    return unicodedata.normalize("NFKC", text).translate(UNSEEN).split()


def docx_words(path):
    """The words of the body; footnotes after it. Automatic numbers are no text of a Word file."""
    body, notes = [], []
    with zipfile.ZipFile(path) as archive:
        for part, found in (("word/document.xml", body), ("word/footnotes.xml", notes)):
            if part not in archive.namelist():
                continue
            for paragraph in ElementTree.fromstring(archive.read(part)).iter(f"{W}p"):
                text = ""
                for node in paragraph.iter():
                    if node.tag == f"{W}t":
                        text += node.text or ""
                    elif node.tag in (f"{W}tab", f"{W}br"):
                        text += " "
                found += words(text)
    return body, notes


def pictured(document):
    """The marked content of figures, as (page, MCID): what a picture shows is no text of a Word file."""
    found = set()

    def walk(element, page, is_figure):
        element = resolve1(element)
        if isinstance(element, list):
            for child in element:
                walk(child, page, is_figure)
        elif isinstance(element, int):
            if is_figure:
                found.add((page, element))
        elif isinstance(element, dict):
            page = element["Pg"].objid if "Pg" in element else page
            kind = getattr(element.get("S"), "name", None)
            if "MCID" in element and is_figure:
                found.add((page, element["MCID"]))
            if "K" in element:
                walk(element["K"], page, is_figure or kind == "Figure")

    root = resolve1(document.catalog.get("StructTreeRoot"))
    walk((root or {}).get("K", []), None, False)
    return found


class Content(PDFLayoutAnalyzer):
    """Collects the characters of a page in the order of its content, without artifacts and pictures."""

    def __init__(self, resources, pictured):
        super().__init__(resources, laparams=None)
        self.marks, self.chars, self.pictured = [], [], pictured

    def begin_tag(self, tag, props=None):
        is_picture = isinstance(props, dict) and (self.pageid, props.get("MCID")) in self.pictured
        self.marks.append("Artifact" if is_picture else tag.name)

    def begin_page(self, page, ctm):
        self.pageid = page.pageid
        super().begin_page(page, ctm)

    def end_tag(self):
        self.marks.pop()

    def render_char(self, *args, **kwargs):
        width = super().render_char(*args, **kwargs)
        if "Artifact" not in self.marks:
            self.chars.append(self.cur_item._objs[-1])
        return width


def pdf_words(path, known):
    """The words in the order of the content. A word that was broken at the end of a line is put together again."""
    found = []
    resources = PDFResourceManager()
    with open(path, "rb") as file:
        document = PDFDocument(PDFParser(file))
        seen_as_pictures = pictured(document)
        for sheet in PDFPage.create_pages(document):
            device = Content(resources, seen_as_pictures)
            PDFPageInterpreter(resources, device).process_page(sheet)
            text, last = "", None
            for char in device.chars:
                if last is not None and (abs(char.y0 - last.y0) > 2 or not -1 < char.x0 - last.x1 < 1):
                    text += " "
                text += char.get_text()
                last = char
            found += words(text)
    joined = []
    begins = {word[:length] for word in known for length in range(1, len(word) + 1)}
    for word in found:
        if joined and joined[-1] not in known and joined[-1] + word in begins:
            joined[-1] += word
        elif joined and joined[-1] not in known and joined[-1].endswith("-") and joined[-1][:-1] + word in begins:
            joined[-1] = joined[-1][:-1] + word  # Parted with a hyphen of its own.
        else:
            joined.append(word)
    return joined


# What Word numbers by itself, and so is no text of the file: headings, lists, notes.
LABEL = re.compile(r"\d+(\.\d+)*\.?|[a-z]\.|[ivx]+\.|\u2013")


def glued(words):
    """The mark of what is proposed belongs to the word before it, also where a reader finds a gap."""
    found = []
    for word in words:
        if found and word == "\u2020":
            found[-1] += word
        else:
            found.append(word)
    return found


def same_words(docx, pdf):
    """Where the two differ beyond labels, footnotes and white space inside a word; none when they do not."""
    left, notes = docx_words(docx)
    left, right = glued(left), glued(pdf_words(pdf, {*left, *notes}))
    problems = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        missing = [word for word in left[a:b] if not LABEL.fullmatch(word)]
        extra = [word for word in right[c:d] if not LABEL.fullmatch(word)]
        if tag == "equal" or "".join(missing) == "".join(extra) or "".join(left[a:b]) == "".join(right[c:d]):
            continue
        digits = "0123456789"
        if "".join(extra).rstrip(digits) == "".join(missing).rstrip(digits):
            continue  # The mark of a footnote.
        if not missing and "".join(extra).lstrip(digits) in "".join(notes):
            continue
        problems.append(f"Word has {' '.join(missing[:12])!r}, PDF has {' '.join(extra[:12])!r} after {' '.join(left[max(0, a - 4):a])!r}")
    return problems


def is_slip(failure, raw):
    """page-validation 0.11 calls a length wrong when the data end in a carriage return, and names no stream when there
    are two of these: measure them all anew, from the end of one to the next."""
    if "STREAM-LENGTH" not in failure.rule_id:
        return False
    stream, measured, position = re.compile(rb"/Length (\d+)\b[^<]*?>>\s*stream\r?\n"), 0, 0
    while start := stream.search(raw, position):
        position = start.end() + int(start.group(1))
        if not raw.startswith(b"\nendstream", position):
            return False
        measured += 1
    return measured == raw.count(b"\nendstream\nendobj")


def main():
    validator, folders = sys.argv[1], [pathlib.Path(folder) for folder in sys.argv[2:]]
    failed = 0
    documents = sorted(path for folder in folders for path in folder.glob("*.docx"))
    for docx in documents:
        pdf = docx.with_suffix(".pdf")
        problems = []
        run = subprocess.run([validator, str(docx)], capture_output=True, text=True)
        answer = json.loads(run.stdout)
        if not answer.get("ok"):
            problems += [f"Open XML SDK: {error}" for error in answer.get("errors", [answer])[:5]]
        for profile in ("ua1", "2a"):
            report = page.validate_pdf(str(pdf), profile=profile)
            failures = [failure for failure in report.failures if not is_slip(failure, pdf.read_bytes())]
            problems += [f"{profile}: {failure.rule_id} {failure.message}" for failure in failures[:5]]
            if not report.is_compliant and not report.failures:
                problems.append(f"{profile}: not compliant")
        problems += same_words(docx, pdf)[:5]
        failed += bool(problems)
        print(("FAIL" if problems else "ok  "), docx.stem)
        for problem in problems:
            print("      ", problem)
    print(f"{len(documents) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not documents else 0)


main()
