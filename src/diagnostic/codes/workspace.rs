//! Codes F1xx: workspace and files.

use super::codes;

codes! {
}
