//! The `folio` program.

fn main() -> std::process::ExitCode {
    folio::cli::run()
}
