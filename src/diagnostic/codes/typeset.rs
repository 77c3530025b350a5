//! Codes F5xx: typesetting and fonts.

use super::codes;

codes! {
}
