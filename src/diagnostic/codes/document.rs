//! Codes F4xx: parsing and resolving documents.

use super::codes;

codes! {
}
