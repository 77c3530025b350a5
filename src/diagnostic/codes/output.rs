//! Codes F6xx: writing outputs.

use super::codes;

codes! {
}
