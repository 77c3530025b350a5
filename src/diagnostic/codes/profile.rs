//! Codes F2xx: profile and registers.

use super::codes;

codes! {
}
