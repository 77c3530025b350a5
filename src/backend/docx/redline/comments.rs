//! Comments: why a block or row changed.

use super::super::package::Package;
use super::pen::Pen;

/// Adds the comments of the blocks and rows that have marks.
pub(super) fn add(_pen: &Pen<'_>, _after: &mut Package) {}
