//! How long the stages take on `examples/northwind`.
//!
//! `cargo bench` prints each; `cargo bench -- --save-baseline before` and `cargo bench -- --baseline before` compare.
//!
//! - `model`: read, derive, check, expand, parse, resolve: every document.
//! - `layout`: one prose document laid out by the typesetter, warm.
//! - `pdf`, `docx`: the same document written, its layout given.
//! - `set`: the whole set in both formats on one thread, nothing written.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use folio::backend::{Backends, Work, Write};
use folio::diagnostic::Sink;
use folio::render::{Request, documents, render};
use folio::typeset::{Fonts, Typesetter, release_memory};
use folio::workspace::Workspace;

fn stages(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind");
    let request = Request { jobs: 1, today: "2026-11-23".into(), dry_run: true, ..Request::default() };
    let Some(workspace) = Workspace::open(&root, &request.shelf, &mut Sink::new()) else { return };
    let Some(set) = documents(&root, &request, &mut Sink::new()) else { return };
    let Some(document) = set.iter().find(|document| document.control.id == "information-security-policy") else {
        return;
    };
    let strings = &workspace.pack.strings;
    let fonts = Arc::new(Fonts::new([]));
    let Ok(typesetter) = Typesetter::new(fonts, &workspace.theme, strings, &workspace.images) else { return };

    criterion.bench_function("model", |bench| bench.iter(|| documents(&root, &request, &mut Sink::new())));
    criterion.bench_function("layout", |bench| {
        bench.iter(|| {
            comemo_cold();
            black_box(typesetter.layout(document).is_ok())
        });
    });
    let Ok(layout) = typesetter.layout(document) else { return };
    let work = Work { document, theme: &workspace.theme, strings, images: &workspace.images };
    for format in Backends::bundled().iter() {
        let write = || match format.write {
            Write::Document(write) => write(&work),
            Write::Pages(write) => write(&work, &layout),
        };
        criterion.bench_function(format.name, |bench| bench.iter(|| black_box(write().is_ok())));
    }
    criterion.bench_function("set", |bench| {
        bench.iter(|| {
            comemo_cold();
            render(&root, &request, &|_, _| {}, &mut Sink::new())
        });
    });
}

/// Makes the typesetter forget what it laid out: that many calls are more than it keeps.
fn comemo_cold() {
    for _ in 0..5 {
        release_memory(1);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = stages
}
criterion_main!(benches);
