//! The `folio` program.

/// Typst makes and drops millions of small pieces: docs/decisions.md has what the system's allocator takes instead.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    folio::cli::run()
}
