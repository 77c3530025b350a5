//! The output formats: each takes the [`crate::model::Document`] and gives bytes; none knows a path, a clock or
//! another format.

pub mod docx;
