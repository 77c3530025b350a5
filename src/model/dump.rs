//! A stable, readable text of a document: what golden tests compare.
