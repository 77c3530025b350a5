//! Codes F3xx: packs, templates and rules.

use super::codes;

codes! {
}
